package dev.tasko.wakeup;

import dev.tasko.task.ClosedException;
import dev.tasko.task.Scheduler;
import dev.tasko.task.WaitTarget;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// An inbox whose values one task awaits: what [Mailbox] and [LongMailbox] have in common.
///
/// When the loop is told that something was put down, it fetches the next value out of the queue,
/// to lie ready, before it resumes the task. So the task that runs has a value for certain, and one
/// that is unwound first leaves it to the next taker. A value whose producer has claimed its place
/// but not filled it yet cannot be fetched; that producer will announce it.
///
/// | field | owner | read | written |
/// |---|---|---|---|
/// | refused | producers | volatile | getAndAdd: wait-free |
/// | the others | loop | plain | plain |
abstract class AwaitedInbox extends Inbox implements WaitTarget {
  private static final VarHandle REFUSED;

  static {
    try {
      REFUSED = MethodHandles.lookup().findVarHandle(AwaitedInbox.class, "refused", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Scheduler scheduler;
  private final String name;
  private int waiter = Scheduler.NO_TASK;
  private boolean resumed;

  @SuppressWarnings("unused") // by REFUSED
  private volatile long refused;

  AwaitedInbox(Scheduler scheduler, WakeupQueue wakeups, String name) {
    super(wakeups);
    this.scheduler = scheduler;
    this.name = name;
  }

  /// Makes sure that the next value lies ready, if there is one.
  ///
  /// @return whether there is
  abstract boolean fetch();

  /// How many offers were refused, because it was full or closed.
  ///
  /// Thread: any.
  ///
  /// @return count
  public long refused() {
    return refused;
  }

  /// How many values can wait to be taken, beside the one that lies ready for a waiting task.
  ///
  /// @return as given, rounded up to a power of two, at least 2
  public abstract int capacity();

  /// Refuses every value from now on. Those accepted before can still be taken; after them `take`
  /// throws, also in a task that waits already. The loop closes its mailboxes when it is closed.
  ///
  /// Thread: the loop's. Progress: waits for threads that are putting a value down.
  ///
  /// @throws IllegalStateException if it is closed already, but not by the loop
  @Override
  public void close() {
    scheduler.requireOnLoop("close");
    if (isClosed() && scheduler.isClosing()) {
      return;
    }
    if (isClosed()) {
      throw new IllegalStateException("close: " + this + " is closed (expected: open)");
    }
    super.close();
    resumeWaiter();
  }

  /// After a value was put down, or not.
  final boolean offered(boolean accepted) {
    leave();
    if (accepted) {
      announce();
    } else {
      REFUSED.getAndAdd(this, 1L);
    }
    return accepted;
  }

  /// Waits until a value lies ready.
  final void await() {
    int task = scheduler.suspendableTask("take");
    if (waiter != Scheduler.NO_TASK) {
      throw new IllegalStateException(
          "take: "
              + this
              + " is awaited by task "
              + scheduler.taskName(waiter)
              + " (expected: one waiting task)");
    }
    if (!fetch() && !isClosed()) {
      awaitAs(task);
    }
    if (!fetch()) {
      throw new ClosedException("take", this);
    }
  }

  private void awaitAs(int task) {
    waiter = task;
    try {
      scheduler.suspend("take", Scheduler.WaitFor.EVENT, this);
    } finally {
      waiter = Scheduler.NO_TASK;
      resumed = false;
    }
  }

  /// [#fetch], unless what is there is a waiting task's.
  final boolean fetchForAnyone() {
    scheduler.requireOnLoop("poll");
    return waiter == Scheduler.NO_TASK && fetch();
  }

  @Override
  protected final void onWakeup() {
    super.onWakeup();
    if (waiter != Scheduler.NO_TASK && fetch()) {
      resumeWaiter();
    }
  }

  private void resumeWaiter() {
    if (waiter != Scheduler.NO_TASK && !resumed) {
      resumed = true;
      scheduler.resume(waiter);
    }
  }

  /// Values come from outside.
  @Override
  public final int holder() {
    return Scheduler.NO_TASK;
  }

  @Override
  public final String toString() {
    return "mailbox " + name;
  }
}
