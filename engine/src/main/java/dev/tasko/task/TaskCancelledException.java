package dev.tasko.task;

/// Thrown at a task's suspension point when the task is to end, so that its `finally` blocks run.
/// Thrown again at each further suspension point. Not to be caught, except to be thrown on.
public final class TaskCancelledException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Names the task and what it was waiting in.
  ///
  /// @param taskName the task
  /// @param operation the suspending operation, for example `sleep`
  public TaskCancelledException(String taskName, String operation) {
    super(operation + ": task " + taskName + " is cancelled because its loop is closing");
  }
}
