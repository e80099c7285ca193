package dev.tasko.hal;

import dev.tasko.Loop;
import dev.tasko.Tasko;
import dev.tasko.hal.bus.HandedOverI2c;
import dev.tasko.hal.bus.ShieldedI2c;
import dev.tasko.resource.Handle;
import dev.tasko.resource.Lease;
import dev.tasko.resource.ManagedResource;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/// An I2C bus shared among the tasks of a loop: it is a bus itself, on which each transfer waits
/// for its turn, so that drivers and their [#device]s need not know of each other. Who needs
/// several transfers in a row takes a [#handle].
///
/// First come, first served. A transfer is never broken off: a task that is cancelled, or whose
/// time is over, finishes the one on the wire, and then the bus is the next task's.
///
/// A bus whose transfers block their thread gets a thread of its own; one whose delays suspend the
/// task (virtual time) is called in the task.
///
/// Thread: the loop's, in a task. Allocates: no, after handles and devices are made, unless a
/// transfer fails.
public final class ManagedI2c implements I2cBus, AutoCloseable {
  private final ManagedResource<I2cBus, String> managed;
  private final I2cBus taskBus;
  private final Handle<I2cBus, String> turns;
  private final @Nullable HandedOverI2c handedOver;

  /// Shares a bus among the tasks of the default loop.
  ///
  /// @param bus used by nobody else from here on
  public ManagedI2c(I2cBus bus) {
    this(Tasko.loop(), bus);
  }

  /// Shares a bus among the tasks of a loop.
  ///
  /// @param loop the tasks' loop
  /// @param bus used by nobody else from here on
  public ManagedI2c(Loop loop, I2cBus bus) {
    handedOver = bus.delaySuspends() ? null : new HandedOverI2c(loop, bus);
    taskBus = new ShieldedI2c(loop.scheduler(), handedOver == null ? bus : handedOver);
    managed = new ManagedResource<>(loop, taskBus, user -> {}, user -> {});
    turns = managed.handle(bus.name());
  }

  /// Makes a handle for several transfers that nobody else's may come between.
  ///
  /// @param user who will hold the bus, for messages
  /// @return a new handle, to be kept
  public Handle<I2cBus, String> handle(String user) {
    return managed.handle(user);
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

  @Override
  public String name() {
    return taskBus.name();
  }

  @Override
  public boolean delaySuspends() {
    return true;
  }

  @Override
  public NanoClock clock() {
    return taskBus.clock();
  }

  /// A wait outside the task's turns, which may be broken off.
  @Override
  public void delayNs(long delayNs) {
    taskBus.delayNs(delayNs);
  }

  @Override
  public TransferResult writeRead(
      int address, DirectBuffer out, int outBytes, MutableDirectBuffer in, int inBytes) {
    try (Lease<I2cBus> _ = turns.acquire()) {
      return taskBus.writeRead(address, out, outBytes, in, inBytes);
    }
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
