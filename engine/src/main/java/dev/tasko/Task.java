package dev.tasko;

import dev.tasko.task.Body;
import dev.tasko.task.Coroutine;
import dev.tasko.task.TaskRecords;
import org.jspecify.annotations.Nullable;

/// A task of a loop, as its owner sees it.
///
/// Thread: the loop's, except [#name].
public sealed class Task permits ScheduledTask {
  /// What a task is doing.
  public enum State {
    /// It runs in the next step.
    READY,
    /// It is the running task.
    RUNNING,
    /// It waits for a time.
    SLEEPING,
    /// It waits to be resumed: by a resource, an interrupt, another task.
    SUSPENDED,
    /// A scheduled task that was stopped.
    STOPPED,
    /// It has ended.
    DONE
  }

  private static final State[] STATES = State.values();

  final Loop loop;
  final int index;
  final @Nullable Body body;
  final @Nullable Runnable callback;

  /// The body with what the loop does at its end, on the body's own stack.
  final Body wholeBody = this::runWholeBody;

  @Nullable Coroutine coroutine;
  @Nullable Suspension suspension;
  private final int generation;
  private final @Nullable String name;

  Task(
      Loop loop,
      int index,
      @Nullable String name,
      @Nullable Body body,
      @Nullable Runnable callback) {
    this.loop = loop;
    this.index = index;
    this.name = name;
    this.body = body;
    this.callback = callback;
    generation = loop.records().generation(index);
  }

  private void runWholeBody() throws Exception {
    loop.runner().runWholeBody(this);
  }

  /// Its name, for messages.
  ///
  /// @return as given, or `task-` and a number
  public String name() {
    return name == null ? "task-" + index + "." + generation : name;
  }

  /// What it is doing.
  ///
  /// @return never null
  public State state() {
    TaskRecords records = loop.records();
    return records.generation(index) == generation ? STATES[records.state(index)] : State.DONE;
  }

  /// Whether it has ended for good.
  ///
  /// @return `state() == DONE`
  public boolean isDone() {
    return state() == State.DONE;
  }

  @Override
  public String toString() {
    return name();
  }
}
