package dev.tasko.safety;

/// A loop did not get on, or its thread has ended, and so the outputs were driven without it. The
/// stack trace is that of the code that ran then.
public final class StalledException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String culprit;
  private final long stalledNs;
  private final String tasks;

  StalledException(
      String message, String culprit, long stalledNs, String tasks, StackTraceElement[] stack) {
    super(message);
    this.culprit = culprit;
    this.stalledNs = stalledNs;
    this.tasks = tasks;
    setStackTrace(stack);
  }

  /// Who ran.
  ///
  /// @return `task` and its name, or what it was besides
  public String culprit() {
    return culprit;
  }

  /// For how long, at least, the loop had not got on when it was noticed.
  ///
  /// @return ns
  public long stalledNs() {
    return stalledNs;
  }

  /// All tasks in words, as [dev.tasko.Pulse#dump] saw them.
  ///
  /// @return some lines for each
  public String tasks() {
    return tasks;
  }
}
