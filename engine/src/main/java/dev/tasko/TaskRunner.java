package dev.tasko;

import dev.tasko.task.Coroutine;
import dev.tasko.task.CoroutineEngine;
import dev.tasko.task.CoroutinePool;
import dev.tasko.task.Holdings;
import dev.tasko.task.MonitorGuard;
import dev.tasko.task.ReadyQueue;
import dev.tasko.task.Scheduler;
import dev.tasko.task.TaskCancelledException;
import dev.tasko.task.TaskRecords;
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
///                     FREE or STOPPED ◄── ends, throws, is stopped ──┘
/// ```
///
/// A task is in at most one place: once in the ready queue, once in the wheel, or once in whatever
/// will resume it.
///
/// Thread: the loop's.
final class TaskRunner implements Scheduler {
  private static final System.Logger LOG = System.getLogger("dev.tasko");
  private static final int REFUSALS_MAX = 1000;

  /// No time was read for the present turn yet. A clock may well read this; then it is read again.
  private static final long UNREAD = Long.MIN_VALUE;

  private final NanoClock clock;
  private final LoopRules rules;
  private final LoopThread thread;
  private final @Nullable MonitorGuard guard;
  private final TimerWheel wheel;
  private final TaskRecords records;
  private final @Nullable Task[] tasks;
  private final ReadyQueue ready;
  private final Holdings holdings;
  private final CoroutinePool workers;

  private int current = NO_TASK;
  private int readyLeft;
  private long turnNowNs = UNREAD;
  private int outstanding;
  private int handedOver;
  private boolean unwinding;
  private int refusals;

  TaskRunner(
      LoopConfig config,
      CoroutineEngine engine,
      TimerWheel wheel,
      LoopThread thread,
      @Nullable MonitorGuard guard) {
    this.clock = config.clock;
    this.rules = config.rules;
    this.wheel = wheel;
    this.thread = thread;
    this.guard = guard;
    records = new TaskRecords(config.taskCapacity);
    tasks = new @Nullable Task[config.taskCapacity];
    ready = rules.createReadyQueue(config.taskCapacity);
    holdings = new Holdings(config.taskCapacity);
    workers = new CoroutinePool(engine, config.taskCapacity);
  }

  // The tasks as a whole.

  /// Takes a record, or tells that there is none.
  int allocate(String operation) {
    int index = records.allocate();
    if (index == NO_TASK) {
      throw new IllegalStateException(
          operation
              + ": the loop is full with "
              + records.capacity()
              + " tasks (expected: room; raise taskCapacity in LoopConfig)");
    }
    return index;
  }

