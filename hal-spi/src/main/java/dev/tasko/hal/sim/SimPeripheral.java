package dev.tasko.hal.sim;

import dev.tasko.hal.SpiConfig;
import org.jspecify.annotations.Nullable;

/// A simulated chip on an SPI bus.
///
/// The bus tells it everything with the time at which it happens, so a chip reads no clock: bytes
/// of one message arrive at the times they would have on the wire, although they are handed over in
/// one go at its end.
public interface SimPeripheral {
  /// Chip select fell.
  ///
  /// @param nowNs when
  void select(long nowNs);

  /// Eight clocks with chip select low.
  ///
  /// @param mosi the byte sent to the chip, 0 to 255
  /// @param nowNs when the byte began
  /// @return the byte the chip sends meanwhile, 0 to 255
  int exchange(int mosi, long nowNs);

  /// Chip select rose.
  ///
  /// @param nowNs when
  void deselect(long nowNs);

  /// Clocks on the bus while chip select is high.
  ///
  /// @param clocks how many
  /// @param mosiHigh whether the transmit line stayed high throughout
  void idleClocks(int clocks, boolean mosiHigh);

  /// Returns whether the chip drives the shared receive line although it is not selected.
  ///
  /// @return true until it has been given the clocks it needs to let go
  boolean holdsMiso();

  /// Returns what the chip cannot do with a configuration.
  ///
  /// @param config clock and mode of a message to it
  /// @return the reason, as `name: value (expected: rule)`, or null if it can
  @Nullable String refusal(SpiConfig config);
}
