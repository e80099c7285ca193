package dev.tasko.resource;

import dev.tasko.Loop;
import java.time.Duration;
import java.util.Objects;

/// Mutual exclusion among tasks, over waits. Java's own monitors and locks belong to a thread,
/// which all tasks of a loop share, and must not be held over a suspension; this belongs to a task:
///
/// ```java
/// try (var turn = mutex.acquire()) { ... }
/// ```
///
/// It is a [ManagedResource] of which only the turn matters, with the same promises: first come,
/// first served, nobody can barge in, and it is never lost.
///
/// Thread: the loop's. Allocates: no, after construction.
public final class Mutex {
  private final String name;
  private final Handle<Mutex, String> handle;

  /// Makes a free mutex.
  ///
  /// @param loop the tasks' loop
  /// @param name for messages
  public Mutex(Loop loop, String name) {
    this.name = Objects.requireNonNull(name, "name");
    handle = new ManagedResource<Mutex, String>(loop, this, _ -> {}, _ -> {}).handle(name);
  }

  /// Waits until it is the running task's turn.
  ///
  /// @return to be closed by the same task
  /// @throws IllegalStateException outside a task, or if the task has it already
  public Lease<Mutex> acquire() {
    return handle.acquire();
  }

  /// [#acquire()] with a limit to the wait.
  ///
  /// @param limit from now; of zero or less means: if it is free
  /// @return to be closed by the same task
  /// @throws dev.tasko.task.TaskTimeoutException if the turn has not come within the limit
  public Lease<Mutex> acquire(Duration limit) {
    return handle.acquire(limit);
  }

  /// Whether some task has it.
  ///
  /// @return never stale
  public boolean isHeld() {
    return handle.isActive();
  }

  @Override
  public String toString() {
    return "mutex " + name;
  }
}
