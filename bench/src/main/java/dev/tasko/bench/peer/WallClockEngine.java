package dev.tasko.bench.peer;

/// A timer engine that fires by the system's clock on a thread of its own. Its timers are objects.
///
/// Thread: any.
public interface WallClockEngine extends AutoCloseable {
  /// Starts a timer.
  ///
  /// @param expiry called on the engine's thread
  /// @param payload handed to it
  /// @param delayNs from now; not positive means at once
  /// @return the timer
  Object start(TimerQueue.Expiry expiry, long payload, long delayNs);

  /// Stops a timer.
  ///
  /// @param timer as [#start] returned it
  /// @return whether it will not fire
  boolean stop(Object timer);

  /// Gives a timer another delay; engines without such an operation stop it and start another.
  ///
  /// @param timer as [#start] or this method returned it last
  /// @param expiry as for [#start]
  /// @param payload as for [#start]
  /// @param delayNs as for [#start]
  /// @return the timer from here on, or the same when it had fired before
  default Object restart(Object timer, TimerQueue.Expiry expiry, long payload, long delayNs) {
    return stop(timer) ? start(expiry, payload, delayNs) : timer;
  }

  /// Ends its threads.
  @Override
  void close();
}
