package dev.tasko.hal.bus;

import dev.tasko.Loop;
import dev.tasko.hal.Bus;

/// A blocking bus as the tasks of a loop see it: a transfer suspends the task while a thread of the
/// bus carries it out. The loop never waits for the wire.
abstract class OffLoopBus<B extends Bus> extends ForwardingBus<B> implements AutoCloseable {
  final HandOver handOver;
  private final Loop loop;

  OffLoopBus(Loop loop, B bus) {
    super(bus);
    this.loop = loop;
    handOver = new HandOver(loop, bus.name());
  }

  @Override
  public boolean delaySuspends() {
    return true;
  }

  /// Suspends the task on the loop's own timers; the bus has no part in it.
  @Override
  public void delayNs(long delayNs) {
    loop.sleepNs(delayNs);
  }

  /// Finishes what is on the wire and ends the thread.
  @Override
  public void close() {
    handOver.close();
  }
}
