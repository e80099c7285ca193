package dev.tasko.task;

/// What a task waits for, as the report of waiting tasks needs it. Its `toString` names it.
///
/// Thread: the loop's.
@FunctionalInterface
public interface WaitTarget {
  /// The task that alone can end the wait.
  ///
  /// @return its index, or [Scheduler#NO_TASK] if that may be anybody
  int holder();
}
