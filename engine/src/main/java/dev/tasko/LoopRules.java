package dev.tasko;

import dev.tasko.task.ReadyClasses;
import dev.tasko.task.ReadyQueue;
import dev.tasko.task.TaskRecords;
import dev.tasko.wheel.TimerWheel;
import org.agrona.concurrent.NanoClock;

/// The decisions that make a loop's order tasko's, each a method of its own, so that a test can
/// break one and see that the corpus of traces notices.
class LoopRules {
  /// Ready tasks run first come, first served.
  ReadyQueue createReadyQueue(int capacity) {
    return new ReadyQueue(capacity);
  }

  /// Where there are several classes, the most urgent goes first, within a bound.
  ReadyQueue createReadyClasses(int capacity, int priorities, TaskRecords records) {
    return new ReadyClasses(capacity, priorities, records);
  }

  /// Equal deadlines are served in the order of arming.
  long arm(TimerWheel wheel, long deadlineNs, int task) {
    return wheel.schedule(deadlineNs, task);
  }

  /// A sleeper pass makes as many resumptions as tasks are asleep when it begins.
  int sleeperPassLimit(int asleep) {
    return asleep;
  }

  /// The clock is read anew before each resumption.
  long sleeperPassNowNs(NanoClock clock) {
    return clock.nanoTime();
  }

  /// A scheduled task's phase is anchored when its first activation begins.
  long anchorNs(ScheduledTask task, long nowNs) {
    return nowNs;
  }

  /// After a whole lost period the grid begins anew, with no run to catch up.
  long rephaseNs(long targetNs, long nowNs) {
    return nowNs;
  }

  /// A stopped task stays asleep until its tick, so that a start before it keeps the grid.
  StopMode stopMode(StopMode requested) {
    return requested;
  }
}
