package dev.tasko.hal.bus;

import dev.tasko.hal.I2cBus;
import dev.tasko.hal.TransferResult;
import dev.tasko.task.Scheduler;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.NanoClock;

/// An I2C bus whose transfers are not broken off, for the reason of [ShieldedBus]: a device left
/// between start and stop holds the data line.
///
/// Thread: the loop's, in a task. Allocates: no.
public final class ShieldedI2c implements I2cBus {
  private final Scheduler scheduler;
  private final I2cBus bus;

  /// Shields a bus.
  ///
  /// @param scheduler of the loop whose tasks use it
  /// @param bus suspends the task that uses it
  public ShieldedI2c(Scheduler scheduler, I2cBus bus) {
    this.scheduler = scheduler;
    this.bus = bus;
  }

  @Override
  public String name() {
    return bus.name();
  }

  @Override
  public boolean delaySuspends() {
    return bus.delaySuspends();
  }

  @Override
  public NanoClock clock() {
    return bus.clock();
  }

  /// A wait between transfers, which may be broken off.
  @Override
  public void delayNs(long delayNs) {
    bus.delayNs(delayNs);
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
