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

/// [Churn]: nineteen of twenty timers are cancelled. Engines on the wall clock fire on threads of
/// their own, which take part of the machine, and at most one timer a tick and request.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setUp first
public class ChurnBenchmark {
  /// All requests.
  public static class Requests extends PeerBenchmark {
    /// Requests at all times.
    @Param({"1000", "10000", "100000", "1000000"})
    public int live;

    private Churn churn;

    /// For JMH.
    public Requests() {}

    @Override
    AutoCloseable open(String method) {
      churn = new Churn(peer, live);
      return churn;
    }
  }

  /// How timers ended in an iteration.
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Ends {
    /// By an answer.
    public long cancelled;

    /// By themselves.
    public long fired;

    private Churn churn;

    /// For JMH.
    public Ends() {}

    /// Knows the requests.
    ///
    /// @param requests to count
    @Setup
    public void setup(Requests requests) {
      churn = requests.churn;
    }

    /// Counts.
    @TearDown(Level.Iteration)
    public void count() {
      cancelled = churn.takeCancelled();
      fired = churn.takeFired();
    }
  }

  /// For JMH.
  public ChurnBenchmark() {}

  /// One answer: a timer cancelled or found fired, and another armed.
  ///
  /// @param ends of the requests' timers
  /// @return its handle
  @Benchmark
  public long answer(Ends ends) {
    return ends.churn.answer();
  }
}
