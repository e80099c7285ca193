package dev.tasko.seeded.wakeup;

import dev.tasko.seeded.BadLoop;

/// Breaks on purpose: a wakeup that knows the loop.
public class BadWakeup {
  /// To be imported, not made.
  public BadWakeup() {}

  /// Uses the loop.
  ///
  /// @param loop above
  /// @return a number
  public int uses(BadLoop loop) {
    return loop.hashCode();
  }
}
