package dev.tasko.bench;

import dev.tasko.bench.peer.Delays;
import dev.tasko.bench.peer.Load;
import dev.tasko.bench.peer.Peers;
import dev.tasko.bench.peer.Random64;
import dev.tasko.bench.peer.TimerQueue;

/// Watchdogs of 30 s, kicked at random while time goes on, with a poll at every millisecond of it.
/// A watchdog is kicked 6.9 times in 30 s on average, so that one kick in a thousand comes too late
/// (e^-6.9) and the watchdog fires; it is armed again then.
final class Watchdogs implements TimerQueue.Expiry, AutoCloseable {
  private static final double KICKS_IN_TIMEOUT = 6.9;
  private static final long TIMEOUT_NS = Delays.LONGEST_NS;
  private static final long CADENCE_NS = 1_000_000;

  final TimerQueue queue;
  private final Random64 random = new Random64(42);
  private final long[] handles;
  private final long stepNs;
  private long nowNs = LiveTimers.START_NS;
  private long nextPollNs = nowNs;

  /// Fills the queue as it would be after running for ever. The time since a watchdog was last
  /// armed is an exponential one cut off at the timeout, when it would have fired and been armed
  /// again: what is left of an uncut one after whole timeouts, since it has no memory.
  Watchdogs(String peer, int live) {
    long meanNs = (long) (TIMEOUT_NS / KICKS_IN_TIMEOUT);
    stepNs = meanNs / live;
    queue = Peers.create(peer, new Load("kick", live + 1, nowNs, TIMEOUT_NS, meanNs), this);
    handles = new long[live];
    for (int i = 0; i < live; i++) {
      double age = -Math.log1p(-(random.next() >>> 11) * 0x1p-53) * meanNs;
      handles[i] = queue.schedule(nowNs + TIMEOUT_NS - (long) age % TIMEOUT_NS, i);
    }
  }

  @Override
  public void onTimer(long payload) {
    handles[(int) payload] = queue.schedule(nowNs + TIMEOUT_NS, payload);
  }

  /// Kicks one watchdog, after the polls that came before it.
  long kick() {
    nowNs += stepNs;
    while (nowNs - nextPollNs >= 0) {
      queue.advanceTo(nextPollNs);
      nextPollNs += CADENCE_NS;
    }
    int timer = random.below(handles.length);
    long handle = queue.postpone(handles[timer], nowNs + TIMEOUT_NS);
    handles[timer] = handle;
    return handle;
  }

  @Override
  public void close() {
    queue.close();
  }
}
