package dev.tasko.hal.bus;

import dev.tasko.Loop;
import dev.tasko.hal.SpiBus;
import dev.tasko.hal.SpiCapabilities;
import dev.tasko.hal.SpiConfig;
import dev.tasko.hal.SpiMessage;
import dev.tasko.hal.TransferResult;
import org.agrona.concurrent.NanoClock;

/// A blocking bus as the tasks of a loop see it: a transfer suspends the task while a thread of the
/// bus carries it out. The loop never waits for the wire.
///
/// The caller holds the bus, so there is at most one transaction under way, and one object serves
/// for all.
///
/// Thread: the loop's. Allocates: no, unless a transfer fails.
public final class HandedOverBus implements SpiBus, AutoCloseable {
  private final Loop loop;
  private final SpiBus bus;
  private final HandOver handOver;
  private final SpiTransaction transaction;

  /// Starts the thread of the bus.
  ///
  /// @param loop whose tasks use it
  /// @param bus blocks its caller
  public HandedOverBus(Loop loop, SpiBus bus) {
    this.loop = loop;
    this.bus = bus;
    handOver = new HandOver(loop, bus.name());
    transaction = new SpiTransaction(bus);
  }

  @Override
  public String name() {
    return bus.name();
  }

  @Override
  public SpiCapabilities capabilities() {
    return bus.capabilities();
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
  public TransferResult transfer(SpiMessage message, SpiConfig config) {
    return handOver.perform(transaction.ofMessage(message, config));
  }

  @Override
  public TransferResult idleClocks(int clocks, SpiConfig config) {
    return handOver.perform(transaction.ofClocks(clocks, config));
  }

  /// Finishes what is on the wire and ends the thread.
  @Override
  public void close() {
    handOver.close();
  }
}
