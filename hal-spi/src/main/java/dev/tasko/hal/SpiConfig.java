package dev.tasko.hal;

/// How one device wants its bus: applied to every message of that device.
///
/// The clocks after deselect belong here and not to drivers: they must be given before anybody else
/// gets the bus, because some cards hold the data line until they have seen them.
///
/// @param clockHz the bit rate
/// @param mode 0 to 3: clock polarity times two plus clock phase
/// @param clocksAfterDeselect clocks given with chip select inactive after each deselect, 0 for
///   none
public record SpiConfig(int clockHz, int mode, int clocksAfterDeselect) {
  /// Checks the values.
  ///
  /// @throws IllegalArgumentException if one is out of its range
  public SpiConfig {
    if (clockHz <= 0) {
      throw new IllegalArgumentException("clockHz: " + clockHz + " (expected: > 0)");
    }
    if (mode < 0 || mode > 3) {
      throw new IllegalArgumentException("mode: " + mode + " (expected: 0 to 3)");
    }
    if (clocksAfterDeselect < 0) {
      throw new IllegalArgumentException(
          "clocksAfterDeselect: " + clocksAfterDeselect + " (expected: >= 0)");
    }
  }

  /// Makes a configuration without clocks after deselect.
  ///
  /// @param clockHz the bit rate
  /// @param mode 0 to 3
  public SpiConfig(int clockHz, int mode) {
    this(clockHz, mode, 0);
  }

  /// Returns how long bytes take on the wire, rounded up.
  ///
  /// @param bytes how many
  /// @return eight clocks a byte, in nanoseconds
  public long wireNs(long bytes) {
    return clocksNs(8 * bytes);
  }

  /// Returns how long clocks take, rounded up.
  ///
  /// @param clocks how many, at most 9 thousand million
  /// @return the time in nanoseconds
  public long clocksNs(long clocks) {
    return (clocks * 1_000_000_000L + clockHz - 1) / clockHz;
  }
}
