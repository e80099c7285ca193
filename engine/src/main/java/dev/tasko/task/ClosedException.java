package dev.tasko.task;

/// Thrown where a channel or mailbox can give or take nothing any more, because it is closed. It is
/// the regular end of a conversation: a receiver gets it after the last value.
public final class ClosedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Names what was tried and what is closed.
  ///
  /// @param operation for example `receive`
  /// @param closed what is closed, for example `channel orders`
  public ClosedException(String operation, Object closed) {
    super(operation + ": " + closed + " is closed (expected: open)");
  }
}
