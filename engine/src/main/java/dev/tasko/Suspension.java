package dev.tasko;

import dev.tasko.task.Scheduler;
import dev.tasko.task.WaitTarget;
import dev.tasko.wakeup.WakeupSource;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// One wait of one task, for whatever reason: the task awaits it, something else resumes it.
///
/// ```text
///   suspend() ─► PENDING ── resume() ─► RESUMED ── the task runs in the next step
///                   └────── the task ends ─► DEAD, resume() returns false
/// ```
///
/// One resume counts; it may come before the task awaits, and is not lost then: the task's place in
/// the next step is that of the resume.
public final class Suspension extends WakeupSource implements WaitTarget {
  private static final int PENDING = 0;
  private static final int RESUMED = 1;
  private static final int DEAD = 2;
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Suspension.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Loop loop;
  private final int task;

  @SuppressWarnings("unused") // by STATE
  private volatile int state = PENDING;

  private boolean external;
  private boolean waiting;
  private boolean delivered;
  private boolean over;

  Suspension(Loop loop, int task) {
    this.loop = loop;
    this.task = task;
  }

  /// Declares that another thread will resume it when it has done what it was given: `run` waits
  /// for that, and virtual time stands still until then.
  ///
  /// Thread: the loop's, before [#await].
  ///
  /// @return this
  public Suspension external() {
    external = true;
    return this;
  }

  /// Suspends the task until the resume. After an early resume it still gives way until the next
  /// step.
  ///
  /// Thread: the task that made it.
  ///
  /// @throws IllegalStateException in another task, or if it was awaited before
  public void await() {
    loop.runner().await(this, external ? Scheduler.WaitFor.HANDED_OVER : Scheduler.WaitFor.TASK);
  }

  /// Lets the task go on.
  ///
  /// Thread: any. Progress: wait-free on the loop's thread, else lock-free. Allocates: no.
  ///
  /// @return whether this was the resume that counts; `false` if there was one before, or if the
  ///   task has ended
  public boolean resume() {
    if (!STATE.compareAndSet(this, PENDING, RESUMED)) {
      return false;
    }
    loop.resumeFromAnywhere(this);
    return true;
  }

  /// Who is to resume it is not known.
  @Override
  public int holder() {
    return Scheduler.NO_TASK;
  }

  @Override
  public String toString() {
    return "a suspension";
  }

  void markWaiting() {
    waiting = true;
  }

  boolean isDelivered() {
    return delivered;
  }

  /// Nothing awaits it any more, also if a resume is on its way already.
  void kill() {
    over = true;
    STATE.compareAndSet(this, PENDING, DEAD);
  }

  /// The resume has reached the loop. If the task does not wait yet, it is the running task.
  @Override
  protected void onWakeup() {
    if (over) {
      return;
    }
    delivered = true;
    if (waiting) {
      over = true;
      loop.scheduler().resume(task);
    } else {
      loop.runner().places().keepPlace(task);
    }
  }
}
