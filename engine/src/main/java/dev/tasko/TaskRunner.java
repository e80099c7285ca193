package dev.tasko;

import dev.tasko.task.Coroutine;
import dev.tasko.task.CoroutineEngine;
import dev.tasko.task.CoroutinePool;
import dev.tasko.task.Failures;
import dev.tasko.task.Holdings;
import dev.tasko.task.MonitorGuard;
import dev.tasko.task.Scheduler;
import dev.tasko.task.TaskCancelledException;
import dev.tasko.task.TaskRecords;
import dev.tasko.task.WaitQueue;
import dev.tasko.task.WaitTarget;
import dev.tasko.wheel.TimerWheel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.agrona.LangUtil;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/// The tasks of one loop and what a turn of one of them is. The loop decides when; this decides
/// what happens then, and is what waiting primitives see of the loop.
///
/// ```text
///                    makeReady                     dispatch
///   new, started ──────────────► READY ─────────────────────────► RUNNING
///                                  ▲                                 │
///            (1) yieldNow, late    │ ◄───────────────────────────────┤
///            (2) resume            │ ◄── SUSPENDED ◄── suspend ──────┤
///            (3) the wheel fires:  RUNNING ◄── SLEEPING ◄── sleep, ──┤
///                                                 next activation    │
///                          FREE ◄── ends, throws, is stopped ────────┘
/// ```
///
/// Where a waiting task stands is the affair of [Places]; when a scheduled task runs, that of
/// [Grid].
///
/// Thread: the loop's.
final class TaskRunner implements Scheduler {
  private static final System.Logger LOG = System.getLogger("dev.tasko");
  private static final int REFUSALS_MAX = 1000;

  /// No time was read for the present turn yet. A clock may well read this; then it is read again.
  static final long UNREAD = Long.MIN_VALUE;

  private final NanoClock clock;
  private final LoopThread thread;
  private final @Nullable MonitorGuard guard;
  private final Places places;
  private final Grid grid;
  private final Scopes scopes;
  private final Promises promises;
  private final Deadlines deadlines;
  private final Watch watch;
  private final TaskRecords records;
  private final @Nullable Task[] tasks;

  /// Of each task whose body has begun. Beside the tasks, so that one that goes on and waits again
  /// touches its record and its coroutine, and not the task.
  private final @Nullable Coroutine[] coroutines;

  private final Holdings holdings;
  private final TaskValues values;
  private final CoroutinePool workers;
  private final ErrorPolicy errorPolicy;

  private int current = NO_TASK;
  private int nextNumber;
  private long failures;
  private boolean closing;
  private boolean draining;
  private int refusals;
  private @Nullable Task refused;

  /// For circles of tasks that wait for each other.
  private int searches;

  /// Bodies that nothing could end.
  private final List<Task> refusing = new ArrayList<>();

  TaskRunner(
      LoopConfig config,
      CoroutineEngine engine,
      TimerWheel wheel,
      LoopThread thread,
      @Nullable MonitorGuard guard) {
    this.clock = config.clock;
    this.thread = thread;
    this.guard = guard;
    errorPolicy = config.errorPolicy;
    records = new TaskRecords(config.taskCapacity);
    tasks = new @Nullable Task[config.taskCapacity];
    coroutines = new @Nullable Coroutine[config.taskCapacity];
    places = new Places(config, wheel, records);
    promises = new Promises(records);
    deadlines = new Deadlines(config, records, promises);
    watch = new Watch(config, records, tasks, promises, deadlines);
    grid = new Grid(config, records, places, deadlines);
    scopes = new Scopes(records, places);
    holdings = new Holdings(config.taskCapacity);
    values = new TaskValues(config.taskCapacity);
    workers = new CoroutinePool(engine, config.taskCapacity, this::runWholeBody);
  }

  // The tasks as a whole.

  long failures() {
    return failures;
  }

  Task task(int index) {
    return taskAt(index);
  }

