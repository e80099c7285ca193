package dev.tasko.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Timers that come due in the same nanosecond: how long the one poll takes that fires them all.
/// What one timer of it costs is in [BulkBenchmark] with equal deadlines, and whether they fire in
/// the order of their arming in the completeness check.
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class BurstBenchmark {
  private static final long LATE_NS = 20_000_000;

  /// The engine.
  @Param({
    "tasko",
    "agrona",
    "agrona:default=true",
    "agrona:best=true",
    "agrona:map=true",
    "heap4",
    "pq",
    "kafka",
    "caffeine"
  })
  public String peer;

  /// Timers.
  @Param({"1000", "10000", "100000"})
  public int live;

  private Bulk bulk;

  /// For JMH.
  public BurstBenchmark() {}

  /// Makes an empty queue.
  @Setup
  public void setup() {
    bulk = new Bulk(peer, live, "equal");
  }

  /// Schedules all.
  @Setup(Level.Invocation)
  public void fill() {
    bulk.drain();
    bulk.fill();
  }

  /// Ends the engine.
  @TearDown
  public void tearDown() {
    bulk.close();
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
