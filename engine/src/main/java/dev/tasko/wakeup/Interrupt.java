package dev.tasko.wakeup;

import dev.tasko.task.Scheduler;
import dev.tasko.task.WaitTarget;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// An event from outside the loop: fired from any thread, as a hardware callback would, awaited by
/// one task. Firings between two waits are counted, not queued, so that no number of them can
/// overflow anything.
///
/// ```text
///   pending 0 ── fire() (1) ──► 1, enqueued ── fire() ──► n ── loop takes it (2) ──► 0, n available
///                                                     await() takes what is available (3)
/// ```
///
/// Only the firing that finds 0 enqueues (1). The loop takes the source out of the queue before it
/// resets the count (2), so a firing after that enqueues anew and one before it is counted. What a
/// thread wrote before it fired is seen by the task after its wait.
///
/// | field | owner | read | written |
/// |---|---|---|---|
/// | pending | both | with the write | getAndAdd by producers, getAndSet by the loop: wait-free |
/// | available, waiter | loop | plain | plain |
public final class Interrupt extends WakeupSource implements WaitTarget {
  private static final VarHandle PENDING;

  static {
    try {
      PENDING = MethodHandles.lookup().findVarHandle(Interrupt.class, "pending", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Scheduler scheduler;
  private final WakeupQueue queue;
  private final String name;
  private final Scheduler.WaitFor waitFor;

  @SuppressWarnings("unused") // by PENDING
  private volatile long pending;

  private long available;
  private int waiter = Scheduler.NO_TASK;

  /// For the loop, which knows how many interrupts its queue has room for.
  ///
  /// @param scheduler of the loop
  /// @param queue of the loop
  /// @param name for messages
  /// @param waitFor what a task that awaits it waits for
  public Interrupt(Scheduler scheduler, WakeupQueue queue, String name, Scheduler.WaitFor waitFor) {
    this.scheduler = scheduler;
    this.queue = queue;
    this.name = name;
    this.waitFor = waitFor;
  }

  /// Makes the event happen.
  ///
  /// Thread: any. Progress: wait-free while it is pending, else lock-free. Allocates: no. Cannot
  /// fail, also when the loop is closed.
  public void fire() {
    if ((long) PENDING.getAndAdd(this, 1L) == 0) {
      queue.signal(this);
    }
  }

  /// Waits until the event has happened since the last wait; returns at once if it has.
  ///
  /// Thread: a task of the loop. While a task waits here, `run` does not return. Allocates: no.
  ///
  /// @return how often it happened, at least 1
  /// @throws IllegalStateException outside a task, or if another task waits for it
  public long await() {
    int task = scheduler.suspendableTask("await");
    if (waiter != Scheduler.NO_TASK) {
      throw new IllegalStateException(
          "await: interrupt "
              + name
              + " is awaited by task "
              + scheduler.taskName(waiter)
              + " (expected: one waiting task)");
    }
    if (available == 0) {
      waitAs(task);
    }
    return takeAvailable();
  }

  /// Takes what has happened without waiting. A firing that the loop has not seen yet counts next
  /// time; one that has woken a waiting task is that task's.
  ///
  /// Thread: the loop's. Allocates: no.
  ///
  /// @return how often it happened since the last wait, may be 0
  public long take() {
    scheduler.requireOnLoop("take");
    return waiter == Scheduler.NO_TASK ? takeAvailable() : 0;
  }

  private long takeAvailable() {
    long count = available;
    available = 0;
    return count;
  }

  private void waitAs(int task) {
    waiter = task;
    try {
      scheduler.suspend("await", waitFor, this);
    } finally {
      waiter = Scheduler.NO_TASK;
    }
  }

  @Override
  protected void onWakeup() {
    boolean first = available == 0;
    available += (long) PENDING.getAndSet(this, 0L);
    if (first && waiter != Scheduler.NO_TASK) {
      scheduler.resume(waiter);
    }
  }

  /// It is fired from outside.
  @Override
  public int holder() {
    return Scheduler.NO_TASK;
  }

  @Override
  public String toString() {
    return "interrupt " + name;
  }
}