  /// What a task's body runs on, or `null` if it has not begun.
  @Nullable Coroutine coroutine(int index) {
    return coroutines[index];
  }

  int nextNumber() {
    return nextNumber++;
  }

  /// Gives a task a record.
  private void admit(String operation, Task task) {
    int index = records.allocate();
    if (index == NO_TASK) {
      throw new IllegalStateException(
          operation
              + ": the loop is full with "
              + records.capacity()
              + " tasks (expected: room; raise taskCapacity in LoopConfig)");
    }
    task.index = index;
    tasks[index] = task;
    if (task.callback != null) {
      records.set(index, TaskRecords.CALLBACK);
    }
  }

  Places places() {
    return places;
  }

  Scopes scopes() {
    return scopes;
  }

  TaskValues values() {
    return values;
  }

  List<Task> tasks() {
    List<Task> live = new ArrayList<>();
    for (Task task : tasks) {
      if (task != null) {
        live.add(task);
      }
    }
    return live;
  }

  /// The task that runs, as far as another thread can see it.
  @Nullable Task seenRunning() {
    int index = current;
    return index == NO_TASK ? null : tasks[index];
  }

  List<Task> suspendedTasks() {
    List<Task> suspended = tasks();
    suspended.removeIf(task -> records.state(task.index) != TaskRecords.SUSPENDED);
    return suspended;
  }

  Promises promises() {
    return promises;
  }

  Deadlines deadlines() {
    return deadlines;
  }

  /// Before anything else of a turn, deadlines that have passed are told.
  void beginTurn() {
    if (watch.isOn()) {
      watch.at(clock.nanoTime());
      watch.tell();
      watch.rethrow(null);
    }
  }

  void runPost(Runnable post) {
    if (!watch.isOn()) {
      post.run();
      return;
    }
    watch.begin(null);
    try {
      post.run();
    } finally {
      watch.end();
    }
  }

  int runReady() {
    int ran = 0;
    places.beginRound();
    for (int task = places.nextOfRound(); task != NO_TASK; task = places.nextOfRound()) {
      ran++;
      dispatch(task, UNREAD);
    }
    return ran;
  }

  // One task's turn.

  /// Runs a task until it waits or ends.
  ///
  /// @param nowNs when it was chosen, if that was read
  void dispatch(int index, long nowNs) {
    if (watch.isOn()) {
      dispatchWatched(index, nowNs);
    } else {
      runTurn(index, nowNs);
    }
  }

  private void dispatchWatched(int index, long nowNs) {
    if (nowNs != UNREAD) {
      watch.at(nowNs);
    }
    Throwable failure = null;
    if (!watch.isAnythingToTell() || tellBefore(index)) {
      watch.begin(taskAt(index));
      try {
        runTurn(index, watch.nowNs());
      } catch (Throwable thrown) {
        failure = thrown;
      }
      watch.end();
    }
    watch.rethrow(failure);
  }

  /// Calls handlers before a task goes on. They may stop it, or stop and start it anew.
  ///
  /// @return whether it still is to go on
  private boolean tellBefore(int index) {
    Task task = taskAt(index);
    records.state(index, TaskRecords.RUNNING);
    records.set(index, TaskRecords.CHOSEN);
    current = NO_TASK;
    watch.tell();
    boolean goesOn = task.index == index && records.has(index, TaskRecords.CHOSEN);
    if (goesOn) {
      records.clear(index, TaskRecords.CHOSEN);
      current = index;
    }
    return goesOn;
  }

  private void runTurn(int index, long nowNs) {
    Coroutine coroutine = coroutines[index];
    current = index;
    records.state(index, TaskRecords.RUNNING);
    try {
      if (coroutine != null) {
        runBody(index, coroutine);
      } else if (taskAt(index) instanceof ScheduledTask scheduled) {
        runScheduled(scheduled, nowNs == UNREAD ? clock.nanoTime() : nowNs);
      } else {
        runOnce(taskAt(index));
      }
    } finally {
      current = NO_TASK;
    }
  }

