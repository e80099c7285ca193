package dev.tasko.bench;

import dev.tasko.bench.peer.Delays;
import dev.tasko.bench.peer.Random64;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;

/// Operations on one of many timers while time stands still. Engines on the wall clock run beside
/// the benchmark on threads of their own and take part of the machine; their live timers are put an
/// hour later, so that they stay alive.
@BenchmarkMode(Mode.AverageTime)
@SuppressWarnings("NullAway.Init") // JMH calls setUp first
public class CancelBenchmark extends PeerBenchmark {
  /// Timers at all times.
  @Param({"1000", "10000", "100000", "1000000", "10000000"})
  public int live;

  private LiveTimers timers;

  /// For JMH.
  public CancelBenchmark() {}

  @Override
  AutoCloseable open(String method) {
    Delays delays = new Delays("uniform", new Random64(7));
    timers = new LiveTimers(method, peer, live, delays).fillFresh();
    return timers;
  }

  /// A timeout that is not needed: scheduled and cancelled.
  ///
  /// @return whether it was cancelled
  @Benchmark
  public boolean scheduleCancel() {
    return timers.scheduleCancel();
  }

  /// Cancels any timer and schedules it anew.
  ///
  /// @return its handle
  @Benchmark
  public long cancelReschedule() {
    return timers.cancelReschedule();
  }
}
