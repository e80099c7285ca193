package dev.tasko.bench;

import dev.tasko.bench.peer.Load;
import dev.tasko.bench.peer.Peers;
import dev.tasko.bench.peer.TimerQueue;

/// Ten timers over one hour of simulated time. An engine that can tell its next deadline is polled
/// then; one that cannot is polled at every millisecond.
final class Sparse implements TimerQueue.Expiry, AutoCloseable {
  private static final int TIMERS = 10;
  private static final long HOUR_NS = 3_600_000_000_000L;
  private static final long SECOND_NS = 1_000_000_000;
  private static final long CADENCE_NS = 1_000_000;

  /// An hour takes a fast engine less than a microsecond, and 292 years a second; then time is
  /// over.
  private static final long LAST_START_NS = Long.MAX_VALUE / 2;

  private final String peer;
  private TimerQueue queue;
  private long nowNs;
  private long startNs;
  private long wakes;
  private long maxLatenessNs;

  Sparse(String peer) {
    this.peer = peer;
    nowNs = LiveTimers.START_NS;
    queue = create();
  }

  private TimerQueue create() {
    return Peers.create(peer, new Load(TIMERS, nowNs, SECOND_NS, SECOND_NS), this);
  }

  @Override
  public void onTimer(long payload) {
    maxLatenessNs = Math.max(maxLatenessNs, nowNs - deadlineNs(payload));
  }

  /// Spread, but at no round times.
  private long deadlineNs(long timer) {
    return startNs + (timer + 1) * (HOUR_NS / TIMERS) - timer * 12_345_678;
  }

  /// Arms all and waits for all.
  ///
  /// @return how often it polled
  long hour() {
    if (nowNs > LAST_START_NS) {
      queue.close();
      nowNs = LiveTimers.START_NS;
      queue = create();
    }
    wakes = 0;
    maxLatenessNs = 0;
    startNs = nowNs;
    for (int timer = 0; timer < TIMERS; timer++) {
      queue.schedule(deadlineNs(timer), timer);
    }
    while (queue.size() > 0) {
      long nextNs = queue.nextDeadlineNs();
      nowNs = nextNs == TimerQueue.NO_DEADLINE ? nowNs + CADENCE_NS : Math.max(nowNs, nextNs);
      wakes++;
      queue.advanceTo(nowNs);
    }
    return wakes;
  }

  long wakes() {
    return wakes;
  }

  long maxLatenessNs() {
    return maxLatenessNs;
  }

  @Override
  public void close() {
    queue.close();
  }
}
