package dev.tasko.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// Timers that come due in the same nanosecond: how long the one poll takes that fires them all.
/// What one timer of it costs is in [BulkBenchmark] with equal deadlines, and whether they fire in
/// the order of their arming in the completeness check.
@SuppressWarnings("NullAway.Init") // JMH calls setUp first
public class BurstBenchmark extends PeerBenchmark {
  private static final long LATE_NS = 20_000_000;

  /// Timers.
  @Param({"1000", "10000", "100000"})
  public int live;

  private Bulk bulk;

  /// For JMH.
  public BurstBenchmark() {}

  @Override
  AutoCloseable open(String method) {
    bulk = new Bulk(peer, live, "equal");
    return bulk;
  }

  /// Schedules all.
  @Setup(Level.Invocation)
  public void fill() {
    bulk.drain();
    bulk.fill();
  }

  /// The poll in which all are due.
  ///
  /// @return timers fired
  @Benchmark
  @BenchmarkMode(Mode.SampleTime)
  public int burst() {
    return bulk.poll(LATE_NS);
  }
}
