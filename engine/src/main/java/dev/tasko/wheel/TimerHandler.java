package dev.tasko.wheel;

/// Receives timers as a [TimerWheel] fires them.
@FunctionalInterface
public interface TimerHandler {
  /// One timer has come due.
  ///
  /// Thread: the caller of `poll`. It may schedule, cancel and postpone, the fired timer included:
  /// to postpone it is to arm it again under the same handle. It may not poll. What it throws
  /// leaves `poll`; the timer is consumed all the same, unless it was armed again, and the others
  /// fire in the next poll.
  ///
  /// @param handle the fired timer's handle, valid until this call returns
  /// @param payload the value given when it was scheduled
  /// @param deadlineNs the deadline it was armed for, absolute
  void onTimer(long handle, long payload, long deadlineNs);
}