  private void runOnce(Task task) {
    if (records.has(task.index, TaskRecords.WAIT_FIRST)) {
      records.clear(task.index, TaskRecords.WAIT_FIRST);
      places.armTimer(task.index, records.targetNs(task.index));
    } else {
      activate(task);
    }
  }

  private void runScheduled(ScheduledTask task, long nowNs) {
    switch (grid.beginTurn(task, nowNs)) {
      case ACTIVATION -> {
        if (records.has(task.index, TaskRecords.WATCHED)) {
          watch.beginActivation(task);
        }
        activate(task);
      }
      case LAST -> end(task, null);
      case OVER -> {}
    }
  }

  private void activate(Task task) {
    if (task.callback == null) {
      runBody(task.index, employ(task.index));
    } else {
      runCallback(task, task.callback);
    }
  }

  private void runCallback(Task task, Runnable callback) {
    try {
      callback.run();
    } catch (Throwable thrown) {
      failed(task, thrown);
      return;
    }
    endBody(task);
  }

  private void runBody(int index, Coroutine worker) {
    boolean ended = false;
    thread.lendTo(worker.ownThread());
    try {
      ended = workers.resume(worker);
    } catch (Throwable thrown) {
      // A stack overflow may have come between getting in line and suspending.
      leavePlace(index);
      Task task = taskAt(index);
      dismiss(task, worker);
      failed(task, thrown);
    } finally {
      thread.lendTo(null);
    }
    if (ended) {
      Task task = taskAt(index);
      dismiss(task, worker);
      endBody(task);
    }
  }

  private Coroutine employ(int index) {
    Coroutine worker = workers.take();
    coroutines[index] = worker;
    return worker;
  }

  /// On the body's stack. A task that owns something must not take it along into nothing.
  private void runWholeBody() throws Exception {
    Task task = taskAt(current);
    try {
      task.runBody();
    } catch (Throwable thrown) {
      if (!holdings.isEmpty(task.index)) {
        thrown.addSuppressed(holdings.giveBackAll(task.index, task.name()));
      }
      throw thrown;
    }
    if (!holdings.isEmpty(task.index)) {
      throw holdings.giveBackAll(task.index, task.name());
    }
  }

  private void dismiss(Task task, Coroutine worker) {
    coroutines[task.index] = null;
    workers.giveBack(worker);
    abandonSuspension(task);
  }

  /// One that the task has prepared and will not await.
  void abandonSuspension(Task task) {
    if (task.suspension != null) {
      task.suspension.kill();
      forgetSuspension(task);
      places.removeReady(task.index);
    }
  }

  private void forgetSuspension(Task task) {
    task.suspension = null;
    records.clear(task.index, TaskRecords.PREPARED);
  }

  private void endBody(Task task) {
    task.endedWell();
    if (task instanceof ScheduledTask scheduled
        && records.has(task.index, TaskRecords.WATCHED)
        && !endWatched(scheduled)) {
      return;
    }
    boolean goesOn =
        task instanceof ScheduledTask
            && !records.has(task.index, TaskRecords.CANCELLED)
            && grid.endActivation(task.index);
    if (!goesOn) {
      end(task, null);
    }
  }

