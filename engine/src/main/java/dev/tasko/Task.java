package dev.tasko;

import dev.tasko.task.Body;
import dev.tasko.task.CallSite;
import dev.tasko.task.Coroutine;
import dev.tasko.task.Scheduler;
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

  private static final State[] STATES = {
    State.READY, State.RUNNING, State.SLEEPING, State.SUSPENDED
  };

  final Loop loop;
  final @Nullable Body body;
  final @Nullable Runnable callback;

  /// The body with what the loop does at its end, on the body's own stack.
  final Body wholeBody = this::runWholeBody;

  /// Where it was scheduled or added, as far as that is known.
  final String site;

  /// How long it ran in the window that [Runs] looks at.
  long overlapNs;

  /// Of its record, while it has one.
  int index = Scheduler.NO_TASK;

  @Nullable Coroutine coroutine;
  @Nullable Suspension suspension;
  private final int number;
  private final @Nullable String name;

  Task(Loop loop, @Nullable String name, @Nullable Body body, @Nullable Runnable callback) {
    this.loop = loop;
    this.name = name;
    this.body = body;
    this.callback = callback;
    number = loop.runner().nextNumber();
    site = isSetUp() || loop.runner().isStrict() ? CallSite.ofUser() : "an unknown place";
  }

  /// Whether such tasks are made when a program is set up, where a look at the stack costs nothing.
  boolean isSetUp() {
    return false;
  }

  private void runWholeBody() throws Exception {
    loop.runner().runWholeBody(this);
  }

  /// Its name, for messages.
  ///
  /// @return as given, or `task-` and a number
  public String name() {
    return name == null ? "task-" + number : name;
  }

  /// What it is doing.
  ///
  /// @return never null
  public State state() {
    return isAlive() ? STATES[loop.records().state(index)] : stateWhenNotAlive();
  }

  /// Whether it has a record: for an ordinary task until it ends, for a scheduled one between start
  /// and stop.
  final boolean isAlive() {
    return index != Scheduler.NO_TASK;
  }

  State stateWhenNotAlive() {
    return State.DONE;
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
