package dev.tasko.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;

/// [Watchdogs]. Engines on the wall clock have their timeouts an hour later, so that none fires.
@BenchmarkMode(Mode.AverageTime)
@SuppressWarnings("NullAway.Init") // JMH calls setUp first
public class KickBenchmark extends PeerBenchmark {
  /// Watchdogs.
  @Param({"1000", "10000", "100000", "1000000"})
  public int live;

  private Watchdogs watchdogs;

  /// For JMH.
  public KickBenchmark() {}

  @Override
  AutoCloseable open(String method) {
    watchdogs = new Watchdogs(peer, live);
    return watchdogs;
  }

  /// Kicks one watchdog, and polls when it is time to.
  ///
  /// @return its handle
  @Benchmark
  public long kick() {
    return watchdogs.kick();
  }
}
