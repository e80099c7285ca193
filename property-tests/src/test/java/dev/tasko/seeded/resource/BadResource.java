package dev.tasko.seeded.resource;

import dev.tasko.seeded.hal.BadBus;
import dev.tasko.seeded.wheel.BadWheel;

/// Breaks on purpose: a resource that arms timers itself, on a bus it knows.
public class BadResource {
  /// To be imported, not made.
  public BadResource() {}

  /// Uses the wheel and the hardware.
  ///
  /// @param wheel below the loop
  /// @param bus above all
  /// @return a number
  public int uses(BadWheel wheel, BadBus bus) {
    return wheel.hashCode() + bus.hashCode();
  }
}
