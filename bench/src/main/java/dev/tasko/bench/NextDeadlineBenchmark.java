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

/// How long may the application sleep? Agrona's wheel cannot tell.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class NextDeadlineBenchmark {
  /// The engine.
  @Param({"tasko", "heap4"})
  public String peer;

  /// Timers at all times.
  @Param({"1000", "1000000"})
  public int live;

  private LiveTimers timers;

  /// For JMH.
  public NextDeadlineBenchmark() {}

  /// Fills the queue.
  @Setup
  public void setup() {
    Delays delays = new Delays("uniform", new Random64(7));
    timers = new LiveTimers(peer, live, 0, delays).fillFresh();
  }

  /// Asks for the earliest deadline.
  ///
  /// @return absolute
  @Benchmark
  public long nextDeadline() {
    return timers.queue.nextDeadlineNs();
  }
}
