package dev.tasko;

import dev.tasko.task.Body;
import dev.tasko.task.Coroutine;
import dev.tasko.task.CoroutineEngine;
import dev.tasko.task.CoroutinePool;
import dev.tasko.task.MonitorGuard;
import dev.tasko.task.Period;
import dev.tasko.task.ReadyQueue;
import dev.tasko.task.Scheduler;
import dev.tasko.task.TaskCancelledException;
import dev.tasko.task.TaskRecords;
import dev.tasko.wakeup.Interrupt;
import dev.tasko.wakeup.Sleeper;
import dev.tasko.wakeup.WakeupQueue;
import dev.tasko.wakeup.WakeupSource;
import dev.tasko.wheel.TimerHandler;
import dev.tasko.wheel.TimerWheel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.agrona.LangUtil;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/// Runs tasks on one thread: straight-line code that waits where it has to.
///
/// **A step**, top to bottom:
///
/// 1. take what other threads have sent: wakeups, then posts;
/// 2. run each task that was ready when the step began, once, first come first served;
/// 3. the sleeper pass: as many times as tasks were asleep when it began, read the clock and run
///    the task with the earliest deadline if it is due;
/// 4. if nothing can run, sleep until the next deadline or until another thread wakes the loop.
///
/// A task that becomes ready during a step runs in the next. Equal deadlines run in the order in
/// which the tasks fell asleep. These are tasko's rules, and a corpus of tasko's traces checks
/// them.
///
/// **Where code runs.** A callback ([#scheduleCallback]) runs on the loop's own stack and must not
/// suspend. A [Body] runs on a pooled coroutine and may. In the steady state neither allocates.
///
/// **Errors.** What a body throws leaves [#step] or [#run] unchanged, checked or not. Only that
/// task ends; the others keep their places, and the loop can be run again.
///
/// **Threads.** A loop belongs to the first thread that steps it. Other threads may call [#post],
/// [#stop], [Interrupt#fire] and [Suspension#resume]; everything else is refused.
///
/// It is an Agrona [Agent] whose duty cycle is a step without (4), for an `AgentRunner` or
/// `AgentInvoker` that idles itself.
public class Loop implements Agent, AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dev.tasko");
  private static final int NO_TASK = Scheduler.NO_TASK;
  private static final double NS_PER_SECOND = 1e9;
  private static final int REFUSED_SUSPENSIONS_MAX = 1000;

  private final NanoClock clock;
  private final @Nullable Sleeper sleeper;
  private final @Nullable IdleStrategy idleStrategy;
  private final Compat compat;
  private final Consumer<List<Task>> onStranded;
  private final @Nullable MonitorGuard guard;

  private final TimerWheel wheel;
  private final TimerHandler onTimer = this::onTimer;
  private final TaskRecords records;
  private final @Nullable Task[] tasks;
  private final ReadyQueue ready;
  private final CoroutinePool workers;
  private final WakeupQueue wakeups;
  private final PostInbox posts;
  private final StopSignal stopSignal = new StopSignal();
  private final Waits waits = new Waits();

  private @Nullable Thread owner;
  private @Nullable Coroutine running;
  private int current = NO_TASK;
  private boolean stepping;
  private boolean stopRequested;
  private boolean closing;
  private boolean closed;
  private int interruptsLeft;
  private int outstanding;
  private int handedOver;
  private int refusedSuspensions;

  private long turnNowNs;
  private long turns;
  private long sleeps;
  private long distinctDeadlines;
  private long lastDeadlineNs;

  /// Makes a loop with the defaults of [LoopConfig].
  public Loop() {
    this(new LoopConfig());
  }

  /// Makes a loop. All that its steady state needs is allocated here, except the stacks of
  /// coroutines.
  ///
  /// @param config copied
  /// @throws IllegalStateException if a run-time flag that nothing can replace is missing; the
  ///   message is the remedy
  public Loop(LoopConfig config) {
    clock = config.clock;
    sleeper = config.sleeper;
    idleStrategy = config.idleStrategy;
    compat = config.compat;
    onStranded = config.onStranded;
    guard = config.strict ? new MonitorGuard() : null;
    wheel = new TimerWheel(config.taskCapacity, clock.nanoTime());
    records = new TaskRecords(config.taskCapacity);
    tasks = new @Nullable Task[config.taskCapacity];
    ready = createReadyQueue(config.taskCapacity);
    workers = new CoroutinePool(chooseEngine(config), config.taskCapacity);
    // One place for each suspension (a task has at most one), each interrupt, the posts, the stop.
    wakeups = new WakeupQueue(2 * config.taskCapacity + config.interruptCapacity + 2);
    posts = new PostInbox(config.postCapacity, wakeups);
    interruptsLeft = config.interruptCapacity;
  }

  private static CoroutineEngine chooseEngine(LoopConfig config) {
    CoroutineEngine engine = config.engine;
    return engine == null ? EngineChoice.ENGINE : engine;
  }

  // Adding tasks.

  /// Adds a task that runs once, from the next step on.
  ///
  /// @param body runs once
  /// @return the task
  /// @throws IllegalStateException if the loop is full or closed
  public Task addTask(Body body) {
    return addTask(null, body);
  }

  /// [#addTask(Body)] with a name.
  ///
  /// @param name for messages, or `null`
  /// @param body runs once
  /// @return the task
  public Task addTask(@Nullable String name, Body body) {
    Objects.requireNonNull(body, "body");
    Task task = new Task(this, allocate("addTask"), name, body, null);
    tasks[task.index] = task;
    makeReady(task.index);
    return task;
  }

  /// Runs a body at a rate, first in the next step, which anchors its phase. See [ScheduledTask].
  ///
  /// @param rateHz activations in a second; counts as the shortest decimal that names it
  /// @param body runs at each activation; may suspend
  /// @return the task
  /// @throws IllegalArgumentException if the rate is not a positive number with a period of 1 ns to
  ///   146 years
  /// @throws IllegalStateException if the loop is full or closed
  public ScheduledTask schedule(double rateHz, Body body) {
    return schedule(null, rateHz, body);
  }

  /// [#schedule(double, Body)] with a name.
  ///
  /// @param name for messages, or `null`
  /// @param rateHz activations in a second
  /// @param body runs at each activation; may suspend
  /// @return the task
  public ScheduledTask schedule(@Nullable String name, double rateHz, Body body) {
    ScheduledTask task = createScheduled(name, rateHz, Objects.requireNonNull(body, "body"), null);
    startScheduled(task);
    return task;
  }

  /// Runs a body at a rate, first after one period, counted from its first step ([Compat#TASKO]) or
  /// from each start ([Compat#STRICT]).
  ///
  /// @param rateHz activations in a second
  /// @param body runs at each activation; may suspend
  /// @return the task
  public ScheduledTask scheduleLater(double rateHz, Body body) {
    return scheduleLater(null, rateHz, body);
  }

  /// [#scheduleLater(double, Body)] with a name.
  ///
  /// @param name for messages, or `null`
  /// @param rateHz activations in a second
  /// @param body runs at each activation; may suspend
  /// @return the task
  public ScheduledTask scheduleLater(@Nullable String name, double rateHz, Body body) {
    ScheduledTask task = createScheduled(name, rateHz, Objects.requireNonNull(body, "body"), null);
    records.set(task.index, compat == Compat.TASKO ? TaskRecords.GIVE_WAY : TaskRecords.WAIT_FIRST);
    startScheduled(task);
    return task;
  }

  /// Runs a callback at a rate on the loop's own stack: no coroutine, and no suspending.
  ///
  /// @param rateHz activations in a second
  /// @param callback runs at each activation
  /// @return the task
  public ScheduledTask scheduleCallback(double rateHz, Runnable callback) {
    return scheduleCallback(null, rateHz, callback);
  }

  /// [#scheduleCallback(double, Runnable)] with a name.
  ///
  /// @param name for messages, or `null`
  /// @param rateHz activations in a second
  /// @param callback runs at each activation
  /// @return the task
  public ScheduledTask scheduleCallback(@Nullable String name, double rateHz, Runnable callback) {
    Objects.requireNonNull(callback, "callback");
    ScheduledTask task = createScheduled(name, rateHz, null, callback);
    startScheduled(task);
    return task;
  }

  /// Adds a task that runs once after a delay. The deadline is fixed here, whenever the loop
  /// starts.
  ///
  /// @param delaySeconds from now; not positive means as soon as possible
  /// @param body runs once
  /// @return the task
  /// @throws IllegalArgumentException if the delay is not a finite number of at most 146 years
  /// @throws IllegalStateException if the loop is full or closed
  public Task runLater(double delaySeconds, Body body) {
    Objects.requireNonNull(body, "body");
    return addWaiting("runLater", deadlineIn(toNs("delaySeconds", delaySeconds)), body, null);
  }

  /// [#runLater(double, Body)] with an exact delay.
  ///
  /// @param delay from now
  /// @param body runs once
  /// @return the task
  public Task runLater(Duration delay, Body body) {
    Objects.requireNonNull(body, "body");
    return addWaiting("runLater", deadlineIn(toNs(delay)), body, null);
  }

  /// Adds a callback that runs once at a time, on the loop's own stack: how a simulated device
  /// makes things happen in virtual time.
  ///
  /// @param deadlineNs absolute, in the loop clock's time base
  /// @param callback runs once
  /// @return the task
  /// @throws IllegalStateException if the loop is full or closed
  public Task callAt(long deadlineNs, Runnable callback) {
    Objects.requireNonNull(callback, "callback");
    return addWaiting("callAt", deadlineNs, null, callback);
  }

  /// Makes an interrupt of this loop.
  ///
  /// @param name for messages
  /// @return a new one; it lives as long as the loop
  /// @throws IllegalStateException if the loop has as many as it was made for
  public Interrupt interrupt(String name) {
    requireOpenOnLoop("interrupt");
    Objects.requireNonNull(name, "name");
    if (interruptsLeft == 0) {
      throw new IllegalStateException(
          "interrupt: "
              + name
              + " is one too many (expected: at most interruptCapacity; raise it in LoopConfig)");
    }
    interruptsLeft--;
    return new Interrupt(waits, wakeups, name);
  }

  // Called by the running task.

  /// Suspends the running task for at least a time.
  ///
  /// @param seconds from now, cut to whole nanoseconds; not positive lets others go first
  /// @throws IllegalArgumentException if it is not a finite number of at most 146 years
  /// @throws IllegalStateException outside a task or in a callback
  public void sleep(double seconds) {
    waits.sleepNs(toNs("seconds", seconds));
  }

  /// [#sleep(double)] with a duration.
  ///
  /// @param duration from now
  public void sleep(Duration duration) {
    waits.sleepNs(toNs(duration));
  }

  /// [#sleep(double)] in nanoseconds.
  ///
  /// @param delayNs from now
  public void sleepNs(long delayNs) {
    waits.sleepNs(delayNs);
  }

  /// Lets every other ready task run before the running task goes on, in the next step.
  ///
  /// @throws IllegalStateException outside a task or in a callback
  public void yieldNow() {
    int task = waits.suspendableTask("yieldNow");
    beforeSuspension("yieldNow");
    makeReady(task);
    switchOut(task, "yieldNow");
  }

  /// Prepares a wait of the running task: keep the suspension where something will resume it, then
  /// await it. Allocates one object.
  ///
  /// @return to be awaited before the task waits for anything else
  /// @throws IllegalStateException outside a task or in a callback
  public Suspension suspend() {
    int task = waits.suspendableTask("suspend");
    Suspension suspension = new Suspension(this, task);
    taskAt(task).suspension = suspension;
    return suspension;
  }

  // Running.

  /// One step, sleeping included: see the class. With nothing asleep and nothing ready it returns.
  ///
  /// @return how many tasks, posts and wakeups were served
  public int step() {
    return step("step", true, false);
  }

  /// Runs until nothing is ready, nothing sleeps and nothing outside is awaited, until [#stop], or
  /// until the thread is interrupted. Then tells `onStranded` which tasks are still suspended.
  public void run() {
    runWhile(false);
  }

  /// Runs until [#stop], or until the thread is interrupted.
  public void runForever() {
    runWhile(true);
  }

  /// Ends [#run] or [#runForever] after the present step, or the next one if none runs.
  ///
  /// Thread: any. Progress: lock-free. Allocates: no.
  public void stop() {
    stopSignal.signal();
  }

  /// Gives the loop something to do, before the tasks of its next step, on the loop's own stack.
  ///
  /// Thread: any; what one thread posts runs in order. Progress: lock-free. Allocates: no.
  ///
  /// @param work what it throws leaves `step` or `run`
  /// @return whether it will run: `false` if the inbox is full or the loop closed
  public boolean post(Runnable work) {
    return posts.offer(Objects.requireNonNull(work, "work"));
  }

  /// Ends everything: posts already accepted run, every body that has started is unwound by a
  /// [TaskCancelledException] at its suspension point, the rest is dropped. No thread and no
  /// continuation of the loop is left.
  ///
  /// @throws IllegalStateException if called from a task or a callback
  @Override
  public void close() {
    if (closed) {
      return;
    }
    requireOpenOnLoop("close");
    if (stepping) {
      throw new IllegalStateException(
          "close: called from a task or callback (expected: outside; use stop)");
    }
    posts.close();
    stepping = true;
    Throwable failure = null;
    try {
      failure = runLeftPosts();
      closing = true;
      failure = unwindAll(failure);
    } finally {
      closed = true;
      stepping = false;
    }
    workers.close();
    wheel.clear();
    if (failure != null) {
      LangUtil.rethrowUnchecked(failure);
    }
  }

  // Agrona's Agent.

  /// A step without sleeping.
  @Override
  public int doWork() {
    return step("doWork", false, false);
  }

  @Override
  public String roleName() {
    return "tasko";
  }

  /// Closes the loop.
  @Override
  public void onClose() {
    close();
  }

  // What it tells about itself.

  /// The time, by the loop's clock.
  ///
  /// @return nanoseconds in the loop's time base
  public long nowNs() {
    return clock.nanoTime();
  }

  /// Steps taken.
  ///
  /// @return count
  public long turns() {
    return turns;
  }

  /// How often the loop went to sleep, and so how often it was woken.
  ///
  /// @return count
  public long sleeps() {
    return sleeps;
  }

  /// How many different deadlines have been served.
  ///
  /// @return count; with one sleep for each, the loop slept no more than it had to
  public long distinctDeadlines() {
    return distinctDeadlines;
  }

  /// The tasks that are alive, stopped ones included.
  ///
  /// @return a new list in no particular order
  public List<Task> tasks() {
    List<Task> live = new ArrayList<>();
    for (Task task : tasks) {
      if (task != null) {
        live.add(task);
      }
    }
    return live;
  }

  /// What waiting primitives (resources, drivers) build on. Not for tasks.
  ///
  /// @return always the same
  public Scheduler scheduler() {
    return waits;
  }

  // The turn.

  private void runWhile(boolean forever) {
    requireNotStepping("run");
    while (!stopRequested && (forever || isBusy()) && !Thread.currentThread().isInterrupted()) {
      step("run", true, true);
    }
    stopRequested = false;
    if (!forever) {
      reportStranded();
    }
  }

  private int step(String operation, boolean maySleep, boolean mayWaitForWakeup) {
    enter(operation);
    int work;
    try {
      turns++;
      work = wakeups.drain() + runPosts() + runReady() + runSleepers();
    } finally {
      stepping = false;
    }
    if (maySleep) {
      idle(work, mayWaitForWakeup);
    }
    return work;
  }

  private int runPosts() {
    int ran = 0;
    for (int left = posts.size(); left > 0; left--) {
      Runnable post = posts.poll();
      if (post == null) {
        break;
      }
      ran++;
      post.run();
    }
    return ran;
  }

  private int runReady() {
    int count = ready.size();
    for (int left = count; left > 0; left--) {
      turnNowNs = 0;
      dispatch(ready.take());
    }
    return count;
  }

  private int runSleepers() {
    if (compat == Compat.STRICT) {
      turnNowNs = clock.nanoTime();
      return wheel.poll(turnNowNs, onTimer, Integer.MAX_VALUE);
    }
    int ran = 0;
    for (int left = sleeperPassLimit(); left > 0; left--) {
      turnNowNs = sleeperPassNowNs();
      if (!wheel.pollOne(turnNowNs, onTimer)) {
        break;
      }
      ran++;
    }
    return ran;
  }

  private void idle(int work, boolean mayWaitForWakeup) {
    if (idleStrategy != null) {
      idleStrategy.idle(work);
      return;
    }
    if (!ready.isEmpty() || !posts.isEmpty() || !wakeups.isEmpty() || stopRequested) {
      return;
    }
    if (wheel.size() == 0) {
      if (mayWaitForWakeup) {
        sleeps++;
        wakeups.park(Long.MAX_VALUE);
      }
      return;
    }
    long deadlineNs = wheel.nextDeadlineNs();
    long waitNs = deadlineNs - clock.nanoTime();
    if (waitNs > 0) {
      sleeps++;
      sleepUntil(deadlineNs, waitNs);
    }
  }

  /// Time that is not the thread's own (virtual time) must not pass while another thread works.
  private void sleepUntil(long deadlineNs, long waitNs) {
    if (sleeper == null) {
      wakeups.park(waitNs);
    } else if (handedOver > 0) {
      wakeups.park(Long.MAX_VALUE);
    } else {
      sleeper.sleepUntil(deadlineNs);
    }
  }

  private boolean isBusy() {
    return !ready.isEmpty()
        || wheel.size() > 0
        || outstanding > 0
        || !posts.isEmpty()
        || !wakeups.isEmpty();
  }

  private void reportStranded() {
    List<Task> stranded = new ArrayList<>();
    for (Task task : tasks) {
      if (task != null && records.state(task.index) == TaskRecords.SUSPENDED) {
        stranded.add(task);
      }
    }
    if (!stranded.isEmpty()) {
      onStranded.accept(stranded);
    }
  }

  private void onTimer(long handle, long payload, long deadlineNs) {
    if (deadlineNs != lastDeadlineNs || distinctDeadlines == 0) {
      lastDeadlineNs = deadlineNs;
      distinctDeadlines++;
    }
    dispatch((int) payload);
  }

  // One task's turn.

  private void dispatch(int index) {
    Task task = taskAt(index);
    current = index;
    records.state(index, TaskRecords.RUNNING);
    try {
      if (task.coroutine != null) {
        runBody(task);
      } else if (task instanceof ScheduledTask) {
        runScheduled(task);
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

  private void runScheduled(Task task) {
    int index = task.index;
    if (records.has(index, TaskRecords.FIRST)) {
      records.clear(index, TaskRecords.FIRST);
      long anchorNs = anchorNs(index);
      records.targetNs(index, anchorNs);
      records.dueNs(index, anchorNs);
    }
    if (records.has(index, TaskRecords.STOP)) {
      records.state(index, TaskRecords.STOPPED);
    } else if (records.has(index, TaskRecords.GIVING_WAY)) {
      records.clear(index, TaskRecords.GIVING_WAY);
      endActivation(index);
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

  /// When the present task was chosen to run. The sleeper pass has just read the clock for that.
  private long dispatchTimeNs() {
    if (turnNowNs == 0) {
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
    Coroutine worker = task.coroutine;
    if (worker == null) {
      worker = workers.take();
      worker.assign(Objects.requireNonNull(task.body));
      task.coroutine = worker;
    }
    running = worker;
    boolean ended = false;
    try {
      ended = worker.resume();
    } catch (Throwable thrown) {
      releaseWorker(task, worker);
      drop(task);
      LangUtil.rethrowUnchecked(thrown);
    } finally {
      running = null;
    }
    if (ended) {
      releaseWorker(task, worker);
      endBody(task);
    }
  }

  private void releaseWorker(Task task, Coroutine worker) {
    task.coroutine = null;
    workers.giveBack(worker);
    if (task.suspension != null) {
      task.suspension.kill();
      task.suspension = null;
    }
  }

  private void endBody(Task task) {
    if (task instanceof ScheduledTask) {
      endActivation(task.index);
    } else {
      free(task);
    }
  }

  /// The grid: sleep until the next point if it has not passed, even if the task is late; else
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
      records.targetNs(index, rephase(targetNs, nowNs));
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

  // Scheduled tasks.

  void startScheduled(ScheduledTask task) {
    int index = task.index;
    records.clear(index, TaskRecords.STOP);
    if (records.state(index) != TaskRecords.STOPPED) {
      return;
    }
    records.restartGrid(index);
    if (records.has(index, TaskRecords.WAIT_FIRST)) {
      long targetNs = deadlineIn(records.periodNs(index));
      records.targetNs(index, targetNs);
      records.dueNs(index, targetNs);
      armTimer(index, targetNs);
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
    if (mode == StopMode.DROP_GRID && betweenActivations) {
      wheel.cancel(records.timer(index));
      ready.remove(index);
      records.state(index, TaskRecords.STOPPED);
    }
  }

  private ScheduledTask createScheduled(
      @Nullable String name, double rateHz, @Nullable Body body, @Nullable Runnable callback) {
    Period period = Period.ofRateHz(rateHz);
    ScheduledTask task =
        new ScheduledTask(this, allocate("schedule"), name, period, body, callback);
    tasks[task.index] = task;
    records.state(task.index, TaskRecords.STOPPED);
    return task;
  }

  /// The wait begins in the task's first turn, as tasko's does; the deadline is fixed already.
  private Task addWaiting(
      String operation, long deadlineNs, @Nullable Body body, @Nullable Runnable callback) {
    Task task = new Task(this, allocate(operation), null, body, callback);
    tasks[task.index] = task;
    records.targetNs(task.index, deadlineNs);
    records.set(task.index, TaskRecords.WAIT_FIRST);
    makeReady(task.index);
    return task;
  }

  private int allocate(String operation) {
    requireOpenOnLoop(operation);
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

  // Waiting.

  private void beforeSuspension(String operation) {
    if (guard != null) {
      guard.check(operation);
    }
    if (closing) {
      refuseSuspension(operation);
    }
  }

  /// A body that keeps on waiting while it is unwound gets the exception each time. One that will
  /// not end is left where it is, suspended for good; [#close] names it.
  private void refuseSuspension(String operation) {
    refusedSuspensions++;
    Task task = taskAt(current);
    if (refusedSuspensions > REFUSED_SUSPENSIONS_MAX && task.coroutine != null) {
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
    if (closing) {
      throw new TaskCancelledException(taskAt(index).name(), operation);
    }
  }

  /// The VM could not suspend this stack: the task goes on as if it had not asked.
  private void undoWait(int index) {
    wheel.cancel(records.timer(index));
    ready.remove(index);
    endOutsideWait(index);
    records.state(index, TaskRecords.RUNNING);
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

  void awaitSuspension(Suspension suspension, int index) {
    requireOnLoop("await");
    Task task = current == NO_TASK ? null : taskAt(current);
    if (task == null || current != index || task.suspension != suspension) {
      throw new IllegalStateException(
          "await: called by "
              + (task == null ? "no task" : task.name())
              + " (expected: once, by the task that called suspend)");
    }
    task.suspension = null;
    if (suspension.isDelivered()) {
      yieldNow();
      return;
    }
    boolean resumed = false;
    suspension.markWaiting();
    try {
      waits.suspend(
          "await",
          suspension.isExternal() ? Scheduler.WaitFor.HANDED_OVER : Scheduler.WaitFor.TASK);
      resumed = true;
    } finally {
      if (!resumed) {
        suspension.kill();
      }
    }
  }

  void resumeFromAnywhere(Suspension suspension) {
    if (isOnLoop()) {
      suspension.onWakeup();
    } else {
      wakeups.signal(suspension);
    }
  }

  void resumeTask(int index) {
    endOutsideWait(index);
    makeReady(index);
  }

  private void makeReady(int index) {
    records.state(index, TaskRecords.READY);
    ready.add(index);
  }

  private long deadlineIn(long delayNs) {
    return wheel.deadlineNs(clock.nanoTime(), delayNs);
  }

  private static long toNs(String name, double seconds) {
    double ns = seconds * NS_PER_SECOND;
    if (!(Math.abs(ns) <= Period.MAX_NS)) {
      throw new IllegalArgumentException(
          name + ": " + seconds + " (expected: finite, at most 146 years)");
    }
    return (long) ns;
  }

  private static long toNs(Duration duration) {
    Objects.requireNonNull(duration, "duration");
    if (duration.abs().compareTo(Duration.ofNanos(Period.MAX_NS)) > 0) {
      throw new IllegalArgumentException(
          "duration: " + duration + " (expected: at most 146 years)");
    }
    return duration.toNanos();
  }

  // Closing.

  private @Nullable Throwable runLeftPosts() {
    Throwable failure = null;
    while (!posts.isEmpty()) {
      try {
        runPosts();
      } catch (Throwable thrown) {
        failure = addSuppressed(failure, thrown);
      }
    }
    return failure;
  }

  private @Nullable Throwable unwindAll(@Nullable Throwable earlier) {
    Throwable failure = earlier;
    for (Task task : tasks) {
      if (task != null) {
        failure = unwind(task, failure);
      }
    }
    return failure;
  }

  private @Nullable Throwable unwind(Task task, @Nullable Throwable earlier) {
    Coroutine worker = task.coroutine;
    Throwable failure = earlier;
    boolean ended = true;
    if (worker != null) {
      current = task.index;
      running = worker;
      refusedSuspensions = 0;
      try {
        ended = worker.resume();
      } catch (TaskCancelledException expected) {
        // It has unwound.
      } catch (Throwable thrown) {
        failure = addSuppressed(failure, thrown);
      }
      current = NO_TASK;
      running = null;
    }
    if (ended) {
      if (worker != null) {
        releaseWorker(task, worker);
      }
      free(task);
    } else {
      LOG.log(
          System.Logger.Level.ERROR,
          "close: task {0} goes on waiting after {1} cancellations and is left suspended",
          task.name(),
          REFUSED_SUSPENSIONS_MAX);
    }
    return failure;
  }

  private static Throwable addSuppressed(@Nullable Throwable first, Throwable next) {
    if (first == null) {
      return next;
    }
    first.addSuppressed(next);
    return first;
  }

  // Threads and states in which a call is allowed.

  private void enter(String operation) {
    requireNotStepping(operation);
    stepping = true;
  }

  private void requireNotStepping(String operation) {
    requireOpenOnLoop(operation);
    if (stepping) {
      throw new IllegalStateException(
          operation + ": called from a task or callback of the loop (expected: outside)");
    }
    if (owner == null) {
      owner = Thread.currentThread();
    }
    if (guard != null && turns == 0) {
      guard.check(operation);
    }
  }

  void requireOpenOnLoop(String operation) {
    requireOnLoop(operation);
    if (closed || closing) {
      throw new IllegalStateException(operation + ": the loop is closed (expected: open)");
    }
  }

  private void requireOnLoop(String operation) {
    if (!isOnLoop()) {
      throw new IllegalStateException(
          operation
              + ": called on thread "
              + Thread.currentThread().getName()
              + " (expected: the loop's, "
              + Objects.requireNonNull(owner).getName()
              + "; use post)");
    }
  }

  private boolean isOnLoop() {
    Thread thread = Thread.currentThread();
    Coroutine worker = running;
    return owner == null || thread.equals(owner) || (worker != null && worker.isOn(thread));
  }

  private Task taskAt(int index) {
    return Objects.requireNonNull(tasks[index], "bug: no task");
  }

  TaskRecords records() {
    return records;
  }

  TimerWheel wheel() {
    return wheel;
  }

  // The rules of order, each a method so that the conformance tests can break it.

  ReadyQueue createReadyQueue(int capacity) {
    return new ReadyQueue(capacity);
  }

  int sleeperPassLimit() {
    return wheel.size();
  }

  long sleeperPassNowNs() {
    return clock.nanoTime();
  }

  long anchorNs(int task) {
    return dispatchTimeNs();
  }

  long rephase(long targetNs, long nowNs) {
    return nowNs;
  }

  void armTimer(int task, long deadlineNs) {
    long handle = wheel.schedule(deadlineNs, task);
    if (handle == TimerWheel.NULL_HANDLE) {
      throw new IllegalStateException("bug: wheel: full (expected: room for each task)");
    }
    records.timer(task, handle);
    records.state(task, TaskRecords.SLEEPING);
  }

  /// What waiting primitives see of the loop.
  private final class Waits implements Scheduler {
    @Override
    public int suspendableTask(String operation) {
      requireOnLoop(operation);
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
      return isOnLoop() ? current : NO_TASK;
    }

    @Override
    public void suspend(String operation, WaitFor waitFor) {
      beforeSuspension(operation);
      int index = current;
      records.state(index, TaskRecords.SUSPENDED);
      if (waitFor != WaitFor.TASK) {
        records.set(index, TaskRecords.OUTSTANDING);
        outstanding++;
      }
      if (waitFor == WaitFor.HANDED_OVER) {
        records.set(index, TaskRecords.HANDED_OVER);
        handedOver++;
      }
      switchOut(index, operation);
    }

    @Override
    public void resume(int task) {
      resumeTask(task);
    }

    @Override
    public void sleepNs(long delayNs) {
      int index = suspendableTask("sleep");
      beforeSuspension("sleep");
      armTimer(index, deadlineIn(delayNs));
      switchOut(index, "sleep");
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
    public boolean isStrict() {
      return guard != null;
    }
  }

  /// Carries [#stop] to the loop's thread.
  private final class StopSignal extends WakeupSource {
    private final AtomicBoolean pending = new AtomicBoolean();

    void signal() {
      if (!pending.getAndSet(true)) {
        wakeups.signal(this);
      }
    }

    @Override
    protected void onWakeup() {
      pending.set(false);
      stopRequested = true;
    }
  }

  /// Chosen once, and said once if it is not the better one.
  private static final class EngineChoice {
    static final CoroutineEngine ENGINE = choose();

    private static CoroutineEngine choose() {
      String obstacle = CoroutineEngine.obstacle();
      if (obstacle != null) {
        LOG.log(
            System.Logger.Level.WARNING,
            "coroutines run on platform threads (BATON), some microseconds a switch: {0}",
            obstacle);
      }
      return CoroutineEngine.best();
    }
  }
}
