package dev.tasko.hal.sim;

/// A simulated chip on an I2C bus.
///
/// As with [SimPeripheral], the bus tells it everything with the time at which it happens.
public interface SimI2cDevice {
  /// Returns whether the chip acknowledges its address.
  ///
  /// @return false while it is not on this bus
  boolean acknowledges();

  /// A start, or repeated start, with the chip's address.
  ///
  /// @param reading the direction bit
  /// @param nowNs when
  void start(boolean reading, long nowNs);

  /// A byte written to the chip.
  ///
  /// @param value 0 to 255
  /// @param nowNs when the byte began
  void write(int value, long nowNs);

  /// A byte read from the chip.
  ///
  /// @param nowNs when the byte began
  /// @return 0 to 255
  int read(long nowNs);
}
