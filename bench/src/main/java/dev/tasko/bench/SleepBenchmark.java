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

/// Tasks that sleep and wake: the timer, the switch and the turn together. One call wakes each of
/// `perCall` tasks once, each at a deadline of its own. Virtual threads are no peers here: their
/// sleep is in real time, and one short enough to be always due does not suspend.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class SleepBenchmark {
  private static final long PERIOD_NS = 1_000_000;
  private static final int TRIAL_TASKS = 1_000;
  private static final int TRIAL_WAKES = 300;

  /// How the task is suspended.
  @Param({"CONTINUATION", "BATON"})
  public String peer;

  /// Tasks.
  @Param({"1", "1000", "100000"})
  public int perCall;

  private final PricedClock clock = new PricedClock();
  private Runnable wakeEach;
  private Runnable end;
  private long wakes;

  /// For JMH.
  public SleepBenchmark() {}

  /// Starts the tasks, after a trial of another loop: a task that was suspended in code which has
  /// been compiled again since goes on in the interpreter for as long as it stays in the same call.
  @Setup
  public void setup() {
    start(Math.min(perCall, TRIAL_TASKS));
    for (int i = 0; i < TRIAL_WAKES; i++) {
      wakeEach.run();
    }
    end.run();
    start(perCall);
  }

  private void start(int tasks) {
    CoroutineEngine engine = CoroutineEngine.valueOf(peer);
    LoopConfig config = new LoopConfig().clock(clock).engine(engine).strict(false);
    Loop loop = new Loop(config.taskCapacity(tasks));
    for (int i = 0; i < tasks; i++) {
      long delayNs = PERIOD_NS - i * PERIOD_NS / tasks;
      loop.addTask(() -> {
        while (true) {
          loop.sleepNs(delayNs);
          wakes++;
        }
      });
    }
    loop.doWork();
    wakeEach =
        () -> {
          clock.nowNs += PERIOD_NS;
          loop.doWork();
        };
    end = loop::close;
  }

  /// Ends the tasks.
  @TearDown
  public void tearDown() {
    end.run();
  }

  /// Wakes each task, which goes back to sleep.
  ///
  /// @return wakes so far, or nearly so
  @Benchmark
  public long sleepWake() {
    wakeEach.run();
    return wakes;
  }
}
