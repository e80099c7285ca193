package dev.tasko.hal;

import java.util.concurrent.locks.LockSupport;

/// How a wait passes: a blocked thread, or a suspended task in virtual time.
@FunctionalInterface
public interface Delay {
  /// Returns when at least the given time has passed on the clock that goes with this delay.
  ///
  /// @param delayNs relative; nothing happens when zero or negative
  void delayNs(long delayNs);

  /// Makes a delay that blocks the calling thread against [System#nanoTime].
  ///
  /// It parks for the bulk and spins the rest, since a park overshoots by about the time that a
  /// small transfer takes. An interrupt is kept for the caller and shortens nothing.
  ///
  /// @return a delay without state, for any thread
  static Delay blocking() {
    return Delay::blockNs;
  }

  private static void blockNs(long delayNs) {
    final long spinNs = 60_000;
    final long deadlineNs = System.nanoTime() + delayNs;
    boolean interrupted = false;
    long leftNs = delayNs;
    while (leftNs > 0) {
      if (leftNs > spinNs) {
        LockSupport.parkNanos(leftNs - spinNs);
        interrupted |= Thread.interrupted();
      } else {
        Thread.onSpinWait();
      }
      leftNs = deadlineNs - System.nanoTime();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
