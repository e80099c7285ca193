package dev.tasko.hal;

/// Runs actions at a time, on behalf of peripherals that act by themselves.
///
/// In virtual time a loop's own timers stand behind it; in real time a thread.
@FunctionalInterface
public interface Later {
  /// Arms an action. It runs once, never early, and must not block.
  ///
  /// @param deadlineNs absolute, in the time base of the clock that goes with this; past means soon
  /// @param action what to run; actions of one deadline run in the order of arming
  void runAtNs(long deadlineNs, Runnable action);
}
