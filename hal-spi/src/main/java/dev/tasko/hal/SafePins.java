package dev.tasko.hal;

import dev.tasko.safety.SafeStop;

/// Registers lines with a [SafeStop]: those that any thread may drive so that its watchdog can, the
/// others for the loop's thread.
///
/// ```java
/// SafePins.output(safe, hal.pin("D7"), false);   // the heater's relay: off
/// SafePins.chipSelect(safe, hal.pin("D5"));      // no chip stays selected
/// ```
public final class SafePins {
  private SafePins() {}

  /// Registers an output, by its name.
  ///
  /// @param safe before it runs
  /// @param pin driven at each stop
  /// @param safeHigh the level that is safe
  /// @throws IllegalArgumentException if the pin is registered already
  public static void output(SafeStop safe, DigitalPin pin, boolean safeHigh) {
    if (pin.drivesFromAnyThread()) {
      safe.output(pin.name(), () -> pin.setHigh(safeHigh));
    } else {
      safe.outputOnLoop(pin.name(), () -> pin.setHigh(safeHigh));
    }
  }

  /// Registers a chip select, to be released. A task that ends releases its own; this is for the
  /// one that cannot end. A transfer that is then on the wire fails.
  ///
  /// @param safe before it runs
  /// @param pin active low
  /// @throws IllegalArgumentException if the pin is registered already
  public static void chipSelect(SafeStop safe, DigitalPin pin) {
    output(safe, pin, true);
  }
}
