package dev.tasko.bench;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
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

/// A turn in which there is nothing to do.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class EmptyTurnBenchmark {
  /// Tasks that sleep for a year; with one the loop has to look at the clock, at its price.
  @Param({"0", "1000"})
  public int sleepers;

  private Loop loop;

  /// For JMH.
  public EmptyTurnBenchmark() {}

  /// Makes the loop.
  @Setup
  public void setup() {
    loop = new Loop(new LoopConfig().clock(new PricedClock()).strict(false));
    for (int i = 0; i < sleepers; i++) {
      loop.callAt(loop.nowNs() + TimeUnit.DAYS.toNanos(365), () -> {});
    }
    loop.doWork();
  }

  /// Closes the loop.
  @TearDown
  public void tearDown() {
    loop.close();
  }

  /// One turn.
  ///
  /// @return 0
  @Benchmark
  public int emptyTurn() {
    return loop.doWork();
  }
}
