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

/// Operations on one of many timers while time stands still.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class RescheduleBenchmark {
  /// The engine; `none` is what the workload costs.
  @Param({"none", "tasko", "agrona", "agrona:map=true", "heap4"})
  public String peer;

  /// Timers at all times.
  @Param({"1000", "10000", "100000", "1000000"})
  public int live;

  private LiveTimers timers;

  /// For JMH.
  public RescheduleBenchmark() {}

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

  /// Cancels any timer and schedules it anew.
  ///
  /// @return its handle
  @Benchmark
  public long cancelReschedule() {
    int timer = timers.random.below(live);
    timers.queue.cancel(timers.handles[timer]);
    long handle = timers.queue.schedule(timers.nowNs + timers.delays.nextNs(), timer);
    timers.handles[timer] = handle;
    return handle;
  }

  /// Polls when nothing is due.
  ///
  /// @return 0
  @Benchmark
  public int idlePoll() {
    return timers.queue.advanceTo(timers.nowNs);
  }
}
