package dev.tasko.hal.bus;

import dev.tasko.hal.I2cBus;
import dev.tasko.hal.TransferResult;
import java.util.Objects;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/// A write and a read, of which one may be empty.
final class I2cTransaction extends Transaction {
  private final I2cBus bus;
  private int address;
  private @Nullable DirectBuffer out;
  private int outBytes;
  private @Nullable MutableDirectBuffer in;
  private int inBytes;

  I2cTransaction(I2cBus bus) {
    this.bus = bus;
  }

  I2cTransaction of(
      int newAddress,
      DirectBuffer newOut,
      int newOutBytes,
      MutableDirectBuffer newIn,
      int newInBytes) {
    address = newAddress;
    out = newOut;
    outBytes = newOutBytes;
    in = newIn;
    inBytes = newInBytes;
    return this;
  }

  @Override
  TransferResult transfer() {
    return bus.writeRead(
        address, Objects.requireNonNull(out), outBytes, Objects.requireNonNull(in), inBytes);
  }
}
