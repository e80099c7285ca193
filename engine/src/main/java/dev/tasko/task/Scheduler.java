package dev.tasko.task;

/// What a waiting primitive (an interrupt, a resource, a driver) may ask of the loop it belongs to.
/// Tasks are named by index; an index is good while its task lives.
///
/// Thread: the loop's. No method allocates.
public interface Scheduler {
  /// No task.
  int NO_TASK = -1;

  /// What a suspended task waits for.
  enum WaitFor {
    /// Another task. `run` does not wait for it: when nothing else is left, nobody will come.
    TASK,
    /// An event from outside the loop. `run` waits for it.
    EVENT,
    /// Another thread that was given something to do. `run` waits for it, and virtual time stands
    /// still until it is done.
    HANDED_OVER
  }

  /// The running task, as one that may be suspended.
  ///
  /// @param operation for the error message, for example `acquire`
  /// @return its index
  /// @throws IllegalStateException outside a task, in a callback, on a foreign thread, or if the
  ///   task has a suspension that it has not awaited
  int suspendableTask(String operation);

  /// The running task.
  ///
  /// @return its index, or [#NO_TASK] outside a task
  int currentTask();

  /// Suspends the running task until [#resume].
  ///
  /// @param operation for the error message
  /// @param waitFor who will resume it
  /// @throws TaskCancelledException if the loop is being closed
  void suspend(String operation, WaitFor waitFor);

  /// Puts a suspended task at the end of the ready queue: it runs in the next step.
  ///
  /// @param task must be suspended
  void resume(int task);

  /// Suspends the running task for a time.
  ///
  /// @param delayNs from now; not positive lets other tasks of this step go first
  void sleepNs(long delayNs);

  /// The loop's clock.
  ///
  /// @return nanoseconds in the loop's time base
  long nowNs();

  /// The name of a task, for messages.
  ///
  /// @param task its index
  /// @return as given, or made up from its kind and index
  String taskName(int task);

  /// The tasks' records.
  ///
  /// @return shared, to be written with care
  TaskRecords records();

  /// What each task owns.
  ///
  /// @return shared, to be kept true by what can be owned
  Holdings holdings();

  /// Whether suspensions are checked for held monitors and places are recorded for error messages.
  ///
  /// @return as configured
  boolean isStrict();
}
