package dev.tasko.hal;

import org.agrona.concurrent.NanoClock;

/// The plain device: a bus, a line, a configuration, and the caller blocked throughout.
///
/// Its one selection is made with it, so that selecting allocates nothing.
final class PinSelectedDevice implements SpiDevice {
  private final SpiBus bus;
  private final DigitalPin pin;
  private final String name;
  private SpiConfig config;
  private final Scope scope = new Scope();
  private boolean selected;

  PinSelectedDevice(SpiBus bus, DigitalPin pin, SpiConfig config) {
    this.bus = bus;
    this.pin = pin;
    this.config = config;
    this.name = bus.name() + "/" + pin.name();
    pin.deselect();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public SpiConfig config() {
    return config;
  }

  @Override
  public void configure(SpiConfig newConfig) {
    requireClosed("configure");
    config = newConfig;
  }

  @Override
  public SpiCapabilities capabilities() {
    return bus.capabilities();
  }

  @Override
  public NanoClock clock() {
    return bus.clock();
  }

  @Override
  public void delayNs(long delayNs) {
    bus.delayNs(delayNs);
  }

  @Override
  public TransferResult transfer(SpiMessage message) {
    requireClosed("transfer");
    TransferResult result;
    TransferResult after;
    pin.select();
    try {
      result = bus.transfer(message, config);
    } finally {
      after = deselect();
    }
    return result.isDone() ? after : result;
  }

  @Override
  public Selection select() {
    requireClosed("select");
    pin.select();
    selected = true;
    return scope;
  }

  @Override
  public TransferResult idleClocks(int clocks) {
    requireClosed("idleClocks");
    return bus.idleClocks(clocks, config);
  }

  /// Also on the way out of a failure: a chip that still held the line would spoil the next
  /// transfer.
  private TransferResult deselect() {
    pin.deselect();
    int clocks = config.clocksAfterDeselect();
    return clocks == 0 ? TransferResult.DONE : bus.idleClocks(clocks, config);
  }

  private void requireClosed(String step) {
    if (selected) {
      throw new IllegalStateException(
          step + ": " + name + " is selected (expected: close the selection first)");
    }
  }

  private final class Scope implements Selection {
    @Override
    public TransferResult transfer(SpiMessage message) {
      if (!selected) {
        throw new IllegalStateException(
            "transfer: the selection of " + name + " is closed (expected: an open one)");
      }
      return bus.transfer(message, config);
    }

    @Override
    public void close() {
      if (selected) {
        selected = false;
        deselect().orThrow();
      }
    }
  }
}
