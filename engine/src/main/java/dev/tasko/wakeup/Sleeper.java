package dev.tasko.wakeup;

/// How time passes when a loop has nothing to do and no other thread works for it. Injected, so
/// that virtual time needs no waiting.
@FunctionalInterface
public interface Sleeper {
  /// Lets time pass until the deadline. It may return early; the loop looks again.
  ///
  /// Thread: the loop's.
  ///
  /// @param deadlineNs absolute, in the loop clock's time base
  void sleepUntil(long deadlineNs);
}
