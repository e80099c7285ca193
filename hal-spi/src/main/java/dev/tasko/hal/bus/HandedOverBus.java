package dev.tasko.hal.bus;

import dev.tasko.Loop;
import dev.tasko.hal.DigitalPin;
import dev.tasko.hal.SpiBus;
import dev.tasko.hal.SpiCapabilities;
import dev.tasko.hal.SpiConfig;
import dev.tasko.hal.SpiDevice;
import dev.tasko.hal.SpiMessage;
import dev.tasko.hal.TransferResult;

/// A blocking bus as the tasks of a loop see it: a transfer suspends the task while a thread of the
/// bus carries it out. The loop never waits for the wire.
///
/// The caller holds the bus, so there is at most one transaction under way, and one object serves
/// for all.
///
/// Thread: the loop's. Allocates: no, unless a transfer fails.
public final class HandedOverBus extends OffLoopBus<SpiBus> implements SpiBus {
  private final SpiTransaction transaction;

  /// Starts the thread of the bus.
  ///
  /// @param loop whose tasks use it
  /// @param bus blocks its caller
  public HandedOverBus(Loop loop, SpiBus bus) {
    super(loop, bus);
    transaction = new SpiTransaction(bus);
  }

  @Override
  public SpiCapabilities capabilities() {
    return bus.capabilities();
  }

  /// The bus knows which pins can select on it.
  @Override
  public SpiDevice device(DigitalPin select, SpiConfig config) {
    bus.device(select, config);
    return SpiBus.super.device(select, config);
  }

  @Override
  public TransferResult transfer(SpiMessage message, SpiConfig config) {
    return handOver.perform(transaction.ofMessage(message, config));
  }

  @Override
  public TransferResult idleClocks(int clocks, SpiConfig config) {
    return handOver.perform(transaction.ofClocks(clocks, config));
  }
}
