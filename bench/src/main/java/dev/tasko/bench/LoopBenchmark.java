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

/// Turns of a loop of periodic callbacks. The clock advances by one period before each turn, so
/// every callback is due in every turn. One call serves `perCall` callbacks.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class LoopBenchmark {
  private static final double RATE_HZ = 1000;
  private static final long PERIOD_NS = 1_000_000;

  /// Callbacks.
  @Param({"1", "1000"})
  public int perCall;

  /// Whether all are due at the same nanosecond, or each at its own.
  @Param({"equal", "spread"})
  public String phases;

  private final ManualClock clock = new ManualClock();
  private Loop loop;
  private long calls;

  /// For JMH.
  public LoopBenchmark() {}

  /// Makes the loop and anchors the phases.
  @Setup
  public void setup() {
    loop = new Loop(new LoopConfig().clock(clock).strict(false));
    for (int i = 0; i < perCall; i++) {
      loop.scheduleCallback(RATE_HZ, () -> calls++);
      if (phases.equals("spread")) {
        loop.doWork();
        clock.nowNs += PERIOD_NS / perCall;
      }
    }
    loop.doWork();
  }

  /// Closes the loop.
  @TearDown
  public void tearDown() {
    loop.close();
  }

  /// One turn in which every callback runs.
  ///
  /// @return callbacks run so far
  @Benchmark
  public long turn() {
    clock.nowNs += PERIOD_NS;
    loop.doWork();
    return calls;
  }
}
