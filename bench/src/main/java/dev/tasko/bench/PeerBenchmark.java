package dev.tasko.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.BenchmarkParams;

/// One engine under a workload, which is opened before a fork's first iteration and closed after
/// the last. A state that JMH runs: it calls [#setUp] before all else.
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setUp first
public abstract class PeerBenchmark {
  /// The engine. A plan may name others: engines on the wall clock, and `none`, which is what the
  /// workload costs.
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

  private AutoCloseable workload;

  /// For JMH.
  protected PeerBenchmark() {}

  /// Makes the workload, its queue filled as the benchmark wants it.
  ///
  /// @param method of the benchmark that is going to run
  /// @return what is to be closed in the end
  abstract AutoCloseable open(String method);

  /// Opens the workload.
  ///
  /// @param benchmark that is going to run
  @Setup
  public void setUp(BenchmarkParams benchmark) {
    String name = benchmark.getBenchmark();
    workload = open(name.substring(name.lastIndexOf('.') + 1));
  }

  /// Ends the engine.
  ///
  /// @throws Exception if it cannot
  @TearDown
  public void tearDown() throws Exception {
    workload.close();
  }
}
