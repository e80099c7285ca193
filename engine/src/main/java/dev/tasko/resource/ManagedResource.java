package dev.tasko.resource;

import dev.tasko.Loop;
import dev.tasko.Tasko;
import dev.tasko.task.CallSite;
import dev.tasko.task.Holding;
import dev.tasko.task.Holdings;
import dev.tasko.task.Scheduler;
import dev.tasko.task.TaskRecords;
import dev.tasko.task.WaitQueue;
import dev.tasko.task.WaitTarget;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One thing that tasks use by turns, such as a bus: `try (var lease = handle.acquire()) { ... }`
/// waits for its turn, and nobody has to know the others.
///
/// ```text
///   free ── acquire ─► owned by A ── release, nobody waits ──────────────► free
///                          │
///                          └── release, B waits ─► owned by B, B is made ready
/// ```
///
/// Fair: first come, first served. Between A and B it is never free, so that nobody can barge in. A
/// waiting task costs nothing but its place in the queue, which is a link in its record.
///
/// It is never lost. Whatever `onAcquire`, `onRelease` or a body throws, whoever is unwound while
/// it waits or just as its turn comes: the next in the queue gets it, and the exception goes on. A
/// task that ends without closing its lease gives it back then, and an exception says so.
///
/// Thread: the loop's. Allocates: no, after construction.
///
/// @param <R> the thing shared
/// @param <A> what a handle carries to `onAcquire` and `onRelease`; several values are a record
public class ManagedResource<R, A> {
  static final long NO_LIMIT = Long.MAX_VALUE;

  private final Scheduler scheduler;
  private final TaskRecords records;
  private final R resource;
  private final Consumer<? super A> onAcquire;
  private final Consumer<? super A> onRelease;

  private final Holdings holdings;
  private final Holding holding = new Turn();

  /// For the conformance tests too, which break [#handOver].
  int owner = Scheduler.NO_TASK;

  private @Nullable Handle<R, A> ownerHandle;
  private @Nullable String ownerPlace;
  private final WaitQueue waiters;
  private final WaitTarget waitTarget = new Wait();

  /// Shares a thing among the tasks of the default loop.
  ///
  /// @param resource the thing
  /// @param onAcquire runs in the task that gets it, before it goes on
  /// @param onRelease runs in the task that gives it back
  public ManagedResource(R resource, Consumer<? super A> onAcquire, Consumer<? super A> onRelease) {
    this(Tasko.loop(), resource, onAcquire, onRelease);
  }

  /// Shares a thing among the tasks of a loop.
  ///
  /// @param loop the tasks' loop
  /// @param resource the thing
  /// @param onAcquire runs in the task that gets it, before it goes on
  /// @param onRelease runs in the task that gives it back
  public ManagedResource(
      Loop loop, R resource, Consumer<? super A> onAcquire, Consumer<? super A> onRelease) {
    this.scheduler = loop.scheduler();
    this.records = scheduler.records();
    this.holdings = scheduler.holdings();
    this.waiters = new WaitQueue(records);
    this.resource = Objects.requireNonNull(resource, "resource");
    this.onAcquire = Objects.requireNonNull(onAcquire, "onAcquire");
    this.onRelease = Objects.requireNonNull(onRelease, "onRelease");
  }

  /// Makes a handle, to be kept and used again, also by several tasks.
  ///
  /// @param argument handed to `onAcquire` and `onRelease`
  /// @return a new handle
  public Handle<R, A> handle(A argument) {
    return new Handle<>(this, Objects.requireNonNull(argument, "argument"));
  }

  /// Whether some task holds it.
  ///
  /// @return also true between two owners
  public boolean isOwned() {
    return owner != Scheduler.NO_TASK;
  }

  /// Who holds it, for displays and messages.
  ///
  /// @return the name of the task, or null if it is free; allocates for a task that was given none
  public @Nullable String owner() {
    return isOwned() ? scheduler.taskName(owner) : null;
  }

  R resource(Handle<R, A> handle) {
    if (ownerHandle != handle) {
      throw new IllegalStateException(
          "get: the lease of "
              + handle.argument()
              + " is closed (expected: used between acquire and close)");
    }
    requireOwner(handle);
    return resource;
  }