  /// A body has thrown. Being cancelled, that is how it was to end; else its own policy is asked.
  /// If it has none, those who wait for the task are told, and only if there are none, the policy
  /// of the loop is asked. An activation that has failed keeps its deadline and budget like any
  /// other.
  private void failed(Task task, Throwable thrown) {
    if (thrown instanceof TaskCancelledException
        && records.has(task.index, TaskRecords.CANCELLED)) {
      if (!Failures.isCancellation(thrown)) {
        logFailure(task, thrown, "was cancelled");
      }
      end(task, thrown);
      return;
    }
    failures++;
    int failuresInRow = task.countFailure();
    if (task instanceof ScheduledTask scheduled
        && records.has(task.index, TaskRecords.WATCHED)
        && !endWatched(scheduled)) {
      logFailure(task, thrown, "was stopped by a handler");
      return;
    }
    ErrorPolicy policy = task.errorPolicy;
    if (policy == null && task.isAwaited()) {
      end(task, thrown);
      return;
    }
    ErrorPolicy asked = policy == null ? errorPolicy : policy;
    ErrorPolicy.Reaction reaction;
    try {
      reaction = Objects.requireNonNull(asked.onError(task, thrown, failuresInRow), "reaction");
    } catch (Throwable worse) {
      Failures.join(worse, thrown);
      end(task, thrown);
      throw worse;
    }
    react(task, thrown, reaction);
  }

  private void react(Task task, Throwable thrown, ErrorPolicy.Reaction reaction) {
    switch (reaction.kind()) {
      case RESTART -> restart(task, thrown, reaction.pauseNs());
      case DISABLE -> {
        logFailure(task, thrown, "is disabled");
        end(task, thrown);
      }
      case PROPAGATE -> {
        boolean awaited = task.isAwaited();
        end(task, thrown);
        if (!awaited) {
          LangUtil.rethrowUnchecked(thrown);
        }
      }
    }
  }

  /// A cancelled task is to end, whatever it throws on its way out.
  private void restart(Task task, Throwable thrown, long pauseNs) {
    if (records.has(task.index, TaskRecords.CANCELLED)) {
      logFailure(task, thrown, "ends, as it was cancelled");
      end(task, thrown);
    } else {
      logFailure(task, thrown, "begins anew in " + pauseNs + " ns");
      beginAnew(task, pauseNs);
    }
  }

  static void logFailure(Task task, Throwable thrown, String what) {
    logUnheard("task " + task.name() + " failed and " + what, thrown);
  }

  /// Of something that reaches nobody.
  static void logUnheard(String what, Throwable thrown) {
    LOG.log(System.Logger.Level.ERROR, what, thrown);
  }

  private void beginAnew(Task task, long pauseNs) {
    scopes.closeAll(task.index);
    if (task instanceof ScheduledTask scheduled) {
      watch.dropActivation(scheduled);
      grid.beginAnew(task.index);
    }
    if (pauseNs <= 0) {
      places.makeReady(task.index);
    } else {
      places.armTimer(task.index, places.deadlineIn(pauseNs));
    }
  }

  private void end(Task task, @Nullable Throwable thrown) {
    free(task);
    task.ended(thrown);
  }

  /// Whether the task still is to go on: a handler may have stopped it.
  private boolean endWatched(ScheduledTask task) {
    watch.endActivation(task);
    return !watch.isAnythingToTell() || tellBefore(task.index);
  }

  private void free(Task task) {
    if (task instanceof ScheduledTask scheduled) {
      watch.stop(scheduled);
      scheduled.keepCounters();
    }
    scopes.closeAll(task.index);
    values.clear(task.index);
    task.waitTarget = null;
    tasks[task.index] = null;
    if (task.index == current) {
      current = NO_TASK; // who is told of its end is outside it
    }
    records.free(task.index);
    task.index = NO_TASK;
  }

  // Starting and stopping.

  void startNow(String operation, Task task) {
    admit(operation, task);
    places.makeReady(task.index);
  }

  /// Begins the wait in the task's first turn, as tasko does; the deadline is fixed already.
  void startWaiting(String operation, Task task, long deadlineNs) {
    admit(operation, task);
    records.targetNs(task.index, deadlineNs);
    records.set(task.index, TaskRecords.WAIT_FIRST);
    places.makeReady(task.index);
  }

  void startScheduled(String operation, ScheduledTask task) {
    if (task.isAlive()) {
      if (records.has(task.index, TaskRecords.CANCELLED)) {
        throw new IllegalStateException(
            operation + ": task " + task.name() + " is cancelled (expected: join it first)");
      }
      records.clear(task.index, TaskRecords.STOP);
      return;
    }
    watch.requireRoom(operation, task);
    admit(operation, task);
    task.forget();
    task.fillRecord(records);
    watch.start(task);
    grid.start(task.index);
  }

