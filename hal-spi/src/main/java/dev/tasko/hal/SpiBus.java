package dev.tasko.hal;

/// An exclusive bus without chip select: whoever calls it has selected exactly one device.
///
/// Drivers use a [SpiDevice] instead; this is for what stands between them and the wire.
///
/// Thread: one user at a time, but not always the same thread. Allocates: only for a failure.
public interface SpiBus extends Bus {
  /// Returns the limits of messages on this bus.
  ///
  /// @return the same object each time
  SpiCapabilities capabilities();

  /// Exchanges a message with the selected device and returns when the last byte has passed.
  ///
  /// If the injected delay throws, nothing is exchanged and the bus is free again.
  ///
  /// @param message whose receive buffer is filled
  /// @param config clock and mode
  /// @return done, or what was wrong
  TransferResult transfer(SpiMessage message, SpiConfig config);

  /// Gives clocks with the transmit line high while no device is selected.
  ///
  /// @param clocks how many at least; hardware may round up to whole bytes
  /// @param config clock and mode
  /// @return done, or what was wrong
  TransferResult idleClocks(int clocks, SpiConfig config);

  /// Makes a device that blocks its caller and drives a select line.
  ///
  /// It takes the bus for granted: without arbitration around it, use one device of a bus at a
  /// time.
  ///
  /// @param select the chip select, deselected at once
  /// @param config clock, mode and clocks after deselect
  /// @return the device
  /// @throws IllegalArgumentException if the pin cannot select on this bus
  default SpiDevice device(DigitalPin select, SpiConfig config) {
    return new PinSelectedDevice(this, select, config);
  }
}
