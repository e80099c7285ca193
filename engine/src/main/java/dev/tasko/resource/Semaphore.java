package dev.tasko.resource;

import dev.tasko.Loop;
import dev.tasko.task.Delays;
import dev.tasko.task.Scheduler;
import dev.tasko.task.WaitQueue;
import dev.tasko.task.WaitTarget;
import java.time.Duration;
import java.util.Objects;

/// A number of permits that tasks take and give back, for example the places in a buffer. A permit
/// belongs to nobody: another task, or a callback, may give it back, so a task that ends does not.
///
/// Fair: first come, first served. A permit that is given back while tasks wait goes to the first
/// of them, so that nobody can barge in.
///
/// Thread: the loop's. Allocates: no, after construction.
public final class Semaphore implements WaitTarget {
  private final Scheduler scheduler;
  private final WaitQueue waiters;
  private final String name;
  private int available;

  /// Makes a semaphore.
  ///
  /// @param loop the tasks' loop
  /// @param name for messages
  /// @param permits to begin with, at least 0
  /// @throws IllegalArgumentException if there are fewer than 0
  public Semaphore(Loop loop, String name, int permits) {
    if (permits < 0) {
      throw new IllegalArgumentException("permits: " + permits + " (expected: >= 0)");
    }
    scheduler = loop.scheduler();
    waiters = new WaitQueue(scheduler.records());
    this.name = Objects.requireNonNull(name, "name");
    available = permits;
  }

  /// Takes a permit, and waits for it if there is none.
  ///
  /// @throws IllegalStateException outside a task
  public void acquire() {
    int task = scheduler.suspendableTask("acquire");
    if (!tryAcquire()) {
      waitForPermit(task);
    }
  }

  /// [#acquire()] with a limit to the wait.
  ///
  /// @param limit from now; of zero or less means: if there is one
  /// @throws dev.tasko.task.TaskTimeoutException if there was none within the limit
  /// @throws IllegalStateException outside a task
  public void acquire(Duration limit) {
    long limitNs = Delays.toNs("limit", limit);
    int task = scheduler.suspendableTask("acquire");
    if (tryAcquire()) {
      return;
    }
    scheduler.beginTimeLimit("acquire", limitNs);
    try {
      waitForPermit(task);
    } finally {
      scheduler.endTimeLimit();
    }
  }

  /// Takes a permit if there is one. Not only for tasks.
  ///
  /// @return whether it was taken
  public boolean tryAcquire() {
    scheduler.requireOnLoop("tryAcquire");
    if (available == 0) {
      return false;
    }
    available--;
    return true;
  }

  /// Gives a permit back, or adds one. Not only for tasks.
  ///
  /// @throws IllegalStateException if there would be more than an `int` can count
  public void release() {
    scheduler.requireOnLoop("release");
    int next = waiters.take();
    if (next != Scheduler.NO_TASK) {
      scheduler.resume(next);
    } else if (available == Integer.MAX_VALUE) {
      throw new IllegalStateException(
          "release: " + this + " has " + available + " permits (expected: fewer)");
    } else {
      available++;
    }
  }

  /// Permits that nobody has taken.
  ///
  /// @return 0 while tasks wait
  public int available() {
    return available;
  }

  /// One that is unwound after its permit had come passes it on.
  private void waitForPermit(int task) {
    waiters.add(task);
    boolean granted = false;
    try {
      scheduler.suspend("acquire", Scheduler.WaitFor.TASK, this);
      granted = true;
    } finally {
      if (!granted && !waiters.remove(task)) {
        release();
      }
    }
  }

  @Override
  public int holder() {
    return Scheduler.NO_TASK;
  }

  @Override
  public String toString() {
    return "semaphore " + name;
  }
}