  void stopScheduled(ScheduledTask task, StopMode mode) {
    if (!task.isAlive()) {
      return;
    }
    boolean betweenActivations = coroutines[task.index] == null && task.index != current;
    if (!grid.stop(task.index, mode, betweenActivations)) {
      drop(task, null);
    }
  }

  /// Ends a task whose body does not run.
  private void drop(Task task, @Nullable Throwable thrown) {
    places.leave(task.index);
    end(task, thrown);
  }

  void cancel(Task task) {
    if (!task.isAlive()) {
      return;
    }
    if (task.index == current) {
      throw new IllegalStateException(
          "cancel: task "
              + task.name()
              + " cancels itself (expected: another task; return or throw instead)");
    }
    task.cancelled();
    if (coroutines[task.index] == null) {
      records.set(task.index, TaskRecords.CANCELLED);
      drop(task, new TaskCancelledException("cancel", task.name(), "before its body began"));
    } else {
      scopes.cancel(task.index);
    }
  }

  // Waiting: called by the running task, on its own stack.

  @Override
  public int suspendableTask(String operation) {
    int task = runningTask(operation);
    throwIfUnwinding(operation);
    return task;
  }

  /// As [#suspendableTask], but a task that is to end may still call.
  int runningTask(String operation) {
    thread.require(operation);
    int task = current;
    if (task == NO_TASK
        || coroutines[task] == null
        || records.has(task, TaskRecords.CALLBACK | TaskRecords.PREPARED)) {
      throw new IllegalStateException(operation + whyNotSuspendable());
    }
    return task;
  }

  private String whyNotSuspendable() {
    if (current != NO_TASK && records.has(current, TaskRecords.CALLBACK)) {
      return ": called in callback "
          + taskAt(current).name()
          + " (expected: in a body; use schedule instead of scheduleCallback)";
    }
    return current == NO_TASK || coroutines[current] == null
        ? ": called outside a task (expected: in a body that this loop runs)"
        : ": task "
            + taskAt(current).name()
            + " has a suspension that it has not awaited (expected: await it first)";
  }

  @Override
  public boolean isClosing() {
    return closing;
  }

  boolean isUnwinding(int task) {
    return closing || records.has(task, TaskRecords.UNWINDING);
  }

  @Override
  public void requireOnLoop(String operation) {
    thread.require(operation);
  }

  @Override
  public int currentTask() {
    return thread.isCurrent() ? current : NO_TASK;
  }

  @Override
  public void suspend(String operation, WaitFor waitFor, WaitTarget target) {
    beforeWait(operation);
    throwIfUnwinding(operation);
    Task task = taskAt(current);
    task.waitTarget = target;
    places.suspend(current, waitFor);
    try {
      switchOut(current, operation);
    } finally {
      task.waitTarget = null;
    }
  }

  /// One that was woken to be unwound and has not run yet still gets what it waited for.
  @Override
  public void resume(int task) {
    records.set(task, TaskRecords.GRANTED);
    if (records.state(task) == TaskRecords.SUSPENDED) {
      places.resume(task);
    }
  }

  @Override
  public void beginTimeLimit(String operation, long limitNs) {
    scopes.openLimit(operation, current, limitNs);
  }

  @Override
  public void endTimeLimit() {
    scopes.closeInnermost(current);
  }

  @Override
  public void beginShield(String operation) {
    scopes.openShield(operation, runningTask(operation));
  }

  @Override
  public void endShield() {
    scopes.closeInnermost(current);
  }

  @Override
  public void sleepNs(long delayNs) {
    int index = suspendableTask("sleep");
    beforeWait("sleep");
    places.armTimer(index, places.deadlineIn(delayNs));
    switchOut(index, "sleep");
  }