  void register(Task task) {
    tasks[task.index] = task;
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

  List<Task> suspendedTasks() {
    List<Task> suspended = tasks();
    suspended.removeIf(task -> records.state(task.index) != TaskRecords.SUSPENDED);
    return suspended;
  }

  boolean isAnyReady() {
    return !ready.isEmpty();
  }

  /// Whether something outside the loop is to resume a task.
  boolean isAnyOutstanding() {
    return outstanding > 0;
  }

  /// Whether another thread has been given something to do.
  boolean isAnyHandedOver() {
    return handedOver > 0;
  }

  int runReady() {
    int ran = 0;
    readyLeft = ready.size();
    while (readyLeft > 0) {
      readyLeft--;
      ran++;
      dispatch(ready.take(), UNREAD);
    }
    return ran;
  }

  /// One that leaves this step's tasks must not make room in the step for one that came after them.
  private void removeReady(int index) {
    int place = ready.remove(index);
    if (place >= 0 && place < readyLeft) {
      readyLeft--;
    }
  }

  // One task's turn.

  /// Runs a task until it waits or ends.
  ///
  /// @param nowNs when it was chosen, if that was read
  void dispatch(int index, long nowNs) {
    Task task = taskAt(index);
    current = index;
    turnNowNs = nowNs;
    records.state(index, TaskRecords.RUNNING);
    try {
      if (task.coroutine != null) {
        runBody(task);
      } else if (task instanceof ScheduledTask scheduled) {
        runScheduled(scheduled);
      } else {
        runOnce(task);
      }
    } finally {
      current = NO_TASK;
    }
  }

  private void runOnce(Task task) {
    if (records.has(task.index, TaskRecords.WAIT_FIRST)) {
      records.clear(task.index, TaskRecords.WAIT_FIRST);
      armTimer(task.index, records.targetNs(task.index));
    } else {
      activate(task);
    }
  }

  private void runScheduled(ScheduledTask task) {
    int index = task.index;
    if (records.has(index, TaskRecords.FIRST)) {
      records.clear(index, TaskRecords.FIRST);
      beginGrid(index, rules.anchorNs(task, dispatchTimeNs()));
    }
    if (records.has(index, TaskRecords.GIVING_WAY)) {
      records.clear(index, TaskRecords.GIVING_WAY);
      endActivation(index);
    } else if (records.has(index, TaskRecords.STOP)) {
      records.state(index, TaskRecords.STOPPED);
    } else if (records.has(index, TaskRecords.GIVE_WAY)) {
      records.clear(index, TaskRecords.GIVE_WAY);
      records.set(index, TaskRecords.GIVING_WAY);
      makeReady(index);
    } else {
      long lateNs = dispatchTimeNs() - records.dueNs(index);
      records.countActivation(index, Math.max(lateNs, 0));
      activate(task);
    }
  }

  private void beginGrid(int index, long anchorNs) {
    records.restartGrid(index);
    records.targetNs(index, anchorNs);
    records.dueNs(index, anchorNs);
  }

  /// When the present task was chosen to run. The sleeper pass has just read the clock for that.
  private long dispatchTimeNs() {
    if (turnNowNs == UNREAD) {
      turnNowNs = clock.nanoTime();
    }
    return turnNowNs;
  }

  private void activate(Task task) {
    if (task.callback == null) {
      runBody(task);
    } else {
      runCallback(task, task.callback);
    }
  }

  private void runCallback(Task task, Runnable callback) {
    boolean finished = false;
    try {
      callback.run();
      finished = true;
    } finally {
      if (finished) {
        endBody(task);
      } else {
        drop(task);
      }
    }
  }

  private void runBody(Task task) {
    Coroutine worker = task.coroutine == null ? employ(task) : task.coroutine;
    boolean ended = false;
    thread.runs(worker);
    try {
      ended = worker.resume();
    } catch (Throwable thrown) {
      // A stack overflow may have come between getting in line and suspending.
      undoWait(task.index);
      dismiss(task, worker);
      drop(task);
      LangUtil.rethrowUnchecked(thrown);
    } finally {
      thread.runs(null);
    }
    if (ended) {
      dismiss(task, worker);
      endBody(task);
    }
  }

  private Coroutine employ(Task task) {
    Coroutine worker = workers.take();
    worker.assign(task.wholeBody);
    task.coroutine = worker;
    return worker;
  }

  /// On the body's stack. A task that owns something must not take it along into nothing.
  void runWholeBody(Task task) throws Exception {
    try {
      Objects.requireNonNull(task.body).run();
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
    task.coroutine = null;
    if (worker.isIdle()) {
      workers.giveBack(worker);
    }
    if (task.suspension != null) {
      task.suspension.kill();
      task.suspension = null;
      removeReady(task.index);
    }
  }

  private void endBody(Task task) {
    if (task instanceof ScheduledTask) {
      endActivation(task.index);
    } else {
      free(task);
    }
  }

  /// The grid: sleep until the next point if it has not passed, however late the task is; else
  /// begin a new grid now, and give way to the others first.
  private void endActivation(int index) {
    if (records.has(index, TaskRecords.STOP)) {
      records.state(index, TaskRecords.STOPPED);
      return;
    }
    long targetNs = records.advanceTargetNs(index);
    long nowNs = clock.nanoTime();
    records.dueNs(index, targetNs);
    if (nowNs - targetNs <= 0) {
      armTimer(index, targetNs);
    } else {
      records.countMissed(index, (nowNs - targetNs) / records.periodNs(index));
      records.restartGrid(index);
      records.targetNs(index, rules.rephaseNs(targetNs, nowNs));
      makeReady(index);
    }
  }

  private void drop(Task task) {
    if (task instanceof ScheduledTask) {
      records.state(task.index, TaskRecords.STOPPED);
    } else {
      free(task);
    }
  }

  private void free(Task task) {
    tasks[task.index] = null;
    records.free(task.index);
  }

  // Starting and stopping.

  /// Begins the wait in the task's first turn, as tasko does; the deadline is fixed already.
  void startWaiting(Task task, long deadlineNs) {
    records.targetNs(task.index, deadlineNs);
    records.set(task.index, TaskRecords.WAIT_FIRST);
    makeReady(task.index);
  }

  void startScheduled(ScheduledTask task) {
    int index = task.index;
    records.clear(index, TaskRecords.STOP);
    if (records.state(index) != TaskRecords.STOPPED) {
      return;
    }
    if (records.has(index, TaskRecords.WAIT_FIRST)) {
      beginGrid(index, deadlineIn(records.periodNs(index)));
      armTimer(index, records.targetNs(index));
    } else {
      records.set(index, TaskRecords.FIRST);
      makeReady(index);
    }
  }

  void stopScheduled(ScheduledTask task, StopMode mode) {
    int index = task.index;
    if (records.state(index) == TaskRecords.STOPPED) {
      return;
    }
    records.set(index, TaskRecords.STOP);
    boolean betweenActivations = task.coroutine == null && index != current;
    if (rules.stopMode(mode) == StopMode.DROP_GRID && betweenActivations) {
      wheel.cancel(records.timer(index));
      removeReady(index);
      records.clear(index, TaskRecords.GIVING_WAY);
      records.state(index, TaskRecords.STOPPED);
    }
  }

  void makeReady(int index) {
    records.state(index, TaskRecords.READY);
    ready.add(index);
  }

  private void armTimer(int index, long deadlineNs) {
    long handle = rules.arm(wheel, deadlineNs, index);
    if (handle == TimerWheel.NULL_HANDLE) {
      throw new IllegalStateException("bug: wheel: full (expected: room for each task)");
    }
    records.timer(index, handle);
    records.state(index, TaskRecords.SLEEPING);
  }

  long deadlineIn(long delayNs) {
    return wheel.deadlineNs(clock.nanoTime(), delayNs);
  }

  // Waiting: called by the running task, on its own stack.

  @Override
  public int suspendableTask(String operation) {
    thread.require(operation);
    if (current == NO_TASK) {
      throw new IllegalStateException(
          operation + ": called outside a task (expected: in a body that this loop runs)");
    }
    Task task = taskAt(current);
    if (task.callback != null) {
      throw new IllegalStateException(
          operation
              + ": called in callback "
              + task.name()
              + " (expected: in a body; use schedule instead of scheduleCallback)");
    }
    if (task.suspension != null) {
      throw new IllegalStateException(
          operation
              + ": task "
              + task.name()
              + " has a suspension that it has not awaited (expected: await it first)");
    }
    return current;
  }

  @Override
  public int currentTask() {
    return thread.isCurrent() ? current : NO_TASK;
  }

  @Override
  public void suspend(String operation, WaitFor waitFor) {
    beforeWait(operation);
    records.state(current, TaskRecords.SUSPENDED);
    beginOutsideWait(current, waitFor);
    switchOut(current, operation);
  }

  @Override
  public void resume(int task) {
    endOutsideWait(task);
    makeReady(task);
  }

  @Override
  public void sleepNs(long delayNs) {
    int index = suspendableTask("sleep");
    beforeWait("sleep");
    armTimer(index, deadlineIn(delayNs));
    switchOut(index, "sleep");
  }

  void yieldNow() {
    int index = suspendableTask("yieldNow");
    beforeWait("yieldNow");
    makeReady(index);
    switchOut(index, "yieldNow");
  }

  Suspension suspension(Loop loop) {
    int index = suspendableTask("suspend");
    Suspension suspension = new Suspension(loop, index);
    taskAt(index).suspension = suspension;
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
    task.suspension = null;
    boolean resumed = false;
    try {
      if (suspension.isDelivered()) {
        giveWay();
      } else {
        suspension.markWaiting();
        suspend("await", waitFor);
      }
      resumed = true;
    } finally {
      if (!resumed) {
        suspension.kill();
        removeReady(task.index);
      }
    }
  }

  /// The running task, resumed before it waits, stands in the ready queue already.
  void keepPlace(int task) {
    ready.add(task);
  }

  private void giveWay() {
    beforeWait("await");
    records.state(current, TaskRecords.READY);
    switchOut(current, "await");
  }

  private void beforeWait(String operation) {
    if (guard != null) {
      guard.check(operation);
    }
    if (unwinding) {
      refuseWait(operation);
    }
  }

  /// A body that keeps on waiting while it is unwound gets the exception each time. One that will
  /// not end is left where it is, suspended for good, and named.
  private void refuseWait(String operation) {
    refusals++;
    Task task = taskAt(current);
    if (refusals > REFUSALS_MAX && task.coroutine != null) {
      task.coroutine.suspend();
    }
    throw new TaskCancelledException(task.name(), operation);
  }

  private void switchOut(int index, String operation) {
    Coroutine worker = Objects.requireNonNull(taskAt(index).coroutine);
    boolean switched = false;
    try {
      worker.suspend();
      switched = true;
    } finally {
      if (!switched) {
        undoWait(index);
      }
    }
    if (unwinding) {
      throw new TaskCancelledException(taskAt(index).name(), operation);
    }
  }

  /// The task could not be suspended: it goes on, or ends, as if it had not asked.
  private void undoWait(int index) {
    wheel.cancel(records.timer(index));
    removeReady(index);
    endOutsideWait(index);
    records.state(index, TaskRecords.RUNNING);
  }

  private void beginOutsideWait(int index, WaitFor waitFor) {
    if (waitFor != WaitFor.TASK) {
      records.set(index, TaskRecords.OUTSTANDING);
      outstanding++;
    }
    if (waitFor == WaitFor.HANDED_OVER) {
      records.set(index, TaskRecords.HANDED_OVER);
      handedOver++;
    }
  }

  private void endOutsideWait(int index) {
    if (records.has(index, TaskRecords.OUTSTANDING)) {
      records.clear(index, TaskRecords.OUTSTANDING);
      outstanding--;
    }
    if (records.has(index, TaskRecords.HANDED_OVER)) {
      records.clear(index, TaskRecords.HANDED_OVER);
      handedOver--;
    }
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

  /// Ends every task. Each started body gets a [TaskCancelledException] where it waits.
  ///
  /// @return the first thing that a body threw besides, with the others suppressed, or `earlier`
  @Nullable Throwable unwindAll(@Nullable Throwable earlier) {
    unwinding = true;
    Throwable failure = earlier;
    for (Task task : tasks()) {
      try {
        unwind(task);
      } catch (TaskCancelledException expected) {
        // As it should be.
      } catch (Throwable thrown) {
        failure = join(failure, thrown);
      }
    }
    workers.close();
    return failure;
  }

  boolean isUnwinding() {
    return unwinding;
  }

  private void unwind(Task task) throws Throwable {
    Coroutine worker = task.coroutine;
    if (worker == null) {
      free(task);
      return;
    }
    boolean left = false;
    current = task.index;
    refusals = 0;
    thread.runs(worker);
    try {
      left = !worker.resume();
    } finally {
      thread.runs(null);
      current = NO_TASK;
      if (!left) {
        dismiss(task, worker);
        free(task);
      }
    }
    if (left) {
      LOG.log(
          System.Logger.Level.ERROR,
          "close: task {0} waits on after {1} cancellations and is left suspended",
          task.name(),
          REFUSALS_MAX);
    }
  }

  static Throwable join(@Nullable Throwable first, Throwable next) {
    if (first == null) {
      return next;
    }
    first.addSuppressed(next);
    return first;
  }

  private Task taskAt(int index) {
    return Objects.requireNonNull(tasks[index], "bug: no task");
  }
}
