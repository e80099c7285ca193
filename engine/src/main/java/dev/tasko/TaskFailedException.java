package dev.tasko;

/// Thrown to whoever waits for a task that failed or was cancelled. The cause is what its body
/// threw; of a group, the first failure, with the others suppressed.
public final class TaskFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TaskFailedException(String operation, Task task, Throwable cause) {
    super(operation + ": task " + task.name() + " failed: " + cause, cause);
  }

  private TaskFailedException(TaskFailedException first) {
    super(first.getMessage(), first.getCause());
  }

  /// The same for a further suspension point. Who closes something while it is thrown, and waits
  /// there, would find it suppressed in itself.
  TaskFailedException again() {
    return new TaskFailedException(this);
  }
}
