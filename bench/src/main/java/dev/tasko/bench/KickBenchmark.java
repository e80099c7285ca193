package dev.tasko.bench;

import dev.tasko.bench.peer.Delays;
import dev.tasko.bench.peer.Load;
import dev.tasko.bench.peer.Peers;
import dev.tasko.bench.peer.Random64;
import dev.tasko.bench.peer.TimerQueue;
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

/// Watchdogs of 30 s, kicked at random while time goes on, with a poll at every millisecond of it.
/// A watchdog is kicked 6.9 times in 30 s on average, so that one kick in a thousand comes too late
/// (e^-6.9) and the watchdog fires; it is armed again then.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class KickBenchmark implements TimerQueue.Expiry {
  private static final double KICKS_IN_TIMEOUT = 6.9;
  private static final long TIMEOUT_NS = Delays.LONGEST_NS;
  private static final long CADENCE_NS = 1_000_000;

  /// The engine; `none` is what the workload costs.
  @Param({"none", "tasko", "agrona", "agrona:map=true", "heap4"})
  public String peer;

  /// Watchdogs.
  @Param({"10000", "100000", "1000000"})
  public int live;

  private final Random64 random = new Random64(42);
  private TimerQueue queue;
  private long[] handles;
  private long stepNs;
  private long nowNs;
  private long nextPollNs;

  /// For JMH.
  public KickBenchmark() {}

  /// Fills the queue as if all had been kicked at their times.
  @Setup
  public void setup() {
    long meanNs = (long) (TIMEOUT_NS / KICKS_IN_TIMEOUT);
    stepNs = meanNs / live;
    nowNs = LiveTimers.START_NS;
    nextPollNs = nowNs;
    queue = Peers.create(peer, new Load(live + 1, nowNs, TIMEOUT_NS, meanNs), this);
    handles = new long[live];
    for (int i = 0; i < live; i++) {
      double age = -Math.log1p(-(random.next() >>> 11) * 0x1p-53) * meanNs;
      handles[i] = queue.schedule(nowNs + Math.max(1, TIMEOUT_NS - (long) age), i);
    }
  }

  /// Ends the engine.
  @TearDown
  public void tearDown() {
    queue.close();
  }

  @Override
  public void onTimer(long payload) {
    handles[(int) payload] = queue.schedule(nowNs + TIMEOUT_NS, payload);
  }

  /// Kicks one watchdog, and polls when it is time to.
  ///
  /// @return its handle
  @Benchmark
  public long kick() {
    nowNs += stepNs;
    if (nowNs - nextPollNs >= 0) {
      nextPollNs += CADENCE_NS;
      queue.advanceTo(nowNs);
    }
    int timer = random.below(live);
    long handle = queue.postpone(handles[timer], nowNs + TIMEOUT_NS);
    handles[timer] = handle;
    return handle;
  }
}