  boolean isOwnedThrough(Handle<R, A> handle) {
    return ownerHandle == handle;
  }

  /// @param limitNs of the wait, or [#NO_LIMIT]
  void acquire(Handle<R, A> handle, long limitNs) {
    int task = scheduler.suspendableTask("acquire");
    if (owner == Scheduler.NO_TASK) {
      owner = task;
    } else {
      refuseNested(task, handle);
      if (limitNs == NO_LIMIT) {
        waitForTurn(task);
      } else {
        waitForTurnWithin(task, limitNs);
      }
    }
    ownerHandle = handle;
    holdings.add(task, holding);
    if (scheduler.isStrict()) {
      ownerPlace = CallSite.ofUser();
    }
    boolean acquired = false;
    try {
      onAcquire.accept(handle.argument());
      acquired = true;
    } finally {
      if (!acquired) {
        passOn();
      }
    }
  }

  void release(Handle<R, A> handle) {
    if (ownerHandle != handle || scheduler.currentTask() != owner) {
      return;
    }
    try {
      onRelease.accept(handle.argument());
    } finally {
      passOn();
    }
  }

  private void requireOwner(Handle<R, A> handle) {
    int task = scheduler.currentTask();
    if (task != owner) {
      throw new IllegalStateException(
          "get: the lease of "
              + handle.argument()
              + " belongs to task "
              + scheduler.taskName(owner)
              + " (expected: used by it, not by "
              + (task == Scheduler.NO_TASK ? "no task" : scheduler.taskName(task))
              + ")");
    }
  }

  private void waitForTurnWithin(int task, long limitNs) {
    scheduler.beginTimeLimit("acquire", limitNs);
    try {
      waitForTurn(task);
    } finally {
      scheduler.endTimeLimit();
    }
  }

  /// Only a scheduled task can be asked how long it has waited; the others need no clock.
  void waitForTurn(int task) {
    if (!records.isScheduled(task)) {
      standInLine(task);
      return;
    }
    long sinceNs = scheduler.nowNs();
    standInLine(task);
    records.countResourceWait(task, scheduler.nowNs() - sinceNs);
  }

  private void standInLine(int task) {
    waiters.add(task);
    boolean granted = false;
    try {
      scheduler.suspend("acquire", Scheduler.WaitFor.TASK, waitTarget);
      granted = true;
    } finally {
      if (!granted) {
        withdraw(task);
      }
    }
  }

  /// A task that is unwound while it waits leaves the queue; if its turn had come, the next one's
  /// has.
  private void withdraw(int task) {
    if (owner == task) {
      passOn();
    } else {
      waiters.remove(task);
    }
  }

  private void passOn() {
    holdings.remove(owner, holding);
    ownerHandle = null;
    ownerPlace = null;
    handOver();
  }

  /// The rule of fairness, a method so that the conformance tests can break it: the resource goes
  /// from hand to hand.
  void handOver() {
    owner = takeWaiter();
    if (owner != Scheduler.NO_TASK) {
      scheduler.resume(owner);
    }
  }

  int takeWaiter() {
    return waiters.take();
  }

  /// tasko would wait for itself for ever.
  private void refuseNested(int task, Handle<R, A> handle) {
    if (owner != task) {
      return;
    }
    Handle<R, A> held = Objects.requireNonNull(ownerHandle);
    String heldAt = ownerPlace == null ? "a place known in strict mode only" : ownerPlace;
    throw new IllegalStateException(
        "acquire: task "
            + scheduler.taskName(task)
            + " asks for "
            + handle.argument()
            + " at "
            + CallSite.ofUser()
            + " but holds "
            + held.argument()
            + " of the same resource since "
            + heldAt
            + " (expected: release it first)");
  }

  /// What a waiting task waits for.
  private final class Wait implements WaitTarget {
    @Override
    public int holder() {
      return owner;
    }

    @Override
    public String toString() {
      return "resource " + resource;
    }
  }

  /// The owner's turn, listed among what it owns.
  private final class Turn extends Holding {
    @Override
    protected void giveBack() {
      Handle<R, A> held = Objects.requireNonNull(ownerHandle);
      release(held);
    }

    @Override
    public String toString() {
      return ownerHandle == null ? "none" : String.valueOf(ownerHandle.argument());
    }
  }
}
