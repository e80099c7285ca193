package org.apache.kafka.server.util.timer;

import java.util.ArrayDeque;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// Kafka's wheel and its queue of buckets, driven as `SystemTimer` drives them, but by the time of
/// the caller instead of the system's. `SystemTimer`'s read-write lock, which one thread does not
/// need, is left out; the monitors and atomics inside the wheel are Kafka's own.
///
/// It lies in Kafka's package because the wheel's constructor and the buckets are not public.
///
/// Thread: one.
public final class VirtualTimer {
  private final DelayQueue<TimerTaskList> buckets = new DelayQueue<>();
  private final ArrayDeque<TimerTask> due = new ArrayDeque<>();
  private final TimingWheel wheel;
  private final Consumer<TimerTask> expiry;
  private final Consumer<TimerTaskEntry> adder = this::add;

  /// Makes an empty timer.
  ///
  /// @param tickMs of the lowest wheel
  /// @param wheelSize ticks in each wheel
  /// @param startMs the present
  /// @param expiry receives what comes due
  public VirtualTimer(long tickMs, int wheelSize, long startMs, Consumer<TimerTask> expiry) {
    wheel = new TimingWheel(tickMs, wheelSize, startMs, new AtomicInteger(), buckets);
    this.expiry = expiry;
  }

  /// Arms a task. Cancel it with [TimerTask#cancel].
  ///
  /// @param task a new one
  /// @param deadlineMs absolute; in the past means at the next [#advanceTo]
  public void add(TimerTask task, long deadlineMs) {
    add(new TimerTaskEntry(task, deadlineMs));
  }

  private void add(TimerTaskEntry entry) {
    if (!wheel.add(entry) && !entry.cancelled()) {
      due.add(entry.timerTask);
    }
  }

  /// Hands over what is due, in the order of the buckets.
  ///
  /// @param nowMs the present
  /// @return how many
  public int advanceTo(long nowMs) {
    TimerTaskList bucket = buckets.peek();
    while (bucket != null && bucket.getExpiration() <= nowMs) {
      buckets.remove(bucket); // it is the first: found at once
      wheel.advanceClock(bucket.getExpiration());
      bucket.flush(adder);
      bucket = buckets.peek();
    }
    return deliver();
  }

  /// What is armed meanwhile waits for the next time.
  private int deliver() {
    int fired = 0;
    for (int left = due.size(); left > 0; left--) {
      TimerTask task = due.remove();
      if (!task.isCancelled()) {
        fired++;
        expiry.accept(task);
      }
    }
    return fired;
  }

  /// When the next bucket has to be opened.
  ///
  /// @return absolute, not after the first deadline; `Long.MAX_VALUE` if there is none
  public long nextMs() {
    TimerTaskList bucket = buckets.peek();
    return bucket == null ? Long.MAX_VALUE : bucket.getExpiration();
  }
}
