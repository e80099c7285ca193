package dev.tasko.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// Many timers scheduled, all of them fired, and both together, with a poll at every millisecond.
/// One call handles as many as parameter `perCall` says, and the report divides by it.
///
/// JMH makes a state anew wherever it is injected, so what prepares a call and what is measured
/// share one by inheritance.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setUp first
public class BulkBenchmark {
  /// The queue.
  public static class Queue extends PeerBenchmark {
    /// How deadlines lie: `spread` over 1 to 30 s, `skewed` (nine in ten within 0.1 s), or all
    /// `equal`, in 10 ms.
    @Param({"spread", "skewed", "equal"})
    public String deadlines;

    /// Timers.
    @Param({"1000", "10000", "100000", "1000000", "10000000"})
    public int perCall;

    Bulk bulk;

    /// For JMH.
    public Queue() {}

    @Override
    AutoCloseable open(String method) {
      bulk = new Bulk(peer, perCall, deadlines);
      return bulk;
    }
  }

  /// An empty queue before each call.
  public static class Emptied extends Queue {
    /// For JMH.
    public Emptied() {}

    /// Fires what the last call scheduled.
    @Setup(Level.Invocation)
    public void drain() {
      bulk.drain();
    }
  }

  /// A full queue before each call.
  public static class Filled extends Queue {
    /// For JMH.
    public Filled() {}

    /// Schedules anew what the last call fired.
    @Setup(Level.Invocation)
    public void fill() {
      bulk.fill();
    }
  }

  /// For JMH.
  public BulkBenchmark() {}

  /// Fills.
  ///
  /// @param queue empty
  /// @return the number of timers
  @Benchmark
  public long fill(Emptied queue) {
    return queue.bulk.fill();
  }

  /// Drains.
  ///
  /// @param queue full
  /// @return a sum over all payloads
  @Benchmark
  public long drain(Filled queue) {
    return queue.bulk.drain();
  }

  /// Fills and drains.
  ///
  /// @param queue of the engine
  /// @return a sum over all payloads
  @Benchmark
  public long fillDrain(Queue queue) {
    queue.bulk.fill();
    return queue.bulk.drain();
  }
}
