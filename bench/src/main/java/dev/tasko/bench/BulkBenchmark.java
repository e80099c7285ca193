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

/// Many timers scheduled, then all of them fired, with a poll at every millisecond. One call
/// handles as many as parameter `perCall` says, and the report divides by it.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class BulkBenchmark implements TimerQueue.Expiry {
  private static final long CADENCE_NS = 1_000_000;

  /// The engine.
  @Param({"tasko", "agrona", "heap4"})
  public String peer;

  /// How deadlines lie: `spread` over 1 to 30 s, or all `equal`, in 10 ms.
  @Param({"spread", "equal"})
  public String deadlines;

  /// Timers.
  @Param({"1000", "10000", "100000", "1000000"})
  public int perCall;

  private final Delays delays = new Delays("uniform", new Random64(7));
  private TimerQueue queue;
  private long nowNs;
  private boolean equal;
  private long sum;

  /// For JMH.
  public BulkBenchmark() {}

  /// Makes an empty queue.
  @Setup
  public void setup() {
    nowNs = LiveTimers.START_NS;
    equal = deadlines.equals("equal");
    Load load =
        equal
            ? new Load(perCall, nowNs, 14 * CADENCE_NS, 0)
            : new Load(perCall, nowNs, Delays.LONGEST_NS, Delays.LONGEST_NS);
    queue = Peers.create(peer, load, this);
  }

  /// Ends the engine.
  @TearDown
  public void tearDown() {
    queue.close();
  }

  @Override
  public void onTimer(long payload) {
    sum += payload;
  }

  /// Fills and drains.
  ///
  /// @return a sum over all payloads
  @Benchmark
  public long fillDrain() {
    for (int i = 0; i < perCall; i++) {
      queue.schedule(nowNs + (equal ? 10 * CADENCE_NS : delays.nextNs()), i);
    }
    while (queue.size() > 0) {
      nowNs += CADENCE_NS;
      queue.advanceTo(nowNs);
    }
    return sum;
  }
}
