package dev.tasko;

import dev.tasko.task.Body;
import dev.tasko.task.Holding;
import dev.tasko.task.Scheduler;
import dev.tasko.task.TaskCancelledException;
import dev.tasko.task.WaitTarget;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// Tasks that belong together and never outlive the block that began them:
///
/// ```java
/// try (var group = loop.group()) {
///   group.fork(this::readSensor);
///   group.fork(this::logToCard);
///   group.join();
/// }
/// ```
///
/// The block is left when every child has ended, however it is left: those still alive then are
/// cancelled, and waited for. The group is of one of two kinds. In [Loop#group] all are needed: the
/// first failure cancels the others, ends whatever wait the owner is in, and carries the failures
/// that follow as suppressed. In [Loop#race] one is enough: the first that ends well cancels the
/// others, and only if all fail the group does.
///
/// Thread: the loop's; [#join] and [#close] in the task that made it, its owner.
public final class TaskGroup implements WaitTarget, AutoCloseable {
  private final Loop loop;
  private final TaskRunner runner;
  private final boolean race;
  private final int owner;
  private final String ownerName;
  private final Scope scope;
  private final SequencedSet<Task> children = new LinkedHashSet<>();
  private final Holding holding = new OpenGroup();

  private boolean closed;
  private boolean ownerWaits;
  private boolean ownerTold;
  private @Nullable Task winner;
  private @Nullable TaskFailedException failure;

  TaskGroup(Loop loop, boolean race) {
    this.loop = loop;
    this.race = race;
    runner = loop.runner();
    owner = runner.suspendableTask("group");
    ownerName = runner.taskName(owner);
    scope = runner.scopes().openGroup("group", owner);
    runner.holdings().add(owner, holding);
  }

  /// Begins a child.
  ///
  /// @param body runs once, from the next step on
  /// @return the child
  /// @throws IllegalStateException if the group is closed or has failed, or the loop is full
  public Task fork(Body body) {
    return fork(null, body);
  }

  /// [#fork(Body)] with a name.
  ///
  /// @param name for messages, or `null`
  /// @param body runs once
  /// @return the child
  public Task fork(@Nullable String name, Body body) {
    Objects.requireNonNull(body, "body");
    return begin(new Task(loop, name, body, null));
  }

  /// Begins a child that has a result.
  ///
  /// @param <T> of the result
  /// @param body runs once, from the next step on
  /// @return the child
  /// @throws IllegalStateException if the group is closed or has failed, or the loop is full
  public <T> ResultTask<T> call(Callable<? extends T> body) {
    return begin(new ResultTask<>(loop, null, Objects.requireNonNull(body, "body")));
  }

  private <K extends Task> K begin(K child) {
    loop.requireOpenOnLoop("fork");
    if (closed || isOver()) {
      throw new IllegalStateException(
          "fork: the group of task "
              + ownerName
              + (closed ? " is closed" : " is over: " + outcome())
              + " (expected: open)");
    }
    runner.startNow("fork", child);
    child.group = this;
    int parent = runner.currentTask();
    if (parent != Scheduler.NO_TASK) {
      runner.values().inherit(parent, child.index);
    }
    children.add(child);
    return child;
  }

  private boolean isOver() {
    return winner != null || (failure != null && !race);
  }

  private String outcome() {
    return winner == null ? String.valueOf(failure) : winner.name() + " won";
  }

  /// Waits until every child has ended, or the group has failed.
  ///
  /// @throws TaskFailedException if it has failed; children that are still on their way out are
  ///   waited for by [#close], and what they throw is added to this
  /// @throws IllegalStateException in another task than the owner, or if the group is closed
  public void join() {
    requireOwner("join");
    if (closed) {
      throw new IllegalStateException("join: the group is closed (expected: open)");
    }
    runner.suspendableTask("join");
    awaitChildren();
    throwFailure();
  }

  /// The child of a race that ended well first.
  ///
  /// @return `null` before one has, and in a group that is no race
  public @Nullable Task winner() {
    return winner;
  }

