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

/// What a loop asks when nothing is due. Time stands still.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class NextDeadlineBenchmark {
  /// The engine.
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

  /// Timers at all times.
  @Param({"1000", "10000", "100000", "1000000"})
  public int live;

  private LiveTimers timers;

  /// For JMH.
  public NextDeadlineBenchmark() {}

  /// Fills the queue.
  @Setup
  public void setup() {
    timers = new LiveTimers("hold", peer, live, new Delays("uniform", new Random64(7)));
    timers.fillFresh();
  }

  /// Ends the engine.
  @TearDown
  public void tearDown() {
    timers.close();
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
