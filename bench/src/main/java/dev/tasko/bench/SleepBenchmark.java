package dev.tasko.bench;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.task.CoroutineEngine;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Tasks that sleep and wake: the timer, the switch and the turn together. One call makes `perCall`
/// of them, one for each task.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class SleepBenchmark {
  private static final long SLEEP_NS = 1_000_000;

  /// How the task is suspended.
  @Param({"CONTINUATION", "BATON"})
  public String peer;

  /// Tasks.
  @Param({"1", "100"})
  public int perCall;

  private final ManualClock clock = new ManualClock();
  private Loop loop;
  private long wakes;

  /// For JMH.
  public SleepBenchmark() {}

  /// Starts the tasks.
  @Setup
  public void setup() {
    CoroutineEngine engine = CoroutineEngine.valueOf(peer);
    loop = new Loop(new LoopConfig().clock(clock).engine(engine).strict(false));
    for (int i = 0; i < perCall; i++) {
      loop.addTask(this::sleepForEver);
    }
    loop.doWork();
  }

  private void sleepForEver() {
    while (true) {
      loop.sleepNs(SLEEP_NS);
      wakes++;
    }
  }

  /// Closes the loop.
  @TearDown
  public void tearDown() {
    loop.close();
  }

  /// Wakes each task, which goes back to sleep.
  ///
  /// @return wakes so far
  @Benchmark
  public long sleepWake() {
    clock.nowNs += SLEEP_NS;
    loop.doWork();
    return wakes;
  }
}
