package dev.tasko.wakeup;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Where any thread puts something down for the loop: what posts and mailboxes have in common. The
/// queue itself is the subclass's.
///
/// What is put down is accepted or refused, never lost. [#close] first closes the door, then waits
/// until those that may have passed it before have put their load down; only then is the rest taken
/// out:
///
/// ```text
///   any thread                             loop
///   (a) inside + 1                         (1) open = false
///   (b) open? else refuse                  (2) wait for inside == 0
///   (c) enqueue the load                   (3) take out what is left
///   (d) inside - 1
/// ```
///
/// Each side writes, (a) and (1), before it reads what the other wrote, (b) and (2): whoever still
/// found the door open is seen inside. Without `inside`, a load could be put down after (3).
///
/// It wakes the loop like an interrupt: only the thread that finds `pending` false enqueues the
/// inbox. The loop clears it before it looks into the queue, so a load whose thread found it true
/// is seen.
///
/// | field | owner | read | written |
/// |---|---|---|---|
/// | open | loop | volatile, by producers | volatile |
/// | inside | producers | volatile, by the loop | getAndAdd: wait-free |
/// | pending | both | with the write | getAndSet; the loop's acquires what was put down before |
public abstract class Inbox extends WakeupSource {
  private static final VarHandle INSIDE;
  private static final VarHandle PENDING;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      INSIDE = lookup.findVarHandle(Inbox.class, "inside", int.class);
      PENDING = lookup.findVarHandle(Inbox.class, "pending", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final WakeupQueue wakeups;
  private volatile boolean open = true;

  @SuppressWarnings("unused") // by INSIDE
  private volatile int inside;

  @SuppressWarnings("unused") // by PENDING
  private volatile boolean pending;

  /// @param wakeups of the loop
  Inbox(WakeupQueue wakeups) {
    this.wakeups = wakeups;
  }

  /// Steps (a) and (b); [#leave] must follow.
  ///
  /// @return whether something may be put down
  final boolean enter() {
    INSIDE.getAndAdd(this, 1);
    wakeups.point();
    boolean mayPutDown = open;
    if (mayPutDown) {
      wakeups.point();
    }
    return mayPutDown;
  }

  /// Step (d).
  final void leave() {
    wakeups.point();
    INSIDE.getAndAdd(this, -1);
  }

  /// Something was put down.
  final void announce() {
    wakeups.point();
    if (!(boolean) PENDING.getAndSet(this, true)) {
      wakeups.signal(this);
    }
  }

  /// Whether it refuses everything.
  ///
  /// @return true from [#close] on
  public final boolean isClosed() {
    return !open;
  }

  /// Refuses everything from now on. When it returns, all that was or will be accepted can be
  /// taken.
  ///
  /// Thread: the loop's. Progress: waits for threads that are putting something down, and leaves
  /// them the processor.
  public void close() {
    open = false;
    wakeups.point();
    while (inside != 0) {
      wakeups.pause();
    }
  }

  @Override
  protected void onWakeup() {
    PENDING.getAndSet(this, false);
  }
}
