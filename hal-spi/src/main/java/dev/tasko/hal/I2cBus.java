package dev.tasko.hal;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/// A two-wire bus, seen by its one master.
///
/// A transfer is one transaction from start to stop. Whoever implements this implements
/// [#writeRead]; the other two are it with one half empty:
///
/// ```text
///   write       S addr+W · out... · P
///   read                                     S addr+R · in... · P
///   writeRead   S addr+W · out... · Sr (no stop between) addr+R · in... · P
/// ```
///
/// Drivers use an [I2cDevice] instead.
///
/// Thread: one user at a time, but not always the same thread. Allocates: only for a failure.
public interface I2cBus extends Bus {
  /// The least address that is not reserved.
  int MIN_ADDRESS = 0x08;

  /// The greatest address that is not reserved.
  int MAX_ADDRESS = 0x77;

  /// Writes, and then reads after a repeated start, so that nobody comes between the two. A half of
  /// zero bytes is left out; with both empty the device is asked for its acknowledge only.
  ///
  /// @param address of seven bits
  /// @param out what to write, from its beginning
  /// @param outBytes how many
  /// @param in where to put what was read, from its beginning; untouched by a failure
  /// @param inBytes how many
  /// @return done, or what was wrong
  /// @throws IllegalArgumentException if the address is reserved or a buffer is too short
  TransferResult writeRead(
      int address, DirectBuffer out, int outBytes, MutableDirectBuffer in, int inBytes);

  /// Writes.
  ///
  /// @param address of seven bits
  /// @param out what to write, from its beginning
  /// @param bytes how many
  /// @return done, or what was wrong
  /// @throws IllegalArgumentException if the address is reserved or the buffer is too short
  default TransferResult write(int address, DirectBuffer out, int bytes) {
    return writeRead(address, out, bytes, NoBytes.BUFFER, 0);
  }

  /// Reads, from wherever the device goes on.
  ///
  /// @param address of seven bits
  /// @param in where to put it, from its beginning; untouched by a failure
  /// @param bytes how many
  /// @return done, or what was wrong
  /// @throws IllegalArgumentException if the address is reserved or the buffer is too short
  default TransferResult read(int address, MutableDirectBuffer in, int bytes) {
    return writeRead(address, NoBytes.BUFFER, 0, in, bytes);
  }

  /// Makes a device of one address.
  ///
  /// @param address of seven bits
  /// @return the device, for one user at a time; nothing is sent yet
  /// @throws IllegalArgumentException if the address is reserved
  default I2cDevice device(int address) {
    return new I2cDevice(this, requireAddress(address));
  }

  /// Checks the arguments of a transfer, for those who implement this.
  ///
  /// @param address of seven bits
  /// @param out what to write
  /// @param outBytes how many
  /// @param in where to put what was read
  /// @param inBytes how many
  /// @throws IllegalArgumentException if the address is reserved or a buffer is too short
  static void requireTransfer(
      int address, DirectBuffer out, int outBytes, DirectBuffer in, int inBytes) {
    requireAddress(address);
    requireBytes("outBytes", outBytes, out.capacity());
    requireBytes("inBytes", inBytes, in.capacity());
  }

  /// Checks an address.
  ///
  /// @param address of seven bits
  /// @return the address
  /// @throws IllegalArgumentException if it is reserved or none
  static int requireAddress(int address) {
    if (address < MIN_ADDRESS || address > MAX_ADDRESS) {
      throw new IllegalArgumentException(
          "address: 0x%02x (expected: 0x%02x to 0x%02x)"
              .formatted(address, MIN_ADDRESS, MAX_ADDRESS));
    }
    return address;
  }

  private static void requireBytes(String name, int bytes, int capacity) {
    if (bytes < 0 || bytes > capacity) {
      throw new IllegalArgumentException(
          name + ": " + bytes + " (expected: 0 to " + capacity + ", what the buffer holds)");
    }
  }
}
