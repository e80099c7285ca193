package dev.tasko;

import dev.tasko.wakeup.Sleeper;
import org.agrona.concurrent.NanoClock;

/// A clock that stands still until the loop has nothing to do, and then is where the next deadline
/// is. Give it to a loop as clock and sleeper; hours pass in milliseconds, the same way every time.
///
/// Thread: the loop's.
public final class VirtualTime implements NanoClock, Sleeper {
  private long nowNs;

  /// Starts a clock.
  ///
  /// @param startNs its first reading
  public VirtualTime(long startNs) {
    nowNs = startNs;
  }

  @Override
  public long nanoTime() {
    return nowNs;
  }

  /// Lets time pass while something runs.
  ///
  /// @param elapsedNs not negative
  /// @throws IllegalArgumentException if it is negative
  public void advance(long elapsedNs) {
    if (elapsedNs < 0) {
      throw new IllegalArgumentException("elapsedNs: " + elapsedNs + " (expected: >= 0)");
    }
    nowNs += elapsedNs;
  }

  @Override
  public void sleepUntil(long deadlineNs) {
    if (deadlineNs - nowNs > 0) {
      nowNs = deadlineNs;
    }
  }
}
