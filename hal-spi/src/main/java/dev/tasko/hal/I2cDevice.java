package dev.tasko.hal;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/// One address of an I2C bus, which is all that a driver needs to see. Each call is one
/// transaction.
///
/// Thread: one user at a time. Allocates: only for a failure.
public final class I2cDevice {
  private final I2cBus bus;
  private final int address;
  private final String name;

  I2cDevice(I2cBus bus, int address) {
    this.bus = bus;
    this.address = address;
    this.name = "%s/0x%02x".formatted(bus.name(), address);
  }

  /// Returns bus and address, for messages.
  ///
  /// @return such as `sim:i2c0/0x76`
  public String name() {
    return name;
  }

  /// Waits without using the bus.
  ///
  /// @param delayNs relative
  public void delayNs(long delayNs) {
    bus.delayNs(delayNs);
  }

  /// Writes.
  ///
  /// @param out what to write, from its beginning
  /// @param bytes how many
  /// @return done, or what was wrong
  public TransferResult write(DirectBuffer out, int bytes) {
    return bus.write(address, out, bytes);
  }

  /// Reads, from wherever the device goes on.
  ///
  /// @param in where to put it, from its beginning; untouched by a failure
  /// @param bytes how many
  /// @return done, or what was wrong
  public TransferResult read(MutableDirectBuffer in, int bytes) {
    return bus.read(address, in, bytes);
  }

  /// Writes and reads after a repeated start, mostly to read from a register.
  ///
  /// @param out what to write, from its beginning
  /// @param outBytes how many
  /// @param in where to put what was read, from its beginning; untouched by a failure
  /// @param inBytes how many
  /// @return done, or what was wrong
  public TransferResult writeRead(
      DirectBuffer out, int outBytes, MutableDirectBuffer in, int inBytes) {
    return bus.writeRead(address, out, outBytes, in, inBytes);
  }
}
