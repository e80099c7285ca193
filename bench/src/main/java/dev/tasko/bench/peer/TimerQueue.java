package dev.tasko.bench.peer;

/// What every timer engine in the comparison can do. Each delivers a `long` payload and knows its
/// timers by a `long` handle.
///
/// One fork of a benchmark loads one implementation, so calls through this interface are bound
/// statically by the JIT compiler and cost nothing. What is decided here is what holds for an
/// engine of objects that fires when it is polled.
///
/// Thread: one. The engines with threads of their own ([#isOnWallClock]) are called from one too.
public interface TimerQueue extends AutoCloseable {
  /// What [#schedule] returns when there is no room.
  long NO_HANDLE = Long.MIN_VALUE;

  /// What [#nextDeadlineNs] returns when there is none, or when the engine cannot tell.
  long NO_DEADLINE = Long.MAX_VALUE;

  /// Receives what has come due.
  @FunctionalInterface
  interface Expiry {
    /// One timer has come due. May schedule.
    ///
    /// @param payload as scheduled
    void onTimer(long payload);
  }

  /// Arms a timer.
  ///
  /// @param deadlineNs absolute
  /// @param payload handed to the [Expiry]
  /// @return a handle, or [#NO_HANDLE]
  long schedule(long deadlineNs, long payload);

  /// Disarms a timer.
  ///
  /// @param handle as [#schedule] or [#postpone] returned it last
  /// @return whether it was armed
  boolean cancel(long handle);

  /// Gives an armed timer another deadline; engines without such an operation cancel and schedule.
  ///
  /// @param handle as [#schedule] or [#postpone] returned it last
  /// @param deadlineNs absolute
  /// @return the handle from here on
  long postpone(long handle, long deadlineNs);

  /// Fires everything that is due, as one poll of the application would.
  ///
  /// @param nowNs the present, not before an earlier call's
  /// @return how many were fired; 0 for engines on the wall clock, which fire by themselves
  int advanceTo(long nowNs);

  /// The earliest deadline.
  ///
  /// @return absolute, or [#NO_DEADLINE]
  long nextDeadlineNs();

  /// How many timers are armed.
  ///
  /// @return as the engine counts
  int size();

  /// The memory it holds, by arithmetic over its arrays and buffers.
  ///
  /// @return bytes, or -1 where timers are objects of unknown size
  default long bytes() {
    return -1;
  }

  /// The present, by which deadlines are compared.
  ///
  /// @param simulatedNs the caller's own
  /// @return the same, or that of the system's clock for engines that go by it
  default long nowNs(long simulatedNs) {
    return simulatedNs;
  }

  /// Whether it fires by the system's clock on a thread of its own, not in [#advanceTo].
  ///
  /// @return false for everything that can be compared one to one
  default boolean isOnWallClock() {
    return false;
  }

  /// Ends its threads, if it has any.
  @Override
  default void close() {}
}
