package dev.tasko.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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

/// [Sparse]: what ten timers cost in an hour, polls that find nothing included.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class SparseBenchmark {
  /// The ten timers.
  @State(Scope.Thread)
  public static class Timers {
    /// The engine; none is sized for a revolution of an hour.
    @Param({"tasko", "agrona", "heap4", "pq", "kafka", "caffeine"})
    public String peer;

    private Sparse sparse;

    /// For JMH.
    public Timers() {}

    /// Makes an empty queue.
    @Setup
    public void setup() {
      sparse = new Sparse(peer);
    }

    /// Ends the engine.
    @TearDown
    public void tearDown() {
      sparse.close();
    }
  }

  /// How the hour went.
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Hour {
    /// Polls.
    public long wakes;

    /// The greatest.
    public long maxLatenessNs;

    private Sparse sparse;

    /// For JMH.
    public Hour() {}

    /// Knows the timers.
    ///
    /// @param timers whose hour it is
    @Setup
    public void setup(Timers timers) {
      sparse = timers.sparse;
    }

    /// Counts.
    @TearDown(Level.Iteration)
    public void count() {
      wakes = sparse.wakes();
      maxLatenessNs = sparse.maxLatenessNs();
    }
  }

  /// For JMH.
  public SparseBenchmark() {}

  /// One hour.
  ///
  /// @param hour of the timers
  /// @return polls
  @Benchmark
  public long hour(Hour hour) {
    return hour.sparse.hour();
  }
}