  /// Cancels the children still alive and waits until they have ended, whatever happens meanwhile.
  ///
  /// @throws TaskFailedException if the group has failed and the owner was not told yet
  /// @throws IllegalStateException if children were left alive by an owner that was neither
  ///   cancelled nor told of a failure; suppressed in what the block is left by, if it is
  @Override
  public void close() {
    if (closed) {
      return;
    }
    requireOwner("close");
    runner.requireNoMonitor("close");
    runner.abandonSuspension(
        runner.task(owner)); // a resume of it would end the wait for the children
    IllegalStateException left = childrenLeft();
    cancelChildren();
    closed = true;
    try {
      runner.scopes().shieldBy(scope);
      awaitChildren();
    } finally {
      ownerTold |= scope.reported;
      runner.holdings().remove(owner, holding);
      runner.scopes().close(scope);
    }
    throwFailure();
    if (left != null) {
      throw left;
    }
  }

  /// An owner on its way out because of a failure or cancellation leaves its children rightly.
  private @Nullable IllegalStateException childrenLeft() {
    if (children.isEmpty() || failure != null || runner.isUnwinding(owner)) {
      return null;
    }
    return new IllegalStateException(
        "close: the group of task "
            + ownerName
            + " is left with "
            + children
            + " alive (expected: join first); they are cancelled");
  }

  /// The task that made it, which does not end before its children.
  Task owner() {
    return runner.task(owner);
  }

  private void requireOwner(String operation) {
    int task = runner.currentTask();
    if (task != owner) {
      throw new IllegalStateException(
          operation
              + ": called by "
              + (task == Scheduler.NO_TASK ? "no task" : "task " + runner.taskName(task))
              + " (expected: task "
              + ownerName
              + ", which made the group)");
    }
  }

  private void awaitChildren() {
    if (children.isEmpty()) {
      return;
    }
    ownerWaits = true;
    try {
      runner.suspend("join", Scheduler.WaitFor.TASK, this);
    } finally {
      ownerWaits = false;
    }
  }

  private void throwFailure() {
    if (failure != null && !ownerTold && winner == null) {
      ownerTold = true;
      throw failure;
    }
  }

  private void cancelChildren() {
    for (Task child : List.copyOf(children)) {
      runner.cancel(child);
    }
  }

  /// Called by a child that has no record any more.
  ///
  /// @param thrown what it failed with, or `null`
  void childEnded(Task child, @Nullable Throwable thrown) {
    children.remove(child);
    if (thrown != null) {
      childFailed(child, thrown);
    } else if (race && winner == null && !closed) {
      won(child);
    }
    if (children.isEmpty() && ownerWaits) {
      ownerWaits = false;
      runner.resume(owner);
    }
  }

  /// Nobody is told of what failed before or after.
  private void won(Task child) {
    winner = child;
    if (failure != null) {
      TaskRunner.logUnheard("race: won by " + child.name() + " after others had failed", failure);
    }
    cancelChildren();
  }

  private void childFailed(Task child, Throwable thrown) {
    if ((child.isCancelled() || runner.isClosing()) && thrown instanceof TaskCancelledException) {
      return;
    }
    if (winner != null) {
      TaskRunner.logFailure(child, thrown, "had lost the race");
      return;
    }
    if (failure != null) {
      failure.addSuppressed(thrown);
      return;
    }
    failure = new TaskFailedException("join", child, thrown);
    if (!race) {
      failOwner(failure);
    }
  }

  /// In its own join the owner is told when all children have ended, which may be at once.
  private void failOwner(TaskFailedException told) {
    boolean tells = ownerWaits || closed;
    cancelChildren();
    if (!tells) {
      runner.scopes().fail(scope, told);
    }
  }

  /// Among what the owner owns, so that a body that forgets its group does not leave it behind.
  private final class OpenGroup extends Holding {
    @Override
    protected void giveBack() {
      close();
    }

    @Override
    public String toString() {
      return TaskGroup.this.toString();
    }
  }

  @Override
  public int holder() {
    return children.isEmpty() ? Scheduler.NO_TASK : children.getFirst().index;
  }

  @Override
  public String toString() {
    return "group of " + children;
  }
}
