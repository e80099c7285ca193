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
  /// @throws TaskCancelledException if the task is cancelled
  /// @throws TaskTimeoutException if a time limit around the call is over
  int suspendableTask(String operation);

  /// Refuses a call from a foreign thread.
  ///
  /// @param operation for the error message
  /// @throws IllegalStateException on another thread than the loop's
  void requireOnLoop(String operation);

  /// Whether the loop is being closed, which ends every task, or was.
  ///
  /// @return true in whatever bodies do on their way out then
  boolean isClosing();

  /// The running task.
  ///
  /// @return its index, or [#NO_TASK] outside a task
  int currentTask();

  /// Suspends the running task until [#resume]. If it throws, the task was not resumed: the caller
  /// takes it out of its queue and passes the exception on.
  ///
  /// @param operation for the error message
  /// @param waitFor who will resume it
  /// @param target what it waits for, for the report of waiting tasks
  /// @throws TaskCancelledException if the task was cancelled or the loop is being closed; in the
  ///   latter case it may have been resumed
  /// @throws TaskTimeoutException if a time limit was over first
  void suspend(String operation, WaitFor waitFor, WaitTarget target);

  /// Gives a task what it waits for: it goes to the end of the ready queue and runs in the next
  /// step. A cancellation or time limit that has woken it but not run it yet comes too late.
  ///
  /// @param task is in [#suspend], and was not resumed since it went there
  void resume(int task);

  /// Limits the time of the running task's waits until [#endTimeLimit]. Limits are nested.
  ///
  /// @param operation for the error message
  /// @param limitNs from now; not positive means that the next wait throws
  /// @throws IllegalStateException if too many are open
  void beginTimeLimit(String operation, long limitNs);

  /// Ends the limit begun last.
  void endTimeLimit();

  /// Keeps cancellation, and time limits begun before, from the running task's waits until
  /// [#endShield]. Shields and limits are nested.
  ///
  /// @param operation for the error message
  /// @throws IllegalStateException outside a task, in a callback, on a foreign thread, or if too
  ///   many are open
  void beginShield(String operation);

  /// Ends the shield begun last.
  void endShield();

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