  void yieldNow() {
    int index = suspendableTask("yieldNow");
    beforeWait("yieldNow");
    places.makeReady(index);
    switchOut(index, "yieldNow");
  }

  Suspension suspension(Loop loop) {
    int index = suspendableTask("suspend");
    Suspension suspension = new Suspension(loop, index);
    taskAt(index).suspension = suspension;
    records.set(index, TaskRecords.PREPARED);
    return suspension;
  }

  void await(Suspension suspension, WaitFor waitFor) {
    Task task = currentTask() == NO_TASK ? null : taskAt(current);
    if (task == null || task.suspension != suspension) {
      throw new IllegalStateException(
          "await: called by "
              + (task == null ? "no task" : task.name())
              + " (expected: once, by the task that called suspend)");
    }
    requireNoMonitor("await"); // else the suspension stays, to be awaited elsewhere
    forgetSuspension(task);
    boolean resumed = false;
    try {
      if (suspension.isDelivered()) {
        giveWay();
      } else {
        suspension.markWaiting();
        suspend("await", waitFor, suspension);
      }
      resumed = true;
    } finally {
      if (!resumed) {
        suspension.kill();
        places.removeReady(task.index);
      }
    }
  }

  void join(Task target) {
    int index = suspendableTask("join");
    Task self = taskAt(index);
    requireNoCycle(self, target);
    Throwable failure = target.isAlive() ? awaitEnd(self, target) : target.failure();
    if (failure != null) {
      throw new TaskFailedException("join", target, failure);
    }
  }

  private @Nullable Throwable awaitEnd(Task self, Task target) {
    WaitQueue joiners = target.joiners(records);
    joiners.add(self.index);
    try {
      suspend("join", WaitFor.TASK, target);
      return self.joinedFailure;
    } finally {
      joiners.remove(self.index);
      self.joinedFailure = null;
    }
  }

  /// Two tasks that wait for each other's end would wait for ever.
  private void requireNoCycle(Task self, Task target) {
    searches++;
    String chain = chain(target, self);
    if (chain != null) {
      throw new IllegalStateException(
          "join: "
              + self.name()
              + " -> "
              + chain
              + " (expected: no task that waits for its own end)");
    }
  }

  /// The names from a task to another one whose end it needs, or `null` if it does not: from the
  /// other's side, since a task has few that wait for it, and one owner that has to wait for it
  /// sooner or later.
  private @Nullable String chain(Task from, Task needed) {
    if (needed == from) {
      return from.name();
    }
    if (needed.search == searches) {
      return null;
    }
    needed.search = searches;
    String chain = needed.group == null ? null : chain(from, needed.group.owner());
    for (int joiner = needed.firstJoiner();
        chain == null && joiner != NO_TASK;
        joiner = records.link(joiner)) {
      chain = chain(from, taskAt(joiner));
    }
    return chain == null ? null : chain + " -> " + needed.name();
  }

  private void giveWay() {
    beforeWait("await");
    records.set(current, TaskRecords.GRANTED);
    records.state(current, TaskRecords.READY);
    switchOut(current, "await");
  }

  void requireNoMonitor(String operation) {
    if (guard != null) {
      guard.check(operation);
    }
  }

  /// Throws if the running task could not be suspended now.
  void beforeWait(String operation) {
    requireNoMonitor(operation);
    if (closing) {
      refuseWait(operation);
    }
  }

  /// A body that keeps on waiting while it is unwound gets the exception each time. One that will
  /// not end is left where it is, suspended for good, and named.
  private void refuseWait(String operation) {
    refusals++;
    Coroutine worker = coroutines[current];
    if (refusals > REFUSALS_MAX && worker != null) {
      worker.switchOut();
    }
    throw cancelledByClose(operation, taskAt(current));
  }

  private static TaskCancelledException cancelledByClose(String operation, Task task) {
    return new TaskCancelledException(operation, task.name(), "because its loop is closing");
  }

