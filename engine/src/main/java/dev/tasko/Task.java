package dev.tasko;

import dev.tasko.task.Body;
import dev.tasko.task.CallSite;
import dev.tasko.task.Scheduler;
import dev.tasko.task.TaskRecords;
import dev.tasko.task.WaitQueue;
import dev.tasko.task.WaitTarget;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A task of a loop, as its owner sees it.
///
/// Thread: the loop's, except [#name].
public sealed class Task implements WaitTarget permits ResultTask, ScheduledTask {
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

  static State stateOf(int recordState) {
    return STATES[recordState];
  }

  final Loop loop;
  final @Nullable Body body;
  final @Nullable Runnable callback;

  /// Where it was scheduled or added, as far as that is known.
  final String site;

  /// How long it ran in the window that [Runs] looks at.
  long overlapNs;

  /// The last search for circles that came by.
  int search;

  /// Of its record, while it has one.
  int index = Scheduler.NO_TASK;

  /// Which it has to await before anything else.
  @Nullable Suspension suspension;

  /// While it is suspended.
  @Nullable WaitTarget waitTarget;

  /// What the task failed with whose end it has awaited.
  @Nullable Throwable joinedFailure;

  /// Which is to be told of its end.
  @Nullable TaskGroup group;

  /// Its own, or `null`: the loop's.
  @Nullable ErrorPolicy errorPolicy;

  private long failures;
  private int failuresInRow;
  private @Nullable WaitQueue joiners;
  private @Nullable Throwable failure;
  private boolean cancelled;
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

  /// Thread: the loop's, on the body's stack.
  void runBody() throws Exception {
    Objects.requireNonNull(body).run();
  }

  /// It begins anew.
  final void forget() {
    failure = null;
    cancelled = false;
  }

  /// Its name, for messages.
  ///
  /// @return as given, or `task-` and a number
  public String name() {
    return name == null ? "task-" + number : name;
  }

  // Ending it, and waiting for its end.

  /// Ends it early. If its body has begun, a [dev.tasko.task.TaskCancelledException] is thrown at
  /// the suspension point where it waits, or else at its next one, and at each further one until it
  /// has ended; a shielded part is left alone. What it has waited for and been given already, it
  /// keeps until its next suspension point, so that nothing is lost. If its body has not begun, it
  /// never does. A scheduled task is stopped for good and may be started again.
  ///
  /// It does not wait until the task has ended: see [#join]. For a task that has, nothing happens.
  ///
  /// Progress: for a task in a resource's queue, the length of the queue. Allocates: the exception.
  ///
  /// @throws IllegalStateException if called by the task itself
  public void cancel() {
    loop.requireOnLoop("cancel");
    loop.runner().cancel(this);
  }

  /// Whether [#cancel] was called before it ended.
  ///
  /// @return also true while it is on its way out
  public boolean isCancelled() {
    return cancelled;
  }

  /// Waits, in another task, until it has ended. Of a failure that somebody waits for, the loop's
  /// caller is not told.
  ///
  /// @throws TaskFailedException if it failed or was cancelled
  /// @throws IllegalStateException if it waits, itself or through others, for the caller's end, or
  ///   will have to as the owner of a group
  public void join() {
    loop.runner().join(this);
  }

  /// What its body threw.
  ///
  /// @return `null` while it lives, and if it ended well
  public @Nullable Throwable failure() {
    return failure;
  }

  /// Sets what becomes of it when it throws, instead of what is set for the loop. A failure that
  /// the policy answers by a restart is not told to those who wait for the task.
  ///
  /// @param policy from now on
  /// @return this
  public Task errorPolicy(ErrorPolicy policy) {
    loop.requireOpenOnLoop("errorPolicy");
    errorPolicy = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /// How often it has thrown, being cancelled not counted.
  ///
  /// @return count
  public long failures() {
    return failures;
  }

  /// Counts one more, and returns how many there were in a row.
  final int countFailure() {
    failures++;
    failuresInRow++;
    return failuresInRow;
  }

  /// Writes only if there is something to forget, since every activation ends here.
  final void endedWell() {
    if (failuresInRow > 0) {
      failuresInRow = 0;
    }
  }

  /// Whether somebody is told of its end.
  boolean isAwaited() {
    return group != null || (joiners != null && !joiners.isEmpty());
  }

  final void cancelled() {
    cancelled = true;
  }

  final WaitQueue joiners(TaskRecords records) {
    WaitQueue queue = joiners;
    if (queue == null) {
      queue = new WaitQueue(records);
      joiners = queue;
    }
    return queue;
  }

  /// The first of those that wait for its end, each linked to the next in its record.
  final int firstJoiner() {
    return joiners == null ? Scheduler.NO_TASK : joiners.first();
  }

  /// Tells those who wait for its end, each by its own field: until they run it may have been
  /// started again.
  ///
  /// @param thrown by its body, or `null`
  void ended(@Nullable Throwable thrown) {
    failure = thrown;
    if (group != null) {
      group.childEnded(this, thrown);
    }
    while (joiners != null && !joiners.isEmpty()) {
      int joiner = joiners.take();
      loop.runner().task(joiner).joinedFailure = thrown;
      loop.scheduler().resume(joiner);
    }
  }

  @Override
  public final int holder() {
    return index;
  }

  // What it tells about itself.

  /// What it is doing.
  ///
  /// @return never null
  public State state() {
    return isAlive() ? stateOf(loop.records().state(index)) : stateWhenNotAlive();
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
