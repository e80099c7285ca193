package dev.tasko;

import dev.tasko.task.Scheduler;
import dev.tasko.task.TaskCancelledException;
import dev.tasko.task.TaskRecords;
import dev.tasko.task.TaskTimeoutException;
import dev.tasko.wheel.TimerWheel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What ends tasks and parts of them early: cancellation, time limits, failed groups, and the
/// shields against all of these.
///
/// ```text
///   task cancelled?  ◄─ outer ─ limit A ◄─ outer ─ shield ◄─ outer ─ limit B ◄── innermost
///   └───────── does not reach past the shield ─────────┘            └ does
/// ```
///
/// Of the scopes around the running code up to the nearest shield, the outermost that has expired
/// counts: it ends the most. Whether there is one is kept as a flag in the task's record
/// ([TaskRecords#UNWINDING]), so that a suspension point reads one word. It is a level, not an
/// event: every suspension point throws until the scope is left.
///
/// A task that waits when its flag rises is made ready and throws at its suspension point; what it
/// waited for may still come before it runs, and then it has it and throws at the next. So nothing
/// that was granted is lost.
///
/// Thread: the loop's. Allocates: a scope when more are open than ever before.
final class Scopes {
  private final TaskRecords records;
  private final Places places;
  private final @Nullable Scope[] pool;
  private final @Nullable Scope[] innermost;
  private final int[] free;
  private int freeCount;
  private int made;

  Scopes(TaskRecords records, Places places) {
    this.records = records;
    this.places = places;
    innermost = new @Nullable Scope[records.capacity()];
    pool = new @Nullable Scope[capacity(records.capacity())];
    free = new int[pool.length];
  }

  /// How many scopes can be open at a time: two for each task.
  static int capacity(int taskCapacity) {
    return 2 * taskCapacity;
  }

  // Scopes: opened and closed like brackets, except that a group may be closed after what is around
  // it, or before what is in it.

  Scope openLimit(String operation, int task, long limitNs) {
    Scope scope = open(operation, task);
    scope.limitNs = limitNs;
    if (limitNs > 0) {
      scope.timer = places.armLimit(scope.id, limitNs);
    } else {
      expire(scope);
    }
    return scope;
  }

  Scope openShield(String operation, int task) {
    Scope scope = open(operation, task);
    scope.shield = true;
    update(task);
    return scope;
  }

  Scope openGroup(String operation, int task) {
    Scope scope = open(operation, task);
    scope.group = true;
    return scope;
  }

  private Scope open(String operation, int task) {
    Scope scope = take(operation);
    scope.task = task;
    scope.outer = innermost[task];
    innermost[task] = scope;
    return scope;
  }

  /// Closes the limit or shield begun last. A group that was begun inside and left open goes on.
  void closeInnermost(int task) {
    Scope scope = innermost[task];
    while (scope != null && scope.group) {
      scope = scope.outer;
    }
    close(Objects.requireNonNull(scope, "bug: no scope"));
  }

  /// Lets a group that is about to be closed shield its task from everything. It does so itself, as
  /// there may be no scope left for another one.
  void shieldBy(Scope group) {
    int task = group.task;
    unlink(group);
    group.outer = innermost[task];
    innermost[task] = group;
    group.shield = true;
    update(task);
  }

  void close(Scope scope) {
    int task = scope.task;
    unlink(scope);
    giveBack(scope);
    update(task);
  }

  private void unlink(Scope scope) {
    if (innermost[scope.task] == scope) {
      innermost[scope.task] = scope.outer;
    } else {
      innerOf(scope).outer = scope.outer;
    }
  }

  private Scope innerOf(Scope scope) {
    Scope inner = Objects.requireNonNull(innermost[scope.task], "bug: no scope");
    while (inner.outer != scope) {
      inner = Objects.requireNonNull(inner.outer, "bug: no such scope");
    }
    return inner;
  }

  /// The task ends, whatever it left open.
  void closeAll(int task) {
    for (Scope scope = innermost[task]; scope != null; scope = innermost[task]) {
      innermost[task] = scope.outer;
      giveBack(scope);
    }
  }

  private Scope take(String operation) {
    if (freeCount > 0) {
      freeCount--;
      return Objects.requireNonNull(pool[free[freeCount]]);
    }
    if (made == pool.length) {
      throw new IllegalStateException(
          operation
              + ": "
              + made
              + " time limits, shields and groups are open (expected: fewer; raise taskCapacity in"
              + " LoopConfig)");
    }
    Scope scope = new Scope(made);
    pool[made] = scope;
    made++;
    return scope;
  }

  private void giveBack(Scope scope) {
    places.disarmLimit(scope.timer);
    scope.timer = TimerWheel.NULL_HANDLE;
    scope.task = Scheduler.NO_TASK;
    scope.outer = null;
    scope.shield = false;
    scope.group = false;
    scope.expired = false;
    scope.limitNs = 0;
    scope.failure = null;
    scope.reported = false;
    free[freeCount] = scope.id;
    freeCount++;
  }

  // What ends them.

  void limitReached(int id) {
    expire(Objects.requireNonNull(pool[id]));
  }

  void fail(Scope scope, TaskFailedException failure) {
    scope.failure = failure;
    expire(scope);
  }

  void cancel(int task) {
    records.set(task, TaskRecords.CANCELLED);
    update(task);
    wake(task);
  }

  private void expire(Scope scope) {
    scope.expired = true;
    update(scope.task);
    wake(scope.task);
  }

  private void update(int task) {
    if (endsTask(task) || expired(task) != null) {
      records.set(task, TaskRecords.UNWINDING);
    } else {
      records.clear(task, TaskRecords.UNWINDING);
    }
  }

  private void wake(int task) {
    if (!records.has(task, TaskRecords.UNWINDING)) {
      return;
    }
    switch (records.state(task)) {
      case TaskRecords.SUSPENDED -> places.resume(task);
      case TaskRecords.SLEEPING -> {
        places.cancelTimer(task);
        places.makeReady(task);
      }
      default -> {}
    }
  }

  // What is thrown.

  /// What the suspension point of a task whose flag is up is to throw.
  RuntimeException reason(String operation, int task, String taskName) {
    Scope scope = expired(task);
    if (endsTask(task) || scope == null) {
      return new TaskCancelledException(operation, taskName, "by another task");
    }
    boolean again = scope.reported;
    scope.reported = true;
    TaskFailedException failure = scope.failure;
    if (failure == null) {
      return new TaskTimeoutException(operation, taskName, scope.limitNs);
    }
    return again ? failure.again() : failure;
  }

  private boolean endsTask(int task) {
    return records.has(task, TaskRecords.CANCELLED) && shieldOf(task) == null;
  }

  private @Nullable Scope shieldOf(int task) {
    Scope scope = innermost[task];
    while (scope != null && !scope.shield) {
      scope = scope.outer;
    }
    return scope;
  }

  private @Nullable Scope expired(int task) {
    Scope found = null;
    for (Scope scope = innermost[task]; scope != null && !scope.shield; scope = scope.outer) {
      if (scope.expired) {
        found = scope;
      }
    }
    return found;
  }
}
