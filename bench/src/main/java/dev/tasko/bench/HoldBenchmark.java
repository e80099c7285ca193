package dev.tasko.bench;

import dev.tasko.bench.peer.Delays;
import dev.tasko.bench.peer.Random64;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;

/// The hold model: a constant number of timers, each that fires is scheduled anew. Time advances by
/// one cadence for each poll, so a timer's share of the polls that fire nothing is in its cost, and
/// with few timers it is most of it; cadence 0 leaves it out.
@SuppressWarnings("NullAway.Init") // JMH calls setUp first
public class HoldBenchmark extends PeerBenchmark {
  private static final int BATCH = 1000;

  /// Timers at all times.
  @Param({"1000", "10000", "100000", "1000000", "10000000"})
  public int live;

  /// Their distribution.
  @Param({"uniform", "exponential"})
  public String delays;

  /// Simulated time between two polls; 0: one timer is due in a poll on average.
  @Param({"1000000", "0"})
  public long cadenceNs;

  private LiveTimers timers;
  private long elapsedNs;

  /// For JMH.
  public HoldBenchmark() {}

  @Override
  AutoCloseable open(String method) {
    String workload = cadenceNs == LiveTimers.ONE_TIMER_A_POLL ? "hold-each" : "hold";
    Delays source = new Delays(delays, new Random64(7));
    timers = new LiveTimers(workload, peer, live, source).fillStationary();
    elapsedNs = timers.cadenceNs(cadenceNs);
    return timers;
  }

  /// One timer: fired and scheduled again.
  ///
  /// @return timers fired so far
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @OperationsPerInvocation(BATCH)
  public long hold() {
    return timers.hold(BATCH, elapsedNs);
  }

  /// One poll, whatever is due in it: how long the application is held up.
  ///
  /// @return timers fired
  @Benchmark
  @BenchmarkMode(Mode.SampleTime)
  public int poll() {
    return timers.poll(elapsedNs);
  }
}
