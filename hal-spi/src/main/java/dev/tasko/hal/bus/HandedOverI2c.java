package dev.tasko.hal.bus;

import dev.tasko.Loop;
import dev.tasko.hal.I2cBus;
import dev.tasko.hal.TransferResult;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.NanoClock;

/// A blocking I2C bus as the tasks of a loop see it: a transfer suspends the task while a thread of
/// the bus carries it out. The caller holds the bus, so one transaction serves for all.
///
/// Thread: the loop's. Allocates: no, unless a transfer fails.
public final class HandedOverI2c implements I2cBus, AutoCloseable {
  private final Loop loop;
  private final I2cBus bus;
  private final HandOver handOver;
  private final I2cTransaction transaction;

  /// Starts the thread of the bus.
  ///
  /// @param loop whose tasks use it
  /// @param bus blocks its caller
  public HandedOverI2c(Loop loop, I2cBus bus) {
    this.loop = loop;
    this.bus = bus;
    handOver = new HandOver(loop, bus.name());
    transaction = new I2cTransaction(bus);
  }

  @Override
  public String name() {
    return bus.name();
  }

  @Override
  public boolean delaySuspends() {
    return true;
  }

  @Override
  public NanoClock clock() {
    return bus.clock();
  }

  /// Suspends the task on the loop's own timers; the bus has no part in it.
  @Override
  public void delayNs(long delayNs) {
    loop.sleepNs(delayNs);
  }

  @Override
  public TransferResult writeRead(
      int address, DirectBuffer out, int outBytes, MutableDirectBuffer in, int inBytes) {
    return handOver.perform(transaction.of(address, out, outBytes, in, inBytes));
  }

  /// Finishes what is on the wire and ends the thread.
  @Override
  public void close() {
    handOver.close();
  }
}
