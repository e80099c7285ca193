package dev.tasko.hal.bus;

import dev.tasko.hal.I2cBus;
import dev.tasko.hal.TransferResult;
import dev.tasko.task.Scheduler;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/// An I2C bus whose transfers are not broken off, for the reason of [ShieldedBus]: a device left
/// between start and stop holds the data line.
///
/// Thread: the loop's, in a task. Allocates: no.
public final class ShieldedI2c extends ForwardingBus<I2cBus> implements I2cBus {
  private final Scheduler scheduler;

  /// Shields a bus.
  ///
  /// @param scheduler of the loop whose tasks use it
  /// @param bus suspends the task that uses it
  public ShieldedI2c(Scheduler scheduler, I2cBus bus) {
    super(bus);
    this.scheduler = scheduler;
  }

  @Override
  public TransferResult writeRead(
      int address, DirectBuffer out, int outBytes, MutableDirectBuffer in, int inBytes) {
    scheduler.beginShield("writeRead");
    try {
      return bus.writeRead(address, out, outBytes, in, inBytes);
    } finally {
      scheduler.endShield();
    }
  }
}
