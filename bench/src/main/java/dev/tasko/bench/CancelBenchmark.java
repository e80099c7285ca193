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

/// A timeout that is not needed: scheduled and cancelled, among many that stay. Time stands still.
/// Engines on the wall clock run beside the benchmark on threads of their own and take part of the
/// machine; their live timers are put an hour later, so that they stay alive.
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
    "agrona:map=true",
    "heap4",
    "netty:offsetS=3600",
    "stpe:offsetS=3600",
    "fjp:offsetS=3600"
  })
  public String peer;

  /// Timers that stay.
  @Param({"1000", "10000", "100000", "1000000"})
  public int live;

  private LiveTimers timers;

  /// For JMH.
  public CancelBenchmark() {}

  /// Fills the queue.
  @Setup
  public void setup() {
    Delays delays = new Delays("uniform", new Random64(7));
    timers = new LiveTimers(peer, live, 1, delays).fillFresh();
  }

  /// Ends the engine.
  @TearDown
  public void tearDown() {
    timers.queue.close();
  }

  /// Schedules a timer and cancels it.
  ///
  /// @return whether it was cancelled
  @Benchmark
  public boolean scheduleCancel() {
    long handle = timers.queue.schedule(timers.nowNs + timers.delays.nextNs(), live);
    return timers.queue.cancel(handle);
  }
}
