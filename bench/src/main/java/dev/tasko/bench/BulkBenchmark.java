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

/// Many timers scheduled, all of them fired, and both together, with a poll at every millisecond.
/// One call handles as many as parameter `perCall` says, and the report divides by it.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class BulkBenchmark {
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

  /// How deadlines lie: `spread` over 1 to 30 s, `skewed` (nine in ten within 0.1 s), or all
  /// `equal`, in 10 ms.
  @Param({"spread", "skewed", "equal"})
  public String deadlines;

  /// Timers.
  @Param({"1000", "10000", "100000", "1000000", "10000000"})
  public int perCall;

  private Bulk bulk;

  /// An empty queue before each call.
  @State(Scope.Thread)
  public static class Emptied {
    /// For JMH.
    public Emptied() {}

    /// Fires what the last call scheduled.
    ///
    /// @param benchmark has the queue
    @Setup(Level.Invocation)
    public void drain(BulkBenchmark benchmark) {
      benchmark.bulk.drain();
    }
  }

  /// A full queue before each call.
  @State(Scope.Thread)
  public static class Filled {
    /// For JMH.
    public Filled() {}

    /// Schedules anew what the last call fired.
    ///
    /// @param benchmark has the queue
    @Setup(Level.Invocation)
    public void fill(BulkBenchmark benchmark) {
      benchmark.bulk.fill();
    }
  }

  /// For JMH.
  public BulkBenchmark() {}

  /// Makes an empty queue.
  @Setup
  public void setup() {
    bulk = new Bulk(peer, perCall, deadlines);
  }

  /// Ends the engine.
  @TearDown
  public void tearDown() {
    bulk.close();
  }

  /// Fills.
  ///
  /// @param emptied the queue
  /// @return the number of timers
  @Benchmark
  public long fill(Emptied emptied) {
    return bulk.fill();
  }

  /// Drains.
  ///
  /// @param filled the queue
  /// @return a sum over all payloads
  @Benchmark
  public long drain(Filled filled) {
    return bulk.drain();
  }

  /// Fills and drains.
  ///
  /// @return a sum over all payloads
  @Benchmark
  public long fillDrain() {
    bulk.fill();
    return bulk.drain();
  }
}
