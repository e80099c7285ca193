package dev.tasko.bench;

import dev.tasko.bench.peer.Peers;
import dev.tasko.bench.peer.TimerQueue;
import dev.tasko.bench.peer.WallClockEngine;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Ten timers over some seconds of real time, for engines on the wall clock: how often threads wake
/// for them, how long they compute, and how late they are. The time of a call says nothing.
///
/// Peer `none` is the VM with no timers.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class SparseRealTimeBenchmark {
  private static final int TIMERS = 10;

  /// The engine.
  @Param({"none", "netty", "stpe", "fjp", "systemtimer", "jetty"})
  public String peer;

  /// Seconds until the last timer.
  @Param("5")
  public int spanS;

  private @Nullable WallClockEngine engine;

  /// How the span went.
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Span implements TimerQueue.Expiry {
    /// Threads that had waited and went on.
    public long wakes;

    /// Time on processors.
    public long cpuNs;

    /// The greatest lateness.
    public long maxLatenessNs;

    /// Timers that fired before their deadline.
    public long early;

    private VmActivity before = VmActivity.now();

    /// For JMH.
    public Span() {}

    @Override
    public synchronized void onTimer(long deadlineNs) {
      long latenessNs = System.nanoTime() - deadlineNs;
      early += latenessNs < 0 ? 1 : 0;
      maxLatenessNs = Math.max(maxLatenessNs, latenessNs);
    }

    /// Begins.
    @Setup(Level.Iteration)
    public void begin() {
      before = VmActivity.now();
    }

    /// Counts.
    @TearDown(Level.Iteration)
    public void count() {
      VmActivity activity = VmActivity.now().since(before);
      wakes = activity.wakes();
      cpuNs = activity.cpuNs();
    }
  }

  /// For JMH.
  public SparseRealTimeBenchmark() {}

  /// Starts the engine.
  @Setup
  public void setup() {
    engine = peer.equals("none") ? null : Peers.createEngine(peer);
  }

  /// Ends it.
  @TearDown
  public void tearDown() {
    if (engine != null) {
      engine.close();
    }
  }

  /// One span.
  ///
  /// @param span counts
  @Benchmark
  public void span(Span span) {
    long startNs = System.nanoTime();
    long spanNs = TimeUnit.SECONDS.toNanos(spanS);
    for (int timer = 1; engine != null && timer <= TIMERS; timer++) {
      long delayNs = spanNs * timer / (TIMERS + 1);
      engine.start(span, startNs + delayNs, delayNs);
    }
    long leftNs = spanNs;
    while (leftNs > 0) {
      LockSupport.parkNanos(leftNs);
      leftNs = startNs + spanNs - System.nanoTime();
    }
  }
}
