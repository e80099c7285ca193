package dev.tasko.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// [Watchdogs]. Engines on the wall clock have their timeouts an hour later, so that none fires.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class KickBenchmark {
  /// The engine; `none` is what the workload costs.
  @Param({
    "none",
    "tasko",
    "agrona",
    "agrona:default=true",
    "agrona:best=true",
    "agrona:map=true",
    "heap4",
    "pq",
    "kafka",
    "caffeine",
    "netty:offsetS=3600",
    "stpe:offsetS=3600",
    "fjp:offsetS=3600",
    "jetty:offsetS=3600"
  })
  public String peer;

  /// Watchdogs.
  @Param({"1000", "10000", "100000", "1000000"})
  public int live;

  private Watchdogs watchdogs;

  /// For JMH.
  public KickBenchmark() {}

  /// Fills the queue.
  @Setup
  public void setup() {
    watchdogs = new Watchdogs(peer, live);
  }

  /// Ends the engine.
  @TearDown
  public void tearDown() {
    watchdogs.close();
  }

  /// Kicks one watchdog, and polls when it is time to.
  ///
  /// @return its handle
  @Benchmark
  public long kick() {
    return watchdogs.kick();
  }
}
