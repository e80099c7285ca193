package dev.tasko.hal;

import dev.tasko.resource.Handle;
import dev.tasko.resource.Lease;
import dev.tasko.resource.ManagedResource;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/// A device that takes its turn on a shared bus, and is the plain device for as long as it has it.
/// Deselecting, and the clocks after it, belong to the turn.
final class ManagedSpiDevice implements SpiDevice {
  private final Handle<SpiBus, DigitalPin> turns;
  private final SpiDevice plain;
  private final Turn turn = new Turn();

  ManagedSpiDevice(ManagedResource<SpiBus, DigitalPin> managed, String busName, SpiDevice plain) {
    turns = managed.handle(new SelectionLine(busName));
    this.plain = plain;
  }

  @Override
  public String name() {
    return plain.name();
  }

  @Override
  public SpiConfig config() {
    return plain.config();
  }

  @Override
  public void configure(SpiConfig config) {
    plain.configure(config);
  }

  @Override
  public SpiCapabilities capabilities() {
    return plain.capabilities();
  }

  @Override
  public NanoClock clock() {
    return plain.clock();
  }

  @Override
  public void delayNs(long delayNs) {
    plain.delayNs(delayNs);
  }

  @Override
  public TransferResult transfer(SpiMessage message) {
    try (Lease<SpiBus> _ = turns.acquire()) {
      return plain.transfer(message);
    }
  }

  @Override
  public TransferResult idleClocks(int clocks) {
    try (Lease<SpiBus> _ = turns.acquire()) {
      return plain.idleClocks(clocks);
    }
  }

  @Override
  public Selection select() {
    Lease<SpiBus> lease = turns.acquire();
    boolean selected = false;
    try {
      turn.open(lease, plain.select());
      selected = true;
    } finally {
      if (!selected) {
        lease.close();
      }
    }
    return turn;
  }

  /// What the bus knows of a turn: nothing to select, as the plain device drives the real line; but
  /// a selection that its task has left open ends with the turn.
  private final class SelectionLine implements DigitalPin {
    private final String name;

    SelectionLine(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void setHigh(boolean high) {
      if (high) {
        turn.deselect();
      }
    }

    @Override
    public boolean isHigh() {
      return !turn.isOpen();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /// A turn that lasts over several messages: the plain selection, and the bus until it is closed.
  private final class Turn implements Selection {
    private @Nullable Lease<SpiBus> lease;
    private @Nullable Selection selection;

    void open(Lease<SpiBus> newLease, Selection newSelection) {
      lease = newLease;
      selection = newSelection;
    }

    @Override
    public TransferResult transfer(SpiMessage message) {
      Selection open = selection;
      if (open == null) {
        throw new IllegalStateException(
            "transfer: the selection of " + name() + " is closed (expected: an open one)");
      }
      return open.transfer(message);
    }

    boolean isOpen() {
      return selection != null;
    }

    @Override
    public void close() {
      Lease<SpiBus> held = lease;
      if (held == null) {
        return;
      }
      try {
        deselect();
      } finally {
        held.close();
      }
    }

    void deselect() {
      Selection open = selection;
      selection = null;
      lease = null;
      if (open != null) {
        open.close();
      }
    }
  }
}
