package dev.tasko.bench;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.task.Body;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// A time limit that does not come: begun and ended around next to nothing, a thousand times, and
/// then one yield.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class TimeLimitBenchmark {
  private static final int BATCH = 1000;
  private static final long LIMIT_NS = 1_000_000_000;

  private Loop loop;
  private long blocks;

  /// For JMH.
  public TimeLimitBenchmark() {}

  /// Starts the task.
  @Setup
  public void setup() {
    loop = new Loop(new LoopConfig().clock(new PricedClock()).strict(false));
    Body block = () -> blocks++;
    loop.addTask(() -> {
      while (true) {
        for (int i = 0; i < BATCH; i++) {
          loop.timeoutNs(LIMIT_NS, block);
        }
        loop.yieldNow();
      }
    });
    loop.doWork();
  }

  /// Closes the loop.
  @TearDown
  public void tearDown() {
    loop.close();
  }

  /// Begins a limit and ends it.
  ///
  /// @return blocks run so far
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public long timeLimit() {
    loop.doWork();
    return blocks;
  }
}
