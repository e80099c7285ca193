package dev.tasko.hal.bus;

import dev.tasko.hal.DigitalPin;
import dev.tasko.hal.SpiBus;
import dev.tasko.hal.SpiCapabilities;
import dev.tasko.hal.SpiConfig;
import dev.tasko.hal.SpiDevice;
import dev.tasko.hal.SpiMessage;
import dev.tasko.hal.TransferResult;
import dev.tasko.task.Scheduler;

/// A bus whose transfers are not broken off: a task that is cancelled, or whose time is over, while
/// it is on the wire finishes the transfer, and is told at its next wait. So a chip is never left
/// in the middle of a command, and the select line goes up after the last clock, not before.
///
/// Thread: the loop's, in a task. Allocates: no.
public final class ShieldedBus extends ForwardingBus<SpiBus> implements SpiBus {
  private final Scheduler scheduler;

  /// Shields a bus.
  ///
  /// @param scheduler of the loop whose tasks use it
  /// @param bus suspends the task that uses it
  public ShieldedBus(Scheduler scheduler, SpiBus bus) {
    super(bus);
    this.scheduler = scheduler;
  }

  @Override
  public SpiCapabilities capabilities() {
    return bus.capabilities();
  }

  @Override
  public TransferResult transfer(SpiMessage message, SpiConfig config) {
    scheduler.beginShield("transfer");
    try {
      return bus.transfer(message, config);
    } finally {
      scheduler.endShield();
    }
  }

  @Override
  public TransferResult idleClocks(int clocks, SpiConfig config) {
    scheduler.beginShield("idleClocks");
    try {
      return bus.idleClocks(clocks, config);
    } finally {
      scheduler.endShield();
    }
  }

  /// The bus knows which pins can select on it.
  @Override
  public SpiDevice device(DigitalPin select, SpiConfig config) {
    bus.device(select, config);
    return SpiBus.super.device(select, config);
  }
}
