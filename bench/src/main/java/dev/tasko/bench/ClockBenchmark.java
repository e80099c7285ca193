package dev.tasko.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/// The unit in which a controller pays: one reading of the system's clock.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ClockBenchmark {
  /// For JMH.
  public ClockBenchmark() {}

  /// Reads the clock.
  ///
  /// @return the time
  @Benchmark
  public long nanoTime() {
    return System.nanoTime();
  }
}