  private void throwIfUnwinding(String operation) {
    if (records.has(current, TaskRecords.UNWINDING)) {
      if (draining) {
        boundRefusals(operation);
      }
      throw scopes.reason(operation, current, taskAt(current).name());
    }
  }

  private void switchOut(int index, String operation) {
    Coroutine worker = Objects.requireNonNull(coroutines[index]);
    boolean switched = false;
    try {
      worker.switchOut();
      switched = true;
    } finally {
      if (!switched) {
        leavePlace(index);
      }
    }
    if (closing) {
      throw cancelledByClose(operation, taskAt(index));
    }
    if (!records.takeGranted(index)) {
      throwIfUnwinding(operation);
    }
  }

  /// The task could not be suspended: it goes on, or ends, as if it had not asked.
  private void leavePlace(int index) {
    places.leave(index);
    records.takeGranted(index);
    records.state(index, TaskRecords.RUNNING);
  }

  @Override
  public long nowNs() {
    return clock.nanoTime();
  }

  @Override
  public String taskName(int task) {
    return taskAt(task).name();
  }

  @Override
  public TaskRecords records() {
    return records;
  }

  @Override
  public Holdings holdings() {
    return holdings;
  }

  @Override
  public boolean isStrict() {
    return guard != null;
  }

  // Closing.

  /// Cancels every task that is not yet.
  void cancelAll() {
    draining = true;
    for (Task task : tasks()) {
      if (task.isAlive() && !task.isCancelled()) {
        cancel(task);
      }
    }
  }

  /// While the loop waits for all to end, a body that answers each cancellation by waiting again
  /// would keep it in one turn. It is left where it is until the loop closes.
  private void boundRefusals(String operation) {
    Task task = taskAt(current);
    refusals = task == refused ? refusals + 1 : 1;
    refused = task;
    Coroutine worker = coroutines[current];
    if (refusals > REFUSALS_MAX && worker != null) {
      worker.switchOut();
      throw cancelledByClose(operation, task);
    }
  }

  /// Ends every task. Each started body gets a [TaskCancelledException] where it waits.
  ///
  /// @return the first thing that a body threw besides, with the others suppressed, or `earlier`
  @Nullable Throwable unwindAll(@Nullable Throwable earlier) {
    closing = true;
    Throwable failure = earlier;
    for (Task task : tasks()) {
      Throwable thrown = unwind(task);
      if (thrown != null && !Failures.isCancellation(thrown)) {
        failures++;
        task.countFailure();
        failure = Failures.join(failure, thrown);
      }
    }
    workers.close();
    return failure;
  }

  /// One that an earlier one has ended on its way out, as a group does with its children, is over.
  ///
  /// @return what its body threw
  private @Nullable Throwable unwind(Task task) {
    if (!task.isAlive()) {
      return null;
    }
    Coroutine worker = coroutines[task.index];
    if (worker == null) {
      end(task, cancelledByClose("close", task));
      return null;
    }
    boolean ended;
    Throwable thrown = null;
    current = task.index;
    refusals = 0;
    thread.lendTo(worker.ownThread());
    try {
      ended = workers.resume(worker);
    } catch (Throwable failure) {
      ended = true;
      thrown = failure;
    }
    thread.lendTo(null);
    current = NO_TASK;
    if (ended) {
      dismiss(task, worker);
      end(task, thrown);
    } else {
      refusing.add(task);
    }
    return thrown;
  }

  /// Names those that [#unwindAll] had to leave. Apart from it, as the log may take its time.
  void logRefusing() {
    for (Task task : refusing) {
      LOG.log(
          System.Logger.Level.ERROR,
          "close: task {0} waits on after {1} cancellations and is left suspended",
          task.name(),
          REFUSALS_MAX);
    }
  }

  private Task taskAt(int index) {
    return Objects.requireNonNull(tasks[index], "bug: no task");
  }
}
