package dev.tasko;

import dev.tasko.task.TaskRecords;
import dev.tasko.wheel.TimerHandler;
import dev.tasko.wheel.TimerWheel;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/// The deadlines of the present or next activations.
///
/// They have a wheel of their own, made with the first of them, because the order in the loop's is
/// tasko's: there a deadline would come after every sleeper that was due before it, and would count
/// in the bound of the sleeper pass. Here all deadlines that have passed are told before anything
/// else runs.
///
/// Thread: the loop's. Allocates: where tasks are started.
final class Deadlines {
  private final NanoClock clock;
  private final int capacity;
  private final TaskRecords records;
  private final Promises promises;
  private @Nullable TimerWheel wheel;

  Deadlines(LoopConfig config, TaskRecords records, Promises promises) {
    clock = config.clock;
    capacity = config.taskCapacity;
    this.records = records;
    this.promises = promises;
  }

  void prepare() {
    if (wheel == null) {
      wheel = new TimerWheel(capacity, clock.nanoTime());
    }
  }

  /// The time of the next release is known.
  ///
  /// @param nowNs when the activation before ended
  void arm(int task, long nowNs) {
    if (wheel == null || !promises.isOpen(task)) {
      return;
    }
    long afterNs = promises.deadlineAfterNs(task);
    if (afterNs == 0) {
      return;
    }
    long releaseNs = records.dueNs(task);
    long deadlineNs = wheel.deadlineNs(releaseNs, afterNs);
    records.possibleNs(task, nowNs - releaseNs > 0 ? nowNs : releaseNs);
    promises.deadlineNs(task, deadlineNs);
    // To end at the deadline is to be in time.
    long missedNs = wheel.deadlineNs(deadlineNs, 1);
    // Not postponed: that would leave the deadline just kept behind, to wake the loop for nothing.
    wheel.cancel(promises.deadlineTimer(task));
    promises.deadlineTimer(task, wheel.schedule(missedNs, task));
  }

  void disarm(int task) {
    if (wheel != null && promises.isOpen(task)) {
      wheel.cancel(promises.deadlineTimer(task));
    }
  }

  boolean isAnyArmed() {
    return wheel != null && wheel.size() > 0;
  }

  boolean isDue(long nowNs) {
    return wheel != null && wheel.isDue(nowNs);
  }

  /// The time at which the first has passed, or [TimerWheel#NO_DEADLINE].
  long nextNs() {
    return wheel == null ? TimerWheel.NO_DEADLINE : wheel.nextDeadlineNs();
  }

  void poll(long nowNs, TimerHandler handler) {
    if (wheel != null) {
      wheel.poll(nowNs, handler, Integer.MAX_VALUE);
    }
  }
}
