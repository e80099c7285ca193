package dev.tasko;

import dev.tasko.task.Scheduler;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A value for each task. A `ThreadLocal` is no such thing: all tasks of a loop share its thread,
/// and coroutines their workers.
///
/// ```java
/// static final TaskLocal<String> REQUEST = new TaskLocal<>(loop);
/// ```
///
/// **Inheritance.** A child of a [TaskGroup] begins with the values that the task which forks it
/// has then; what either sets later, the other does not see. It is part of the same work, as in
/// Java's `StructuredTaskScope` and trio's nurseries. A task added in any other way
/// ([Loop#addTask], [Loop#schedule]) begins without values, whoever adds it: it may outlive the
/// work it comes from.
///
/// **Life.** The values end with the task, and a later task never sees them. Those of a scheduled
/// task stay from activation to activation until it is stopped. A `TaskLocal` itself lives as long
/// as its loop: make it at set-up, not in a task's turn.
///
/// Thread: the loop's, in a task or callback. Allocates: no, except the first `set` of a task in a
/// place where none has set a value before.
///
/// @param <T> of the values
public final class TaskLocal<T> {
  private final TaskRunner runner;
  private final @Nullable Supplier<? extends T> initial;
  private final int column;

  /// Makes a local whose value is `null` until it is set.
  ///
  /// @param loop of the tasks
  public TaskLocal(Loop loop) {
    this(loop, null);
  }

  private TaskLocal(Loop loop, @Nullable Supplier<? extends T> initial) {
    loop.requireOpenOnLoop("TaskLocal");
    runner = loop.runner();
    this.initial = initial;
    column = runner.values().newLocal();
  }

  /// Makes a local with a first value for each task.
  ///
  /// @param <T> of the values
  /// @param loop of the tasks
  /// @param initial called at a task's first [#get], and again after [#remove]
  /// @return a new one
  public static <T> TaskLocal<T> withInitial(Loop loop, Supplier<? extends T> initial) {
    return new TaskLocal<>(loop, Objects.requireNonNull(initial, "initial"));
  }

  /// The running task's value.
  ///
  /// @return as set, inherited or first; `null` if there is none
  /// @throws IllegalStateException outside a task
  @SuppressWarnings("unchecked") // only set() writes the column
  public @Nullable T get() {
    int task = task("get");
    T value = (T) runner.values().local(task, column);
    if (value == null && initial != null) {
      value = initial.get();
      runner.values().local(task, column, value);
    }
    return value;
  }

  /// Sets the running task's value.
  ///
  /// @param value not null; see [#remove]
  /// @throws IllegalStateException outside a task
  public void set(T value) {
    Objects.requireNonNull(value, "value");
    runner.values().local(task("set"), column, value);
  }

  /// Takes the running task's value away.
  ///
  /// @throws IllegalStateException outside a task
  public void remove() {
    int task = task("remove");
    if (runner.values().local(task, column) != null) {
      runner.values().local(task, column, null);
    }
  }

  private int task(String operation) {
    runner.requireOnLoop(operation);
    int task = runner.currentTask();
    if (task == Scheduler.NO_TASK) {
      throw new IllegalStateException(
          operation + ": called outside a task (expected: in a body or callback of this loop)");
    }
    return task;
  }
}
