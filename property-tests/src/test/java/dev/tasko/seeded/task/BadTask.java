package dev.tasko.seeded.task;

import dev.tasko.seeded.wakeup.BadWakeup;

/// Breaks on purpose: a task that knows who wakes it.
public class BadTask {
  /// To be imported, not made.
  public BadTask() {}

  /// Uses wakeups.
  ///
  /// @param wakeup above
  /// @return a number
  public int uses(BadWakeup wakeup) {
    return wakeup.hashCode();
  }
}
