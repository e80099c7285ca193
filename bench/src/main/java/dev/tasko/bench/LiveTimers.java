package dev.tasko.bench;

import dev.tasko.bench.peer.Delays;
import dev.tasko.bench.peer.Load;
import dev.tasko.bench.peer.Peers;
import dev.tasko.bench.peer.Random64;
import dev.tasko.bench.peer.TimerQueue;

/// A queue with a constant number of timers: each that fires is scheduled again at once, under a
/// payload of its own that leads to its handle.
final class LiveTimers implements TimerQueue.Expiry {
  static final long START_NS = 1_234_567_890_123L;

  final TimerQueue queue;
  final long[] handles;
  final Random64 random = new Random64(42);
  final Delays delays;
  long nowNs = START_NS;
  long fired;

  LiveTimers(String peer, int live, int spare, Delays delays) {
    this.delays = delays;
    handles = new long[live];
    // The busiest moment of the stationary state is always the present.
    Load load = new Load(live + spare, START_NS, Delays.LONGEST_NS, delays.meanNs());
    queue = Peers.create(peer, load, this);
  }

  /// Fills it as it would be after running for ever.
  LiveTimers fillStationary() {
    for (int i = 0; i < handles.length; i++) {
      handles[i] = queue.schedule(nowNs + delays.nextResidualNs(), i);
    }
    return this;
  }

  /// Fills it with fresh delays.
  LiveTimers fillFresh() {
    for (int i = 0; i < handles.length; i++) {
      handles[i] = queue.schedule(nowNs + delays.nextNs(), i);
    }
    return this;
  }

  @Override
  public void onTimer(long payload) {
    fired++;
    handles[(int) payload] = queue.schedule(nowNs + delays.nextNs(), payload);
  }

  /// One poll, some time after the last.
  int poll(long elapsedNs) {
    nowNs += elapsedNs;
    return queue.advanceTo(nowNs);
  }
}
