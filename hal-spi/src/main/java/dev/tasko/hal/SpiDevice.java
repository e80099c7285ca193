package dev.tasko.hal;

import org.agrona.concurrent.NanoClock;

/// One chip-selected device: all that a driver sees.
///
/// Behind it the caller's thread may block or the caller's task may be suspended, for the bus and
/// for the wire; a driver cannot tell. A driver waits by [#delayNs] and measures by [#clock].
///
/// Thread: one task at a time. Allocates: at preparation, and for a failure.
public interface SpiDevice {
  /// Returns where the device is.
  ///
  /// @return bus and select, such as `sim:0/D4`
  String name();

  /// Returns how the device uses the bus.
  ///
  /// @return the configuration of the next message
  SpiConfig config();

  /// Changes how the device uses the bus, from the next message on. Not within a selection.
  ///
  /// @param config the new configuration
  /// @throws IllegalStateException if a selection is open
  void configure(SpiConfig config);

  /// Returns the limits of messages.
  ///
  /// @return the same object each time
  SpiCapabilities capabilities();

  /// Returns the clock for a driver's time limits.
  ///
  /// @return the injected clock
  NanoClock clock();

  /// Waits without holding the bus, unless a selection is open.
  ///
  /// @param delayNs relative
  void delayNs(long delayNs);

  /// Prepares a message of one segment.
  ///
  /// @param bytes its length
  /// @return the message, transmitting zeros
  /// @throws IllegalArgumentException if the device could not take it
  default SpiMessage prepare(int bytes) {
    return SpiMessage.prepare(capabilities(), bytes);
  }

  /// Prepares a message of several segments.
  ///
  /// @param segmentBytes the length of each segment
  /// @param delayAfterUs the wait after each segment, in microseconds
  /// @return the message, transmitting zeros
  /// @throws IllegalArgumentException if the device could not take it
  default SpiMessage prepare(int[] segmentBytes, int[] delayAfterUs) {
    return SpiMessage.prepare(capabilities(), segmentBytes, delayAfterUs);
  }

  /// Selects the device, exchanges the message, deselects it, and gives the clocks after deselect.
  ///
  /// The device is deselected on every way out.
  ///
  /// @param message whose receive buffer is filled
  /// @return done, or what was wrong
  /// @throws IllegalStateException if a selection is open
  TransferResult transfer(SpiMessage message);

  /// Selects the device until the scope is closed; the bus is held meanwhile.
  ///
  /// @return the scope, one reused object
  /// @throws IllegalStateException if a selection is open
  Selection select();

  /// Holds the bus and gives clocks with this device's select inactive and the transmit line high.
  ///
  /// @param clocks how many at least
  /// @return done, or what was wrong
  /// @throws IllegalStateException if a selection is open
  TransferResult idleClocks(int clocks);

  /// The scope in which a device stays selected over several messages.
  interface Selection extends AutoCloseable {
    /// Exchanges one message; the device stays selected.
    ///
    /// @param message whose receive buffer is filled
    /// @return done, or what was wrong
    /// @throws IllegalStateException if the selection is closed
    TransferResult transfer(SpiMessage message);

    /// Deselects the device, gives the clocks after deselect, frees the bus. Twice does nothing.
    ///
    /// @throws HalException if the line stays low or the clocks after deselect fail
    @Override
    void close();
  }
}
