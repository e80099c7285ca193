package dev.tasko.bench.peer;

import java.util.PriorityQueue;

/// What ordinary code does: a `PriorityQueue` of timer objects, in the order of deadlines and of
/// arming. A cancelled timer is only marked, since `PriorityQueue.remove` looks at every element,
/// and is dropped when it comes up, or when more than half of the heap is dead. Setting:
/// `remove=true` removes it at once, at that price.
final class ObjectHeapQueue implements TimerQueue {
  private static final int DEAD_KEPT = 64;

  private final PriorityQueue<Timer> heap;
  private final Slots<Timer> timers;
  private final boolean removes;
  private final Expiry expiry;
  private long nextArrival;
  private int dead;

  ObjectHeapQueue(Load load, PeerSpec settings, Expiry expiry) {
    heap = new PriorityQueue<>(load.timers());
    timers = new Slots<>(load.timers());
    removes = settings.flag("remove");
    this.expiry = expiry;
  }

  @Override
  public long schedule(long deadlineNs, long payload) {
    int slot = timers.next();
    if (slot == Slots.NONE) {
      return NO_HANDLE;
    }
    Timer timer = new Timer(deadlineNs, nextArrival++, payload, slot);
    timers.put(timer);
    heap.add(timer);
    return slot;
  }

  @Override
  public boolean cancel(long handle) {
    Timer timer = timers.get(handle);
    if (timer == null) {
      return false;
    }
    timers.release((int) handle);
    if (removes) {
      heap.remove(timer);
    } else {
      timer.cancelled = true;
      if (++dead > DEAD_KEPT && dead > heap.size() / 2) {
        heap.removeIf(candidate -> candidate.cancelled);
        dead = 0;
      }
    }
    return true;
  }

  @Override
  public long postpone(long handle, long deadlineNs) {
    Timer timer = timers.get(handle);
    return timer != null && cancel(handle) ? schedule(deadlineNs, timer.payload) : NO_HANDLE;
  }

  @Override
  public int advanceTo(long nowNs) {
    int fired = 0;
    while (nextDeadlineNs() <= nowNs) {
      Timer timer = heap.remove();
      timers.release(timer.slot);
      fired++;
      expiry.onTimer(timer.payload);
    }
    return fired;
  }

  @Override
  public long nextDeadlineNs() {
    Timer first = heap.peek();
    while (first != null && first.cancelled) {
      heap.remove();
      dead--;
      first = heap.peek();
    }
    return first == null ? NO_DEADLINE : first.deadlineNs;
  }

  @Override
  public int size() {
    return timers.size();
  }

  private static final class Timer implements Comparable<Timer> {
    final long deadlineNs;
    final long arrival;
    final long payload;
    final int slot;
    boolean cancelled;

    Timer(long deadlineNs, long arrival, long payload, int slot) {
      this.deadlineNs = deadlineNs;
      this.arrival = arrival;
      this.payload = payload;
      this.slot = slot;
    }

    @Override
    public int compareTo(Timer other) {
      long after = deadlineNs - other.deadlineNs;
      return Long.signum(after != 0 ? after : arrival - other.arrival);
    }
  }
}
