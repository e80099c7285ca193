package dev.tasko.bench;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.wakeup.Interrupt;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// An interrupt fired on the loop's own thread.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class FireBenchmark {
  private Loop loop;
  private Interrupt interrupt;
  private long taken;

  /// For JMH.
  public FireBenchmark() {}

  /// Starts the waiting task.
  @Setup
  public void setup() {
    loop = new Loop(new LoopConfig().clock(new ManualClock()).strict(false));
    interrupt = loop.interrupt("benchmark");
    loop.addTask(this::takeForEver);
    loop.doWork();
  }

  private void takeForEver() {
    while (true) {
      taken += interrupt.await();
    }
  }

  /// Closes the loop.
  @TearDown
  public void tearDown() {
    loop.close();
  }

  /// Fires, and lets the task run until it waits again.
  ///
  /// @return firings taken so far
  @Benchmark
  public long fireSameThread() {
    interrupt.fire();
    loop.doWork();
    return taken;
  }
}
