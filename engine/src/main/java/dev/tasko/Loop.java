package dev.tasko;

import dev.tasko.task.Body;
import dev.tasko.task.CoroutineEngine;
import dev.tasko.task.Delays;
import dev.tasko.task.Failures;
import dev.tasko.task.MonitorGuard;
import dev.tasko.task.Period;
import dev.tasko.task.Scheduler;
import dev.tasko.task.TaskCancelledException;
import dev.tasko.task.TaskRecords;
import dev.tasko.wakeup.Inbox;
import dev.tasko.wakeup.Interrupt;
import dev.tasko.wakeup.LongMailbox;
import dev.tasko.wakeup.Mailbox;
import dev.tasko.wakeup.PostInbox;
import dev.tasko.wakeup.WakeupQueue;
import dev.tasko.wheel.TimerHandler;
import dev.tasko.wheel.TimerWheel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
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
/// them. A loop with classes ([LoopConfig#priorities]) has an order of its own in (2) and (3).
/// Deadlines that have passed ([Release]) are told before anything runs.
///
/// **Where code runs.** A callback ([#scheduleCallback]) runs on the loop's own stack and must not
/// suspend. A [Body] runs on a pooled coroutine and may. In the steady state neither allocates.
///
/// **Errors.** What a body throws leaves [#step] or [#run] unchanged, checked or not. Only that
/// task ends; the others keep their places, and the loop can be run again. Another [ErrorPolicy]
/// keeps the loop running.
///
/// **Threads.** A loop belongs to the first thread that steps it. Other threads may call [#post],
/// [#stop], [Interrupt#fire], [Mailbox#offer] and [Suspension#resume]; everything else is refused.
///
/// It is an Agrona [Agent] whose duty cycle is a step without (4), for an `AgentRunner` or
/// `AgentInvoker` that idles itself.
public final class Loop implements Agent, AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dev.tasko");

  private final NanoClock clock;
  private final Compat compat;
  private final LoopRules rules;
  private final int priorities;
  private final Consumer<List<Task>> onStranded;
  private final @Nullable MonitorGuard guard;

  private final LoopThread thread = new LoopThread();
  private final TimerWheel wheel;
  private final TimerHandler onTimer;
  private final TaskRunner tasks;
  private final WakeupQueue wakeups;
  private final PostInbox posts;
  private final StopSignal stopSignal;
  private final Pulse pulse;
  private final Idling idling;

  private boolean stepping;
  private boolean closed;
  private Runnable whenUnwound = () -> {};
  private int interruptsLeft;
  private final List<Inbox> mailboxes = new ArrayList<>();
  private final OffloadThreads offloadThreads;

  private long passNowNs;

  /// The sleeper that a poll has taken out of the wheel and that is to run.
  private int woken = Scheduler.NO_TASK;

  private long turns;
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
  /// @throws IllegalArgumentException if it has both a sleeper and an idle strategy
  /// @throws dev.tasko.wheel.MissingFlagException if the JVM lacks a flag that nothing can replace
  public Loop(LoopConfig config) {
    clock = config.clock;
    compat = config.compat;
    rules = config.rules;
    priorities = config.priorities;
    onStranded = config.onStranded;
    config.requireOneWayOfIdling();
    guard = config.strict ? new MonitorGuard() : null;
    wheel =
        new TimerWheel(
            config.taskCapacity + Scopes.capacity(config.taskCapacity), clock.nanoTime());
    onTimer = this::onTimer;
    tasks = new TaskRunner(config, chooseEngine(config), wheel, thread, guard);
    // A place for each suspension (a task has one, and may have left one resumed behind), each
    // interrupt, the posts, the stop.
    wakeups = new WakeupQueue(2 * config.taskCapacity + config.interruptCapacity + 2);
    posts = new PostInbox(config.postCapacity, wakeups);
    stopSignal = new StopSignal(wakeups);
    pulse = new Pulse(this, thread, tasks, wakeups);
    idling = new Idling(config, wakeups, pulse, tasks.places());
    interruptsLeft = config.interruptCapacity;
    offloadThreads = new OffloadThreads(this, config.offloadThreads, config.taskCapacity);
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
    requireOpenOnLoop("addTask");
    Task task = new Task(this, name, body, null);
    tasks.startNow("addTask", task);
    return task;
  }

  /// Adds a task that runs once, from the next step on, and has a result.
  ///
  /// @param <T> of the result
  /// @param body runs once
  /// @return the task
  /// @throws IllegalStateException if the loop is full or closed
  public <T> ResultTask<T> call(Callable<? extends T> body) {
    Objects.requireNonNull(body, "body");
    requireOpenOnLoop("call");
    ResultTask<T> task = new ResultTask<>(this, null, body);
    tasks.startNow("call", task);
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
    return schedule(name, rateHz, 0, Objects.requireNonNull(body, "body"), null);
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
    int firstTurn = compat == Compat.TASKO ? TaskRecords.GIVE_WAY : TaskRecords.WAIT_FIRST;
    return schedule(name, rateHz, firstTurn, Objects.requireNonNull(body, "body"), null);
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
    return schedule(name, rateHz, 0, null, callback);
  }

  /// Runs a body by a release: with an exact period, a phase, a deadline, a budget. See [Release].
  ///
  /// @param release when, and what is promised
  /// @param body runs at each activation; may suspend
  /// @return the task
  /// @throws IllegalArgumentException if the loop has no class of that priority
  /// @throws IllegalStateException if the loop is full or closed, or its statistics are all in use
  public ScheduledTask schedule(Release release, Body body) {
    return schedule(null, release, body);
  }

  /// [#schedule(Release, Body)] with a name.
  ///
  /// @param name for messages, or `null`
  /// @param release when, and what is promised
  /// @param body runs at each activation; may suspend
  /// @return the task
  public ScheduledTask schedule(@Nullable String name, Release release, Body body) {
    return schedule(name, release, Objects.requireNonNull(body, "body"), null);
  }

  /// Runs a callback by a release on the loop's own stack: no coroutine, and no suspending.
  ///
  /// @param release when, and what is promised
  /// @param callback runs at each activation
  /// @return the task
  public ScheduledTask scheduleCallback(Release release, Runnable callback) {
    return scheduleCallback(null, release, callback);
  }

  /// [#scheduleCallback(Release, Runnable)] with a name.
  ///
  /// @param name for messages, or `null`
  /// @param release when, and what is promised
  /// @param callback runs at each activation
  /// @return the task
  public ScheduledTask scheduleCallback(@Nullable String name, Release release, Runnable callback) {
    return schedule(name, release, null, Objects.requireNonNull(callback, "callback"));
  }

  private ScheduledTask schedule(
      @Nullable String name, Release release, @Nullable Body body, @Nullable Runnable callback) {
    requireOpenOnLoop("schedule");
    Objects.requireNonNull(release, "release").requireClass(priorities);
    ScheduledTask task = new ScheduledTask(this, name, release, body, callback);
    tasks.startScheduled("schedule", task);
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
    return runLater(null, delaySeconds, body);
  }

  /// [#runLater(double, Body)] with a name, for the day on which it is in somebody's way.
  ///
  /// @param name for messages, or `null`
  /// @param delaySeconds from now; not positive means as soon as possible
  /// @param body runs once
  /// @return the task
  public Task runLater(@Nullable String name, double delaySeconds, Body body) {
    Objects.requireNonNull(body, "body");
    return addWaiting(
        "runLater",
        name,
        tasks.places().deadlineIn(Delays.toNs("delaySeconds", delaySeconds)),
        body,
        null);
  }

  /// [#runLater(double, Body)] with an exact delay.
  ///
  /// @param delay from now
  /// @param body runs once
  /// @return the task
  public Task runLater(Duration delay, Body body) {
    return runLater(null, delay, body);
  }

  /// [#runLater(Duration, Body)] with a name.
  ///
  /// @param name for messages, or `null`
  /// @param delay from now
  /// @param body runs once
  /// @return the task
  public Task runLater(@Nullable String name, Duration delay, Body body) {
    Objects.requireNonNull(body, "body");
    return addWaiting(
        "runLater", name, tasks.places().deadlineIn(Delays.toNs("delay", delay)), body, null);
  }

  /// Adds a callback that runs once at a time, on the loop's own stack: how a simulated device
  /// makes things happen in virtual time.
  ///
  /// @param deadlineNs absolute, in the loop clock's time base
  /// @param callback runs once
  /// @return the task
  /// @throws IllegalStateException if the loop is full or closed
  public Task callAt(long deadlineNs, Runnable callback) {
    return callAt(null, deadlineNs, callback);
  }

  /// [#callAt(long, Runnable)] with a name.
  ///
  /// @param name for messages, or `null`
  /// @param deadlineNs absolute, in the loop clock's time base
  /// @param callback runs once
  /// @return the task
  public Task callAt(@Nullable String name, long deadlineNs, Runnable callback) {
    Objects.requireNonNull(callback, "callback");
    return addWaiting("callAt", name, deadlineNs, null, callback);
  }

  /// Makes an interrupt of this loop.
  ///
  /// @param name for messages
  /// @return a new one; it lives as long as the loop
  /// @throws IllegalStateException if the loop has as many as it was made for
  public Interrupt interrupt(String name) {
    return newInterrupt("interrupt", name, Scheduler.WaitFor.EVENT);
  }

  /// Makes an interrupt that another thread fires when it has done what it was given. While a task
  /// awaits it, virtual time stands still.
  ///
  /// @param name for messages
  /// @return a new one; it lives as long as the loop
  /// @throws IllegalStateException if the loop has as many interrupts as it was made for
  public Interrupt completion(String name) {
    return newInterrupt("completion", name, Scheduler.WaitFor.HANDED_OVER);
  }

  private Interrupt newInterrupt(String operation, String name, Scheduler.WaitFor waitFor) {
    countSource(operation, name);
    return new Interrupt(tasks, wakeups, name, waitFor);
  }

  /// Each has a place in the wakeup queue.
  private void countSource(String operation, String name) {
    requireOpenOnLoop(operation);
    Objects.requireNonNull(name, "name");
    if (interruptsLeft == 0) {
      throw new IllegalStateException(
          operation
              + ": "
              + name
              + " is one too many (expected: at most interruptCapacity; raise it in LoopConfig)");
    }
    interruptsLeft--;
  }

  // Ways for values: from task to task, and from other threads.

  /// Makes a channel between tasks of this loop.
  ///
  /// @param <T> of the values
  /// @param name for messages
  /// @param capacity how many values wait in it, 1 to 16,777,216
  /// @return a new one
  /// @throws IllegalArgumentException if the capacity is out of range
  public <T> Channel<T> channel(String name, int capacity) {
    requireOpenOnLoop("channel");
    Objects.requireNonNull(name, "name");
    return new Channel<>(tasks, name, requireQueue(capacity));
  }

  /// Makes a mailbox: values from any thread to a task of this loop. It counts among the
  /// interrupts.
  ///
  /// @param <T> of the values
  /// @param name for messages
  /// @param capacity how many values wait in it, 1 to 16,777,216; rounded up to a power of two
  /// @return a new one; it lives as long as the loop
  /// @throws IllegalArgumentException if the capacity is out of range
  /// @throws IllegalStateException if the loop has as many interrupts as it was made for
  public <T> Mailbox<T> mailbox(String name, int capacity) {
    int values = requireQueue(capacity);
    countSource("mailbox", name);
    return closedWithLoop(new Mailbox<>(tasks, wakeups, name, values));
  }

  /// Makes a [#mailbox] of plain numbers, which nobody boxes.
  ///
  /// @param name for messages
  /// @param capacity how many values wait in it, 1 to 16,777,216; rounded up to a power of two
  /// @return a new one; it lives as long as the loop
  /// @throws IllegalArgumentException if the capacity is out of range
  /// @throws IllegalStateException if the loop has as many interrupts as it was made for
  public LongMailbox longMailbox(String name, int capacity) {
    int values = requireQueue(capacity);
    countSource("longMailbox", name);
    return closedWithLoop(new LongMailbox(tasks, wakeups, name, values));
  }

  private static int requireQueue(int capacity) {
    return LoopConfig.requireCapacity("capacity", capacity, LoopConfig.MAX_QUEUE);
  }

  private <M extends Inbox> M closedWithLoop(M mailbox) {
    mailboxes.add(mailbox);
    return mailbox;
  }

  private ScheduledTask schedule(
      @Nullable String name,
      double rateHz,
      int firstTurn,
      @Nullable Body body,
      @Nullable Runnable callback) {
    requireOpenOnLoop("schedule");
    Period period = Period.ofRateHz(rateHz);
    ScheduledTask task = new ScheduledTask(this, name, period, firstTurn, body, callback);
    tasks.startScheduled("schedule", task);
    return task;
  }

  private Task addWaiting(
      String operation,
      @Nullable String name,
      long deadlineNs,
      @Nullable Body body,
      @Nullable Runnable callback) {
    requireOpenOnLoop(operation);
    Task task = new Task(this, name, body, callback);
    tasks.startWaiting(operation, task, deadlineNs);
    return task;
  }

  // Called by the running task.

  /// Suspends the running task for at least a time.
  ///
  /// @param seconds from now, cut to whole nanoseconds; not positive lets others go first
  /// @throws IllegalArgumentException if it is not a finite number of at most 146 years
  /// @throws IllegalStateException outside a task or in a callback
  public void sleep(double seconds) {
    tasks.sleepNs(Delays.toNs("seconds", seconds));
  }

  /// [#sleep(double)] with a duration.
  ///
  /// @param duration from now
  public void sleep(Duration duration) {
    tasks.sleepNs(Delays.toNs("duration", duration));
  }

  /// [#sleep(double)] in nanoseconds.
  ///
  /// @param delayNs from now
  public void sleepNs(long delayNs) {
    tasks.sleepNs(delayNs);
  }

  /// Lets every other ready task run before the running task goes on, in the next step.
  ///
  /// @throws IllegalStateException outside a task or in a callback
  public void yieldNow() {
    tasks.yieldNow();
  }

  /// Prepares a wait of the running task: keep the suspension where something will resume it, then
  /// await it. Allocates one object.
  ///
  /// @return to be awaited before the task waits for anything else
  /// @throws IllegalStateException outside a task or in a callback
  public Suspension suspend() {
    return tasks.suspension(this);
  }

  /// Waits for what an asynchronous library will complete, on whatever thread. A stage that is
  /// complete already is no wait. While a task waits here, `run` does not return; virtual time goes
  /// on, see [#offload].
  ///
  /// If the task is cancelled or runs out of time while it waits, a stage that is a
  /// [java.util.concurrent.Future], such as a `CompletableFuture`, is cancelled: a request of the
  /// JDK's HTTP client is aborted by that.
  ///
  /// Allocates: yes.
  ///
  /// @param <T> of the value
  /// @param stage of another thread or of this loop, for example [ResultTask#future]
  /// @return its value, `null` included
  /// @throws IllegalStateException outside a task or in a callback
  /// @throws Exception what the stage failed with, checked or not, out of any
  ///   [java.util.concurrent.CompletionException] around it
  public <T extends @Nullable Object> T await(CompletionStage<T> stage) throws Exception {
    Objects.requireNonNull(stage, "stage");
    tasks.suspendableTask("await");
    return StageWait.await(this, stage);
  }

  /// Runs a blocking call on another thread, one of [LoopConfig#offloadThreads], while the running
  /// task waits. `run` does not return meanwhile, and virtual time stands still. Calls beyond the
  /// number of threads wait for one, first come, first served.
  ///
  /// If the task is cancelled or runs out of time, it leaves at once. Its call is not begun then,
  /// or its thread is interrupted; a call that ignores that goes on, keeps its thread until it
  /// ends, and its outcome is dropped. So give it nothing that the task closes on its way out.
  /// After [#close] a call that still goes on a second later is named in the log; the thread is a
  /// daemon.
  ///
  /// Allocates: yes.
  ///
  /// @param <T> of the value
  /// @param call runs once, elsewhere; must not touch the loop's tasks
  /// @return its value, `null` included
  /// @throws IllegalStateException outside a task or in a callback
  /// @throws Exception what the call threw
  public <T extends @Nullable Object> T offload(Callable<T> call) throws Exception {
    Objects.requireNonNull(call, "call");
    tasks.suspendableTask("offload");
    tasks.beforeWait("offload");
    return offloadThreads.call(call);
  }

  // Limits, shields and groups: called by the running task.

  /// Runs a block with a time limit. When that is over, the wait in which the task is then, or its
  /// next one, throws, and so does each further one in the block; a shielded part is left alone. A
  /// block that runs on without waiting is not interrupted.
  ///
  /// Allocates: no, unless the limit is reached.
  ///
  /// @param limit from now; of zero or less means that the first wait throws
  /// @param block runs once, here
  /// @throws dev.tasko.task.TaskTimeoutException if the block lets it out
  /// @throws IllegalStateException outside a task or in a callback
  /// @throws Exception whatever else the block throws
  public void timeout(Duration limit, Body block) throws Exception {
    timeoutNs(Delays.toNs("limit", limit), block);
  }

  /// [#timeout(Duration, Body)] in nanoseconds.
  ///
  /// @param limitNs from now
  /// @param block runs once, here
  /// @throws Exception as there
  public void timeoutNs(long limitNs, Body block) throws Exception {
    Objects.requireNonNull(block, "block");
    tasks.suspendableTask("timeout");
    tasks.beginTimeLimit("timeout", limitNs);
    try {
      block.run();
    } finally {
      tasks.endTimeLimit();
    }
  }

  /// Runs a block that is not to be broken off: cancellation of the task, time limits and failures
  /// of groups around it take effect after it. Time limits inside it work. Only [#close] reaches
  /// in.
  ///
  /// Allocates: no.
  ///
  /// @param block runs once, here
  /// @throws IllegalStateException outside a task or in a callback
  /// @throws Exception whatever the block throws
  public void shielded(Body block) throws Exception {
    Objects.requireNonNull(block, "block");
    tasks.beginShield("shielded");
    try {
      block.run();
    } finally {
      tasks.endShield();
    }
  }

  /// Begins a group whose children are all needed. See [TaskGroup].
  ///
  /// @return to be closed by the running task, by try-with-resources
  /// @throws IllegalStateException outside a task or in a callback
  public TaskGroup group() {
    return new TaskGroup(this, false);
  }

  /// Begins a group of which one child is enough. See [TaskGroup].
  ///
  /// @return to be closed by the running task, by try-with-resources
  /// @throws IllegalStateException outside a task or in a callback
  public TaskGroup race() {
    return new TaskGroup(this, true);
  }

  // Running.

  /// One step, sleeping included: see the class. With nothing asleep and nothing ready it returns.
  ///
  /// @return how many tasks, posts and wakeups were served
  public int step() {
    int work = turn("step");
    idle(work, false);
    return work;
  }

  /// Runs until nothing is ready, nothing sleeps and nothing outside is awaited, until [#stop], or
  /// until the thread is interrupted. In the first case it tells `onStranded` which tasks are still
  /// suspended: nobody is left to resume them.
  public void run() {
    runWhile(false);
  }

  /// Runs until [#stop], or until the thread is interrupted.
  public void runForever() {
    runWhile(true);
  }

  /// Ends [#run] or [#runForever] after the present step. If neither runs, the next one ends before
  /// its first step, and [#doWork] does nothing any more but throw.
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
  /// continuation of the loop is left, unless a body answers a thousand such exceptions by waiting
  /// again: that one is logged by name and left suspended.
  ///
  /// @throws IllegalStateException if called from a task or a callback
  @Override
  public void close() {
    if (closed) {
      return;
    }
    requireOutside("close");
    Failures.throwIfAny(end(null, ""));
  }

  /// Ends everything the gentle way: every task is cancelled, and the loop runs on until all have
  /// ended, so that a shielded part, such as a transfer on a bus, comes to its end. What is left
  /// after some time is broken off, as [#close] does, and named in the log with its stack.
  ///
  /// @param limit for the gentle part; not positive means [#close]
  /// @throws IllegalStateException if called from a task or a callback
  public void closeWithin(Duration limit) {
    long limitNs = Delays.toNs("limit", limit);
    if (closed) {
      return;
    }
    requireOutside("closeWithin");
    boolean interrupted = Thread.interrupted(); // it would turn each sleep into spinning
    Throwable failure = drain(wheel.deadlineNs(clock.nanoTime(), limitNs));
    List<Task> left = tasks.tasks();
    failure = end(failure, left.isEmpty() ? "" : Report.of(tasks, left));
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Failures.throwIfAny(failure);
  }

  /// First all that tasks and outputs need, then what may take its time: the log, which somebody
  /// may have stopped reading, and threads of others.
  private @Nullable Throwable end(@Nullable Throwable earlier, String brokenOff) {
    posts.close();
    closeMailboxes();
    stepping = true;
    pulse.beginTurn();
    Throwable failure = Failures.join(earlier, runLeftPosts());
    closed = true;
    failure = tasks.unwindAll(failure);
    try {
      whenUnwound.run();
    } catch (Throwable thrown) {
      failure = Failures.join(failure, thrown);
    }
    if (!brokenOff.isEmpty()) {
      LOG.log(System.Logger.Level.WARNING, "closeWithin: broken off while they end:\n" + brokenOff);
    }
    tasks.logRefusing();
    offloadThreads.close();
    wheel.clear();
    pulse.endTurn();
    return failure;
  }

  private @Nullable Throwable drain(long deadlineNs) {
    Throwable failure = null;
    while (!tasks.tasks().isEmpty() && deadlineNs - clock.nanoTime() > 0) {
      try {
        tasks.cancelAll();
        idleAtMost(turn("closeWithin"), deadlineNs);
      } catch (Throwable thrown) {
        failure = Failures.isCancellation(thrown) ? failure : Failures.join(failure, thrown);
      }
    }
    return failure;
  }

  private void idleAtMost(int work, long deadlineNs) {
    if (!idling.byStrategy(work) && !isRunnable() && !tasks.tasks().isEmpty()) {
      boolean timerFirst = isAnyTimerArmed() && nextTimerNs() - deadlineNs < 0;
      idling.until(timerFirst ? nextTimerNs() : deadlineNs);
    }
  }

  /// What is to be done when the loop ends, on its thread: when the last task has ended and before
  /// anything that may take its time.
  void whenUnwound(Runnable action) {
    whenUnwound = action;
  }

  void requireOutside(String operation) {
    thread.require(operation);
    if (stepping) {
      throw new IllegalStateException(
          operation + ": called from a task or callback (expected: outside; use stop)");
    }
  }

  private void closeMailboxes() {
    for (Inbox mailbox : mailboxes) {
      if (!mailbox.isClosed()) {
        mailbox.close();
      }
    }
  }

  // Agrona's Agent.

  /// A step without sleeping. Whoever calls it waits between the calls, and with virtual time lets
  /// the time pass.
  ///
  /// @throws AgentTerminationException after [#stop]: an `AgentRunner` then closes the loop
  @Override
  public int doWork() {
    if (stopSignal.isRequested()) {
      throw new AgentTerminationException("doWork: stop was called");
    }
    return turn("doWork");
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
    return idling.sleeps();
  }

  /// How long the loop has slept, a spun tail included. What an idle strategy does is not known.
  ///
  /// @return nanoseconds in all, by the loop's clock
  public long idleNs() {
    return idling.idleNs();
  }

  /// How often the loop was woken by time: not by another thread, nor before the deadline.
  ///
  /// @return count
  public long timerWakeups() {
    return idling.timerWakeups();
  }

  /// How many different deadlines have been served.
  ///
  /// @return count; with one timer wakeup for each, the loop woke no more often than it had to
  public long distinctDeadlines() {
    return distinctDeadlines;
  }

  /// How often tasks have thrown, whatever became of it.
  ///
  /// @return count
  public long failures() {
    return tasks.failures();
  }

  /// All tasks in words: what each does, what it waits for and who has that, and where its code
  /// stands, which no debugger or thread dump shows of a suspended task.
  ///
  /// Thread: the loop's; from another one, `post` it. Allocates: yes.
  ///
  /// @return some lines for each task
  public String dump() {
    requireOnLoop("dump");
    return Report.of(tasks, tasks.tasks());
  }

  /// The tasks that are alive; a scheduled one is not after it was stopped or has thrown.
  ///
  /// @return a new list in no particular order
  public List<Task> tasks() {
    return tasks.tasks();
  }

  /// What a watchdog sees of the loop. Not for tasks.
  ///
  /// @return always the same
  public Pulse pulse() {
    return pulse;
  }

  /// What waiting primitives (resources, drivers) build on. Not for tasks.
  ///
  /// @return always the same
  public Scheduler scheduler() {
    return tasks;
  }

  // The turn.

  private void runWhile(boolean forever) {
    requireNotStepping("run");
    requireNoMonitor("run");
    while (!stopSignal.isRequested()
        && (forever || isBusy())
        && !Thread.currentThread().isInterrupted()) {
      runOnce(forever);
    }
    stopSignal.clear(); // not if something was thrown: the next run is to end, too
    List<Task> stranded = isBusy() ? List.of() : tasks.suspendedTasks();
    if (!stranded.isEmpty()) {
      tellOf(stranded);
    }
  }

  /// Counts as a turn, so that a watchdog sees if it does not come back.
  private void tellOf(List<Task> stranded) {
    pulse.beginTurn();
    try {
      onStranded.accept(stranded);
    } finally {
      pulse.endTurn();
    }
  }

  private void runOnce(boolean forever) {
    int work = turn("run");
    if (!stopSignal.isRequested()) {
      idle(work, forever || tasks.places().isAnyOutstanding());
    }
  }

  private int turn(String operation) {
    requireNotStepping(operation);
    stepping = true;
    pulse.beginTurn();
    try {
      turns++;
      tasks.beginTurn();
      int work = wakeups.drain() + runPosts();
      return work + (priorities == 1 ? tasks.runReady() + runSleepers() : runByPriority());
    } finally {
      pulse.endTurn();
      stepping = false;
    }
  }

  private int runPosts() {
    return posts.isEmpty() ? 0 : runPendingPosts();
  }

  private int runPendingPosts() {
    int ran = 0;
    for (int left = posts.size(); left > 0; left--) {
      Runnable post = posts.poll();
      if (post == null) {
        break;
      }
      ran++;
      tasks.runPost(post);
    }
    return ran;
  }

  /// Sleepers that are due get in line with the others of their class, before each run anew.
  private int runByPriority() {
    wakeSleepers();
    tasks.places().beginRound();
    int ran = 0;
    for (int task = tasks.places().nextOfRound();
        task != Scheduler.NO_TASK;
        task = tasks.places().nextOfRound()) {
      ran++;
      tasks.dispatch(task, passNowNs);
      wakeups.drain();
      wakeSleepers();
    }
    return ran;
  }

  private void wakeSleepers() {
    passNowNs = clock.nanoTime();
    wheel.poll(passNowNs, onTimer, Integer.MAX_VALUE);
  }

  private int runSleepers() {
    if (compat == Compat.STRICT) {
      passNowNs = clock.nanoTime();
      return wheel.poll(passNowNs, onTimer, Integer.MAX_VALUE);
    }
    int ran = 0;
    for (int left = rules.sleeperPassLimit(wheel.size()); left > 0; left--) {
      passNowNs = rules.sleeperPassNowNs(clock);
      if (!wheel.pollOne(passNowNs, onTimer)) {
        break;
      }
      ran++;
      runWoken();
    }
    return ran;
  }

  /// Not from within the poll: a switch to a coroutine costs every frame below it a return that the
  /// processor has not foreseen.
  private void runWoken() {
    int task = woken;
    if (task != Scheduler.NO_TASK) {
      woken = Scheduler.NO_TASK;
      tasks.dispatch(task, passNowNs);
    }
  }

  private void onTimer(long handle, long payload, long deadlineNs) {
    if (deadlineNs != lastDeadlineNs || distinctDeadlines == 0) {
      lastDeadlineNs = deadlineNs;
      distinctDeadlines++;
    }
    int index = Timers.index(payload);
    if (Timers.kind(payload) == Timers.LIMIT) {
      tasks.scopes().limitReached(index);
    } else if (priorities > 1) {
      tasks.places().makeReady(index);
    } else if (compat == Compat.STRICT) {
      tasks.dispatch(index, passNowNs);
      passNowNs = TaskRunner.UNREAD; // for the next of this poll it is later by what this one took
    } else {
      woken = index;
    }
  }

  private void idle(int work, boolean mayWaitForWakeup) {
    if (idling.byStrategy(work) || isRunnable()) {
      return;
    }
    if (isAnyTimerArmed()) {
      idling.until(nextTimerNs());
    } else if (mayWaitForWakeup) {
      idling.untilWoken();
    }
  }

  private boolean isRunnable() {
    return tasks.places().isAnyReady() || !posts.isEmpty() || !wakeups.isEmpty();
  }

  private boolean isAnyTimerArmed() {
    return wheel.size() > 0 || tasks.deadlines().isAnyArmed();
  }

  /// Of the sleepers and of the deadlines.
  private long nextTimerNs() {
    if (!tasks.deadlines().isAnyArmed()) {
      return wheel.nextDeadlineNs();
    }
    long deadlineNs = tasks.deadlines().nextNs();
    long sleeperNs = wheel.size() > 0 ? wheel.nextDeadlineNs() : deadlineNs;
    return sleeperNs - deadlineNs < 0 ? sleeperNs : deadlineNs;
  }

  private boolean isBusy() {
    return isAnyTimerArmed() || tasks.places().isAnyOutstanding() || isRunnable();
  }

  private @Nullable Throwable runLeftPosts() {
    Throwable failure = null;
    while (!posts.isEmpty()) {
      try {
        runPosts();
      } catch (Throwable thrown) {
        failure = Failures.join(failure, thrown);
      }
    }
    return failure;
  }

  // States in which a call is allowed.

  private void requireNotStepping(String operation) {
    requireOpenOnLoop(operation);
    if (stepping) {
      throw new IllegalStateException(
          operation + ": called from a task or callback of the loop (expected: outside)");
    }
    thread.bind();
    if (turns == 0) {
      requireNoMonitor(operation);
    }
  }

  /// A monitor of the caller would go with the first task that is suspended.
  private void requireNoMonitor(String operation) {
    if (guard != null) {
      guard.check(operation);
    }
  }

  void requireOnLoop(String operation) {
    thread.require(operation);
  }

  void requireOpenOnLoop(String operation) {
    thread.require(operation);
    if (closed) {
      throw new IllegalStateException(operation + ": the loop is closed (expected: open)");
    }
  }

  // For the tasks of this loop.

  boolean isClosed() {
    return closed;
  }

  TaskRunner runner() {
    return tasks;
  }

  TaskRecords records() {
    return tasks.records();
  }

  void resumeFromAnywhere(Suspension suspension) {
    if (thread.isBoundCurrent()) {
      suspension.onWakeup();
    } else {
      wakeups.signal(suspension);
    }
  }
}
