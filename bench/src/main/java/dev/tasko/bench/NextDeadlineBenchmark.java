package dev.tasko.bench;

import dev.tasko.bench.peer.Delays;
import dev.tasko.bench.peer.Random64;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;

/// What a loop asks when nothing is due. Time stands still.
@BenchmarkMode(Mode.AverageTime)
@SuppressWarnings("NullAway.Init") // JMH calls setUp first
public class NextDeadlineBenchmark extends PeerBenchmark {
  /// Timers at all times.
  @Param({"1000", "10000", "100000", "1000000"})
  public int live;

  private LiveTimers timers;

  /// For JMH.
  public NextDeadlineBenchmark() {}

  @Override
  AutoCloseable open(String method) {
    Delays delays = new Delays("uniform", new Random64(7));
    timers = new LiveTimers("hold", peer, live, delays).fillFresh();
    return timers;
  }

  /// How long may the application sleep? Agrona's wheel and Caffeine's cannot tell.
  ///
  /// @return absolute
  @Benchmark
  public long nextDeadline() {
    return timers.queue.nextDeadlineNs();
  }

  /// Polls when nothing is due.
  ///
  /// @return 0
  @Benchmark
  public int idlePoll() {
    return timers.idlePoll();
  }
}
