package dev.tasko.hal;

/// Open hardware: buses, pins and edge inputs by name.
///
/// Asking twice for one name gives the same object. Asking is for set-up and may allocate.
public interface Hal extends AutoCloseable {
  /// Returns an SPI bus.
  ///
  /// @param address provider and number, such as `sim:0`
  /// @return the bus
  /// @throws IllegalArgumentException naming the buses that exist if there is none of that address
  SpiBus spi(String address);

  /// Returns an I2C bus.
  ///
  /// @param name provider and bus, such as `sim:i2c0`
  /// @return the bus
  /// @throws IllegalArgumentException naming the buses that exist if there is none of that name
  I2cBus i2c(String name);

  /// Returns a pin.
  ///
  /// @param name such as `D4`
  /// @return the pin
  /// @throws IllegalArgumentException naming the pins that exist if there is none of that name
  DigitalPin pin(String name);

  /// Returns an input that reports its edges.
  ///
  /// @param name such as `BUTTON`
  /// @return the input
  /// @throws IllegalArgumentException naming the inputs that exist if there is none of that name
  EdgeInput edges(String name);

  /// Releases everything. Transfers that come later answer `CLOSED`; closing twice does nothing.
  @Override
  void close();
}
