package dev.tasko.task;

/// Thrown at a task's suspension point when the time given to a block is over. Thrown again at each
/// further suspension point in that block outside a shield. To be caught around the block.
public final class TaskTimeoutException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Names the task, what it was waiting in and the time it had.
  ///
  /// @param operation the suspending operation, for example `acquire`
  /// @param taskName the task
  /// @param limitNs the time given, ns
  public TaskTimeoutException(String operation, String taskName, long limitNs) {
    super(operation + ": task " + taskName + " is over its time limit of " + limitNs + " ns");
  }
}
