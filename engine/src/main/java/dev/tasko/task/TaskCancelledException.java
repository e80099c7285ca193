package dev.tasko.task;

/// Thrown at a task's suspension point when the task is to end, so that its `finally` blocks run.
/// Thrown again at each further suspension point outside a shield. Not to be caught, except to be
/// thrown on.
public final class TaskCancelledException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Names the task, what it was waiting in and the reason.
  ///
  /// @param operation the suspending operation, for example `sleep`
  /// @param taskName the task
  /// @param reason completes "is cancelled ..."
  public TaskCancelledException(String operation, String taskName, String reason) {
    super(operation + ": task " + taskName + " is cancelled " + reason);
  }
}
