package dev.tasko.hal.bus;

import dev.tasko.hal.Bus;
import org.agrona.concurrent.NanoClock;

/// Stands before another bus and is the same in all that a subclass leaves alone.
abstract class ForwardingBus<B extends Bus> implements Bus {
  final B bus;

  ForwardingBus(B bus) {
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

  @Override
  public void delayNs(long delayNs) {
    bus.delayNs(delayNs);
  }
}
