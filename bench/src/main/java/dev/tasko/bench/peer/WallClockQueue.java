package dev.tasko.bench.peer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What engines with a thread of their own have in common: their timers are objects, kept here by
/// number. Time runs from the moment of construction.
///
/// Setting `offsetS` makes every delay longer, so that the live timers of a benchmark stay alive
/// while it runs.
abstract class WallClockQueue implements TimerQueue {
  private final Expiry expiry;
  private final long startNs;
  private final long offsetNs;
  private final long startedNs = System.nanoTime();
  private final @Nullable Object[] timers;
  private final long[] payloads;
  private final int[] freeSlots;
  private int freeCount;

  WallClockQueue(Load load, PeerSpec settings, Expiry expiry) {
    this.expiry = expiry;
    startNs = load.startNs();
    offsetNs = settings.number("offsetS", 0) * 1_000_000_000L;
    timers = new @Nullable Object[load.timers()];
    payloads = new long[load.timers()];
    freeSlots = new int[load.timers()];
    Arrays.setAll(freeSlots, slot -> slot);
    freeCount = load.timers();
  }

  /// Starts a timer.
  abstract Object start(Shot shot, long delayNs);

  abstract boolean stop(Object timer);

  @Override
  public final long schedule(long deadlineNs, long payload) {
    if (freeCount == 0) {
      return NO_HANDLE;
    }
    int slot = freeSlots[--freeCount];
    payloads[slot] = payload;
    timers[slot] = start(new Shot(expiry, payload), delayNs(deadlineNs));
    return slot;
  }

  @Override
  public final boolean cancel(long handle) {
    Object timer = timers[(int) handle];
    if (timer == null || !stop(timer)) {
      return false;
    }
    timers[(int) handle] = null;
    freeSlots[freeCount++] = (int) handle;
    return true;
  }

  @Override
  public final long postpone(long handle, long deadlineNs) {
    return cancel(handle) ? schedule(deadlineNs, payloads[(int) handle]) : NO_HANDLE;
  }

  /// With an offset, time stands still as it does for the others.
  private long delayNs(long deadlineNs) {
    long passedNs = offsetNs > 0 ? 0 : System.nanoTime() - startedNs;
    return deadlineNs - startNs - passedNs + offsetNs;
  }

  /// The time by which it fires.
  final long nowNs() {
    return startNs + System.nanoTime() - startedNs;
  }

  @Override
  public final int advanceTo(long nowNs) {
    return 0;
  }

  @Override
  public final long nextDeadlineNs() {
    return NO_DEADLINE;
  }

  @Override
  public final int size() {
    return timers.length - freeCount;
  }

  @Override
  public final long bytes() {
    return -1;
  }

  @Override
  public final boolean isOnWallClock() {
    return true;
  }
}
