package dev.tasko.seeded.safety;

import dev.tasko.seeded.wheel.BadWheel;

/// Breaks on purpose: a safe stop that looks into the wheel.
public class BadSafety {
  /// To be imported, not made.
  public BadSafety() {}

  /// Uses the wheel.
  ///
  /// @param wheel below the loop
  /// @return a number
  public int uses(BadWheel wheel) {
    return wheel.hashCode();
  }
}
