package dev.tasko.hal.bus;

import dev.tasko.Loop;
import dev.tasko.hal.I2cBus;
import dev.tasko.hal.TransferResult;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/// A blocking I2C bus as the tasks of a loop see it: a transfer suspends the task while a thread of
/// the bus carries it out. The caller holds the bus, so one transaction serves for all.
///
/// Thread: the loop's. Allocates: no, unless a transfer fails.
public final class HandedOverI2c extends OffLoopBus<I2cBus> implements I2cBus {
  private final I2cTransaction transaction;

  /// Starts the thread of the bus.
  ///
  /// @param loop whose tasks use it
  /// @param bus blocks its caller
  public HandedOverI2c(Loop loop, I2cBus bus) {
    super(loop, bus);
    transaction = new I2cTransaction(bus);
  }

  @Override
  public TransferResult writeRead(
      int address, DirectBuffer out, int outBytes, MutableDirectBuffer in, int inBytes) {
    return handOver.perform(transaction.of(address, out, outBytes, in, inBytes));
  }
}
