package dev.tasko;

import dev.tasko.wakeup.WakeupQueue;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// What another thread can see of a loop: whether it gets on, and if it does not, who keeps it.
/// What watchdogs build on.
///
/// Only [#beats] is exact. The rest is read as it lies, without ordering; in a loop that has stood
/// still for a while, and only there, it is what it seems.
///
/// A watchdog need not wake while the loop sleeps. The race between "the loop sleeps, so do I" and
/// "I am awake, look after me" is settled as in [WakeupQueue]: each side writes a volatile field,
/// then reads the other's.
///
/// ```text
///   loop                                   watchdog
///   (1) sleeping = false                   (a) watcher = itself
///   (2) watcher? then unpark               (b) sleeping? then park
/// ```
///
/// Thread: any, where nothing else is said.
public final class Pulse {
  private static final VarHandle BEATS;

  static {
    try {
      BEATS = MethodHandles.lookup().findVarHandle(Pulse.class, "beats", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Loop loop;
  private final LoopThread thread;
  private final TaskRunner tasks;
  private final WakeupQueue wakeups;
  private final AtomicBoolean claimed = new AtomicBoolean();
  private long beats;
  private volatile @Nullable Thread watcher;

  Pulse(Loop loop, LoopThread thread, TaskRunner tasks, WakeupQueue wakeups) {
    this.loop = loop;
    this.thread = thread;
    this.tasks = tasks;
    this.wakeups = wakeups;
  }

  // The loop's side.

  void beginTurn() {
    BEATS.setOpaque(this, beats + 1);
  }

  void endTurn() {
    BEATS.setOpaque(this, beats + 1);
  }

  /// Publishes nothing: what comes after shows in [#beats].
  void woke() {
    Thread sleeping = watcher;
    if (sleeping != null) {
      LockSupport.unpark(sleeping);
    }
  }

  // The watchdog's side.

  /// Makes the caller the loop's one watchdog.
  ///
  /// Thread: the loop's.
  ///
  /// @param operation for the message
  /// @param whenUnwound runs once, on the thread that closes the loop, whoever does that: when the
  ///   last task has ended, and before anything is logged or waited for that is not a task. What it
  ///   throws is thrown by [Loop#close]
  /// @throws IllegalStateException if there is one, or the loop is closed
  public void claim(String operation, Runnable whenUnwound) {
    loop.requireOpenOnLoop(operation);
    if (claimed.getAndSet(true)) {
      throw new IllegalStateException(
          operation + ": the loop is watched already (expected: one for each loop)");
    }
    loop.whenUnwound(whenUnwound);
  }

  /// Throws where the loop could not be closed: on another thread, in a task or in a callback. A
  /// loop that is closed already, or whose thread has ended, is nobody's.
  ///
  /// @param operation for the message
  /// @throws IllegalStateException if so
  public void requireClosable(String operation) {
    if (!loop.isClosed() && !isDead()) {
      loop.requireOutside(operation);
    }
  }

  /// How many turns have begun and ended.
  ///
  /// @return odd within a turn
  public long beats() {
    return (long) BEATS.getOpaque(this);
  }

  /// Whether the loop is parked.
  ///
  /// @return false also where something else than the loop lets it sleep
  public boolean isAsleep() {
    return wakeups.isSleeping();
  }

  /// Sleeps as long as the loop does. May return early, and does if somebody unparks the caller.
  ///
  /// Thread: the watchdog's.
  public void parkWhileAsleep() {
    watcher = Thread.currentThread();
    if (wakeups.isSleeping()) {
      LockSupport.park(this);
    }
    watcher = null;
  }

  /// The thread that steps the loop.
  ///
  /// @return `null` before the first step
  public @Nullable Thread thread() {
    return thread.owner();
  }

  /// Whether the loop's thread has ended without closing it.
  ///
  /// @return then no task can ever go on or be unwound
  public boolean isDead() {
    Thread owner = thread.owner();
    return owner != null
        && !owner.isAlive()
        && !loop.isClosed(); // what it did is seen after its end
  }

  /// Who runs.
  ///
  /// @return `task` and its name, or what it is besides
  public String running() {
    Task task = tasks.seenRunning();
    return task == null ? "no task (a post, a handler or the loop itself)" : "task " + task.name();
  }

  /// Where the code stands that runs.
  ///
  /// @return innermost frame first; empty if no thread has stepped the loop yet, or it has ended
  public StackTraceElement[] stack() {
    Thread atWork = thread.atWork();
    return atWork == null ? new StackTraceElement[0] : atWork.getStackTrace();
  }

  /// [Loop#dump] from outside, as well as that goes. Where suspended tasks stand is told if no
  /// switch can come between: if the loop's thread has ended, or the coroutines are threads.
  ///
  /// @return some lines for each task
  public String dump() {
    return Report.fromOutside(tasks, isDead());
  }
}
