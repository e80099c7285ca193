package dev.tasko.hal;

import dev.tasko.Loop;
import dev.tasko.Tasko;
import dev.tasko.hal.bus.HandedOverBus;
import dev.tasko.hal.bus.ShieldedBus;
import dev.tasko.resource.Handle;
import dev.tasko.resource.ManagedResource;
import org.jspecify.annotations.Nullable;

/// A bus shared among the tasks of a loop, without coordinating: each waits for its turn, its chip
/// select is low exactly while it has it, and nobody waits for the wire but the task that uses it.
///
/// Two ways in, over one fair queue: a handle for each chip select ([#csHandle], tasko's way), or a
/// [SpiDevice] for a driver ([#device]), which takes its turn message by message.
///
/// A transfer is never broken off: a task that is cancelled, or whose time is over, finishes the
/// one on the wire, its select line goes up, and then the bus is the next task's.
///
/// A bus whose transfers block their thread gets a thread of its own, which takes transactions from
/// a wait-free ring; one whose delays suspend the task (virtual time) is called in the task.
///
/// Thread: the loop's. Allocates: no, after handles and devices are made, unless a transfer fails.
public final class ManagedSpi implements AutoCloseable {
  private final ManagedResource<SpiBus, DigitalPin> managed;
  private final SpiBus taskBus;
  private final @Nullable HandedOverBus handedOver;

  /// Shares a bus among the tasks of the default loop.
  ///
  /// @param bus used by nobody else from here on
  public ManagedSpi(SpiBus bus) {
    this(Tasko.loop(), bus);
  }

  /// Shares a bus among the tasks of a loop.
  ///
  /// @param loop the tasks' loop
  /// @param bus used by nobody else from here on
  public ManagedSpi(Loop loop, SpiBus bus) {
    handedOver = bus.delaySuspends() ? null : new HandedOverBus(loop, bus);
    taskBus = new ShieldedBus(loop.scheduler(), handedOver == null ? bus : handedOver);
    managed = new ManagedResource<>(loop, taskBus, DigitalPin::select, DigitalPin::deselect);
  }

  /// Makes a handle for one chip select and raises the line. Acquiring lowers it, closing the lease
  /// raises it again.
  ///
  /// @param select the line
  /// @return a new handle, to be kept
  /// @throws IllegalArgumentException if the pin cannot select on this bus
  public Handle<SpiBus, DigitalPin> csHandle(DigitalPin select) {
    // A device of any configuration raises the line, and the bus looks at the pin.
    taskBus.device(select, new SpiConfig(1, 0));
    return managed.handle(select);
  }

  /// Makes a device for a driver. Each message, or each selection, is one turn on the bus.
  ///
  /// @param select its chip select, raised at once
  /// @param config clock, mode and clocks after deselect
  /// @return a new device, for one task at a time
  /// @throws IllegalArgumentException if the pin cannot select on this bus
  public SpiDevice device(DigitalPin select, SpiConfig config) {
    return new ManagedSpiDevice(managed, taskBus.name(), taskBus.device(select, config));
  }

  /// Whether some task has the bus.
  ///
  /// @return also true between two turns
  public boolean isOwned() {
    return managed.isOwned();
  }

  /// Which task has the bus, for displays and messages.
  ///
  /// @return its name, or null if the bus is free
  public @Nullable String owner() {
    return managed.owner();
  }

  /// Ends the thread of the bus, if there is one, after what is on the wire. The bus itself stays
  /// open; transfers that come later answer `CLOSED`. It may be closed before the loop or after.
  @Override
  public void close() {
    if (handedOver != null) {
      handedOver.close();
    }
  }
}
