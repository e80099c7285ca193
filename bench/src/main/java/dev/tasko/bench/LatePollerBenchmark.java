package dev.tasko.bench;

import dev.tasko.bench.peer.Completeness;
import dev.tasko.bench.peer.CompletenessCheck;
import dev.tasko.bench.peer.Delays;
import dev.tasko.bench.peer.Random64;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.BenchmarkParams;

/// The hold model with a caller that comes late every time, and has everything to catch up with
/// that came due meanwhile. Beside it stands what another run with as late polls lost and
/// disordered.
@SuppressWarnings("NullAway.Init") // JMH calls setUp first
public class LatePollerBenchmark extends PeerBenchmark {
  private static final int BATCH = 1000;
  private static final long MILLISECOND_NS = 1_000_000;

  /// Timers at all times.
  @Param({"1000", "10000", "100000"})
  public int live;

  /// Simulated time between two polls.
  @Param({"1", "100", "10000"})
  public long stallMs;

  private LiveTimers timers;

  /// What the completeness check found with polls as late.
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Faults {
    /// Neither fired nor cancelled.
    public long lost;

    /// Fired before the deadline.
    public long early;

    /// Fired in one poll after a timer with a later deadline.
    public long deadlineOrder;

    /// Fired in one poll after a timer with the same deadline that was armed later.
    public long arrivalOrder;

    private Completeness found;

    /// For JMH.
    public Faults() {}

    /// Checks once.
    ///
    /// @param benchmark has the parameters
    @Setup
    public void check(BenchmarkParams benchmark) {
      long stallMs = Long.parseLong(benchmark.getParam("stallMs"));
      found = CompletenessCheck.runLate(benchmark.getParam("peer"), 1, stallMs * MILLISECOND_NS);
    }

    /// JMH clears the counters before each iteration.
    @TearDown(Level.Iteration)
    public void count() {
      lost = found.lost();
      early = found.early();
      deadlineOrder = found.deadlineOrder();
      arrivalOrder = found.arrivalOrder();
    }
  }

  /// For JMH.
  public LatePollerBenchmark() {}

  @Override
  AutoCloseable open(String method) {
    Delays delays = new Delays("uniform", new Random64(7));
    timers = new LiveTimers("hold", peer, live, delays).fillStationary();
    return timers;
  }

  /// One timer: fired late and scheduled again.
  ///
  /// @param faults beside it
  /// @return timers fired so far
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @OperationsPerInvocation(BATCH)
  public long late(Faults faults) {
    return timers.hold(BATCH, stallMs * MILLISECOND_NS);
  }

  /// One poll after a stall: how long the application is held up.
  ///
  /// @return timers fired
  @Benchmark
  @BenchmarkMode(Mode.SampleTime)
  public int catchUp() {
    return timers.poll(stallMs * MILLISECOND_NS);
  }
}
