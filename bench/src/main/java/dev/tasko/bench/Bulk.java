package dev.tasko.bench;

import dev.tasko.bench.peer.Delays;
import dev.tasko.bench.peer.Load;
import dev.tasko.bench.peer.Peers;
import dev.tasko.bench.peer.Random64;
import dev.tasko.bench.peer.TimerQueue;

/// Many timers scheduled, then all of them fired, with a poll at every millisecond.
final class Bulk implements TimerQueue.Expiry, AutoCloseable {
  static final long CADENCE_NS = 1_000_000;

  private final int timers;
  private final Delays delays;
  private final TimerQueue queue;
  private long nowNs = LiveTimers.START_NS;
  private long sum;

  Bulk(String peer, int timers, String deadlines) {
    this.timers = timers;
    delays = new Delays(deadlines.equals("spread") ? "uniform" : deadlines, new Random64(7));
    long longestNs = delays.longestNs() + 4 * CADENCE_NS;
    Load load = new Load("bulk-" + deadlines, timers, nowNs, longestNs, delays.densestNs());
    queue = Peers.create(peer, load, this);
  }

  @Override
  public void onTimer(long payload) {
    sum += payload;
  }

  /// Schedules all while time stands still.
  long fill() {
    for (int i = 0; i < timers; i++) {
      queue.schedule(nowNs + delays.nextNs(), i);
    }
    return queue.size();
  }

  /// Polls until all have fired.
  ///
  /// @return a sum over all payloads
  long drain() {
    while (queue.size() > 0) {
      poll(CADENCE_NS);
    }
    return sum;
  }

  int poll(long elapsedNs) {
    nowNs += elapsedNs;
    return queue.advanceTo(nowNs);
  }

  @Override
  public void close() {
    queue.close();
  }
}
