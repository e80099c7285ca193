package dev.tasko.bench;

import dev.tasko.bench.peer.Delays;
import dev.tasko.bench.peer.Random64;
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
import org.openjdk.jmh.infra.BenchmarkParams;

/// Operations on one of many timers while time stands still. Engines on the wall clock run beside
/// the benchmark on threads of their own and take part of the machine; their live timers are put an
/// hour later, so that they stay alive.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class CancelBenchmark {
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
    "systemtimer:offsetS=3600"
  })
  public String peer;

  /// Timers at all times.
  @Param({"1000", "10000", "100000", "1000000", "10000000"})
  public int live;

  private LiveTimers timers;

  /// For JMH.
  public CancelBenchmark() {}

  /// Fills the queue.
  ///
  /// @param benchmark tells which is going to run
  @Setup
  public void setup(BenchmarkParams benchmark) {
    String name = benchmark.getBenchmark();
    Delays delays = new Delays("uniform", new Random64(7));
    String workload = name.substring(name.lastIndexOf('.') + 1);
    timers = new LiveTimers(workload, peer, live, delays).fillFresh();
  }

  /// Ends the engine.
  @TearDown
  public void tearDown() {
    timers.close();
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
