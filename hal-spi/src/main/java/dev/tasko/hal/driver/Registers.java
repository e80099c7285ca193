package dev.tasko.hal.driver;

import org.agrona.DirectBuffer;

/// The registers of a part, however it is wired. What is sent is prepared once.
interface Registers {
  /// Returns the device's name, for messages.
  String name();

  /// Waits without using the bus.
  void delayNs(long delayNs);

  /// Prepares to read registers that follow each other.
  Access reading(int register, int bytes);

  /// Prepares to write, one register after the other in one transfer.
  Access writing(int... registersAndValues);

  /// One prepared transfer.
  interface Access {
    /// Does it.
    ///
    /// @return what was read, from the first register on; the same buffer each time
    /// @throws dev.tasko.hal.HalException if the bus fails
    DirectBuffer transfer();
  }
}
