package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.tasko.resource.Handle;
import dev.tasko.resource.ManagedResource;
import dev.tasko.task.Body;
import dev.tasko.task.CoroutineEngine;
import dev.tasko.task.TaskRecords;
import dev.tasko.wakeup.Interrupt;
import dev.tasko.wakeup.Mailbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/// Whatever is refused is refused with its name, its value and what was expected, and nothing has
/// changed. A row: what is tried, the exact message, the attempt.
class BadInputTest {
  private static final int TASKS = 8;
  private static final String RATE = " (expected: > 0 and finite)";
  private static final String PERIOD = " (expected: a period of 1 ns to 146 years)";
  private static final String FINITE = " (expected: finite, at most 146 years)";
  private static final String CLOSED = ": the loop is closed (expected: open)";
  private static final String OUTSIDE =
      ": called outside a task (expected: in a body that this loop runs)";
  private static final String IN_CALLBACK =
      ": called in callback beat (expected: in a body; use schedule instead of scheduleCallback)";
  private static final String IN_ANY = " (expected: in a body or callback of this loop)";
  private static final String INSIDE =
      ": called from a task or callback of the loop (expected: outside)";

  private final TracedLoop t =
      new TracedLoop(
          CoroutineEngine.best(),
          new LoopConfig().taskCapacity(TASKS).interruptCapacity(1).postCapacity(2));
  private final Loop loop = t.loop;
  private final List<DynamicTest> rows = new ArrayList<>();

  @AfterEach
  void close() {
    t.close();
  }

  private void row(String what, String message, Executable attempt) {
    rows.add(
        dynamicTest(
            what,
            () -> {
              List<Task.State> before = loop.tasks().stream().map(Task::state).toList();
              long turns = loop.turns();
              RuntimeException refused = assertThrows(RuntimeException.class, attempt);
              assertEquals(message, refused.getMessage());
              assertEquals(before, loop.tasks().stream().map(Task::state).toList());
              assertEquals(turns, loop.turns());
            }));
  }

  /// The attempt is made in a task, which goes on after it.
  private void rowInTask(String what, String message, Body attempt) {
    rows.add(
        dynamicTest(
            what,
            () -> {
              AtomicReference<@Nullable String> found = new AtomicReference<>();
              Task task =
                  loop.addTask(
                      "a",
                      () -> {
                        found.set(assertThrows(RuntimeException.class, attempt::run).getMessage());
                        loop.sleepNs(1);
                        t.log("goes on");
                      });
              loop.run();
              assertEquals(message, found.get());
              assertTrue(task.isDone());
              t.assertTrace(t.time.nanoTime() + " goes on");
              assertEquals(List.of(), loop.tasks());
            }));
  }

  @TestFactory
  Stream<DynamicTest> ratesAndDelays() {
    for (double rate : new double[] {0, -0.0, -1, Double.NaN}) {
      row("schedule " + rate, "rateHz: " + rate + RATE, () -> loop.schedule(rate, () -> {}));
    }
    double infinite = Double.POSITIVE_INFINITY;
    row(
        "scheduleLater infinite",
        "rateHz: Infinity" + RATE,
        () -> loop.scheduleLater(infinite, () -> {}));
    row(
        "scheduleCallback",
        "rateHz: -Infinity" + RATE,
        () -> loop.scheduleCallback(-infinite, () -> {}));
    row("too fast", "rateHz: 1.1E9" + PERIOD, () -> loop.schedule(1.1e9, () -> {}));
    row("too slow", "rateHz: 1.0E-10" + PERIOD, () -> loop.schedule(1e-10, () -> {}));
    row("slowest", "rateHz: 4.9E-324" + PERIOD, () -> loop.schedule(Double.MIN_VALUE, () -> {}));
    row("runLater NaN", "delaySeconds: NaN" + FINITE, () -> loop.runLater(Double.NaN, () -> {}));
    row(
        "runLater infinite",
        "delaySeconds: Infinity" + FINITE,
        () -> loop.runLater(infinite, () -> {}));
    row("runLater too long", "delaySeconds: 4.7E9" + FINITE, () -> loop.runLater(4.7e9, () -> {}));
    row(
        "runLater too long a duration",
        "delay: PT87600000H (expected: at most 146 years)",
        () -> loop.runLater(Duration.ofDays(3_650_000), () -> {}));
    rowInTask("sleep NaN", "seconds: NaN" + FINITE, () -> loop.sleep(Double.NaN));
    rowInTask("sleep infinite", "seconds: -Infinity" + FINITE, () -> loop.sleep(-infinite));
    rowInTask("sleep too long", "seconds: 1.0E300" + FINITE, () -> loop.sleep(1e300));
    rowInTask(
        "sleep too long a duration",
        "duration: PT-87600000H (expected: at most 146 years)",
        () -> loop.sleep(Duration.ofDays(-3_650_000)));
    row(
        "virtual time backwards",
        "elapsedNs: -1 (expected: >= 0)",
        () -> new VirtualTime(0).advance(-1));
    return rows.stream();
  }

  private static Duration ns(long ns) {
    return Duration.ofNanos(ns);
  }

  @TestFactory
  Stream<DynamicTest> releases() {
    Release good = Release.every(ns(100));
    Duration ages = Duration.ofDays(365 * 150);
    for (Duration period : new Duration[] {Duration.ZERO, ns(-1), ages}) {
      String message = "period: " + period + " (expected: 1 ns to 146 years)";
      row("every " + period, message, () -> Release.every(period));
      row("period " + period, message, () -> new Release(period, Duration.ZERO, ns(1), ns(1)));
    }
    row("none a second", "count: 0 (expected: > 0)", () -> Release.perSecond(0));
    row("-3 times", "count: -3 (expected: > 0)", () -> Release.times(-3, ns(10)));
    row(
        "too many a second",
        "count: 1000000001 (expected: a period of 1 ns to 146 years)",
        () -> Release.perSecond(1_000_000_001));
    for (Duration phase : new Duration[] {ns(-1), ns(100), ages.negated()}) {
      row(
          "phase " + phase,
          "phase: " + phase + " (expected: not negative and shorter than the period)",
          () -> good.withPhase(phase));
    }
    String positive = ": PT0S (expected: > 0)";
    row(
        "endless deadline",
        "deadline: " + ages + " (expected: at most 146 years)",
        () -> good.withDeadline(ages));
    row("no deadline", "deadline" + positive, () -> good.withDeadline(Duration.ZERO));
    row(
        "deadline before the release",
        "deadline: PT-0.000000001S (expected: > 0)",
        () -> good.withDeadline(ns(-1)));
    String late = "deadline: PT0.000000101S (expected: at most the period, or MissedTicks.BURST)";
    row("late deadline", late, () -> good.withDeadline(ns(101)));
    row(
        "late deadline without a burst",
        late,
        () ->
            good.withMissedTicks(MissedTicks.BURST)
                .withDeadline(ns(101))
                .withMissedTicks(MissedTicks.SKIP));
    row("no budget", "budget" + positive, () -> good.withBudget(Duration.ZERO));
    row(
        "budget over the period",
        "budget: PT0.000000101S (expected: at most the period)",
        () -> good.withBudget(ns(101)));
    String over = "budget: PT0.000000051S (expected: at most the deadline)";
    row("budget over the deadline", over, () -> good.withDeadline(ns(50)).withBudget(ns(51)));
    row("deadline under the budget", over, () -> good.withBudget(ns(51)).withDeadline(ns(50)));
    row(
        "all at once",
        "budget: PT0.00000006S (expected: at most the deadline)",
        () -> new Release(ns(100), ns(10), ns(50), ns(60)));
    String priority = " (expected: 0 to 7)";
    row("priority -1", "priority: -1" + priority, () -> good.withPriority(-1));
    row("priority 8", "priority: 8" + priority, () -> good.withPriority(8));
    row(
        "unknown class",
        "priority: 1 (expected: 0 to 0; raise priorities in LoopConfig)",
        () -> loop.schedule(good.withPriority(1), () -> {}));
    ScheduledTask task = loop.schedule(good.withDeadline(ns(50)), () -> {});
    row(
        "rate beyond the deadline",
        "rateHz: 2.5E7 (expected: a period longer than the phase, and at least the deadline or"
            + " budget, PT0.00000005S)",
        () -> task.changeRate(2.5e7));
    ScheduledTask shifted = loop.schedule(good.withPhase(ns(99)), () -> {});
    row(
        "rate beyond the phase",
        "rateHz: 2.5E7 (expected: a period longer than the phase, and at least the deadline or"
            + " budget, PT0.000000099S)",
        () -> shifted.changeRate(2.5e7));
    row("no release", "release", () -> loop.schedule(BadInputTest.<Release>nothing(), () -> {}));
    row("no body", "body", () -> loop.schedule(good, nothing()));
    row("no callback", "callback", () -> loop.scheduleCallback(good, nothing()));
    row("null period", "period", () -> Release.every(nothing()));
    row("null span", "span", () -> Release.times(1, nothing()));
    row("null phase", "phase", () -> good.withPhase(nothing()));
    row("null deadline", "deadline", () -> good.withDeadline(nothing()));
    row("null budget", "budget", () -> good.withBudget(nothing()));
    row("null policy", "policy", () -> good.withMissedTicks(nothing()));
    row("null miss handler", "handler", () -> good.withMissHandler(nothing()));
    row("null overrun handler", "handler", () -> good.withOverrunHandler(nothing()));
    rows.add(
        dynamicTest(
            "the loop goes on",
            () -> {
              loop.callAt(250, loop::stop);
              loop.run();
              assertEquals(3, task.activations());
            }));
    return rows.stream();
  }

  @TestFactory
  Stream<DynamicTest> configuration() {
    LoopConfig config = new LoopConfig();
    int maxTasks = TaskRecords.MAX_CAPACITY;
    String tasks = " (expected: 1 to " + maxTasks + ")";
    String queue = " (expected: 1 to 16777216)";
    row("no task", "taskCapacity: 0" + tasks, () -> config.taskCapacity(0));
    row("-1 tasks", "taskCapacity: -1" + tasks, () -> config.taskCapacity(-1));
    row(
        "too many tasks",
        "taskCapacity: " + (maxTasks + 1) + tasks,
        () -> config.taskCapacity(maxTasks + 1));
    row("no interrupt", "interruptCapacity: 0" + queue, () -> config.interruptCapacity(0));
    row(
        "too many interrupts",
        "interruptCapacity: 16777217" + queue,
        () -> config.interruptCapacity(16_777_217));
    row("no post", "postCapacity: 0" + queue, () -> config.postCapacity(0));
    row(
        "too many posts",
        "postCapacity: 2147483647" + queue,
        () -> config.postCapacity(Integer.MAX_VALUE));
    row(
        "no offload thread",
        "offloadThreads: 0 (expected: 1 to 1024)",
        () -> config.offloadThreads(0));
    row(
        "too many offload threads",
        "offloadThreads: 1025 (expected: 1 to 1024)",
        () -> config.offloadThreads(1025));
    String classes = " (expected: 1 to 8)";
    row("no class", "priorities: 0" + classes, () -> config.priorities(0));
    row("too many classes", "priorities: 9" + classes, () -> config.priorities(9));
    String statistics = " (expected: 1 to 1048576)";
    row(
        "-1 statistics",
        "statisticsCapacity: -1" + statistics,
        () -> config.statisticsCapacity(-1));
    row(
        "too many statistics",
        "statisticsCapacity: 1048577" + statistics,
        () -> config.statisticsCapacity(1_048_577));
    row("clock", "clock", () -> config.clock(nothing()));
    row("sleeper", "sleeper", () -> config.sleeper(nothing()));
    row("idleStrategy", "idleStrategy", () -> config.idleStrategy(nothing()));
    row("engine", "engine", () -> config.engine(nothing()));
    row("compat", "compat", () -> config.compat(nothing()));
    row("onStranded", "onStranded", () -> config.onStranded(nothing()));
    return rows.stream();
  }

  /// A caller without a null checker.
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    return null;
  }

  @TestFactory
  Stream<DynamicTest> nulls() {
    row("addTask", "body", () -> loop.addTask(nothing()));
    row("schedule", "body", () -> loop.schedule(1, nothing()));
    row("scheduleLater", "body", () -> loop.scheduleLater(1, nothing()));
    row("scheduleCallback", "callback", () -> loop.scheduleCallback(1, nothing()));
    row("runLater", "body", () -> loop.runLater(1, nothing()));
    row("runLater named", "body", () -> loop.runLater("later", 1, nothing()));
    row(
        "runLater duration",
        "delay",
        () -> loop.runLater(BadInputTest.<Duration>nothing(), () -> {}));
    row("callAt", "callback", () -> loop.callAt(1, nothing()));
    row("post", "work", () -> loop.post(nothing()));
    row("interrupt", "name", () -> loop.interrupt(nothing()));
    row("channel", "name", () -> loop.channel(nothing(), 1));
    row("mailbox", "name", () -> loop.mailbox(nothing(), 1));
    row("longMailbox", "name", () -> loop.longMailbox(nothing(), 1));
    row("channel trySend", "value", () -> loop.channel("c", 1).trySend(nothing()));
    rowInTask("channel send", "value", () -> loop.channel("c", 1).send(nothing()));
    row("local", "initial", () -> TaskLocal.withInitial(loop, nothing()));
    rowInTask("local set", "value", () -> new TaskLocal<String>(loop).set(nothing()));
    rowInTask("stage", "stage", () -> loop.await(BadInputTest.<CompletionStage<String>>nothing()));
    rowInTask("offload", "call", () -> loop.offload(BadInputTest.<Callable<String>>nothing()));
    row("resource", "resource", () -> new ManagedResource<>(loop, nothing(), a -> {}, a -> {}));
    row("onAcquire", "onAcquire", () -> new ManagedResource<>(loop, "r", nothing(), a -> {}));
    row("onRelease", "onRelease", () -> new ManagedResource<>(loop, "r", a -> {}, nothing()));
    row("argument", "argument", () -> bus().handle(nothing()));
    rowInTask("sleep", "duration", () -> loop.sleep(BadInputTest.<Duration>nothing()));
    return rows.stream();
  }

  @TestFactory
  Stream<DynamicTest> channelsAndMailboxes() {
    String capacity = " (expected: 1 to 16777216)";
    Channel<String> channel = loop.channel("c", 1);
    channel.close();
    Mailbox<String> mailbox = loop.mailbox("m", 1);
    for (int count : new int[] {0, -1, 16_777_217}) {
      String message = "capacity: " + count + capacity;
      row("channel " + count, message, () -> loop.channel("c", count));
      row("mailbox " + count, message, () -> loop.mailbox("m", count));
      row("longMailbox " + count, message, () -> loop.longMailbox("m", count));
    }
    row("close twice", "close: channel c is closed (expected: open)", channel::close);
    row(
        "trySend after close",
        "trySend: channel c is closed (expected: open)",
        () -> channel.trySend("v"));
    rowInTask(
        "send after close", "send: channel c is closed (expected: open)", () -> channel.send("v"));
    rowInTask(
        "receive after close", "receive: channel c is closed (expected: open)", channel::receive);
    row(
        "mailbox too many",
        "mailbox: n is one too many (expected: at most interruptCapacity; raise it in LoopConfig)",
        () -> loop.mailbox("n", 1));
    row(
        "longMailbox too many",
        "longMailbox: n is one too many (expected: at most interruptCapacity; raise it in"
            + " LoopConfig)",
        () -> loop.longMailbox("n", 1));
    row(
        "close mailbox twice",
        "close: mailbox m is closed (expected: open)",
        () -> {
          mailbox.close();
          mailbox.close();
        });
    rowInTask("take after close", "take: mailbox m is closed (expected: open)", mailbox::take);
    return rows.stream();
  }

  private ManagedResource<String, String> bus() {
    return new ManagedResource<>(loop, "bus", argument -> {}, argument -> {});
  }

  @TestFactory
  Stream<DynamicTest> outsideATask() {
    Interrupt interrupt = loop.interrupt("i");
    Handle<String, String> handle = bus().handle("h");
    row("sleep", "sleep" + OUTSIDE, () -> loop.sleepNs(1));
    row("yieldNow", "yieldNow" + OUTSIDE, loop::yieldNow);
    row("suspend", "suspend" + OUTSIDE, loop::suspend);
    row("await", "await" + OUTSIDE, interrupt::await);
    row("acquire", "acquire" + OUTSIDE, handle::acquire);
    Channel<String> channel = loop.channel("c", 1);
    row("send", "send" + OUTSIDE, () -> channel.send("v"));
    row("receive", "receive" + OUTSIDE, channel::receive);
    row("stage", "await" + OUTSIDE, () -> loop.await(new CompletableFuture<String>()));
    row("offload", "offload" + OUTSIDE, () -> loop.offload(() -> "v"));
    TaskLocal<String> local = new TaskLocal<>(loop);
    row("local", "get: called outside a task" + IN_ANY, local::get);
    row("local set", "set: called outside a task" + IN_ANY, () -> local.set("v"));
    row(
        "interrupt too many",
        "interrupt: j is one too many (expected: at most interruptCapacity; raise it in"
            + " LoopConfig)",
        () -> loop.interrupt("j"));
    return rows.stream();
  }

  @TestFactory
  Stream<DynamicTest> inACallback() {
    Interrupt interrupt = loop.interrupt("i");
    Handle<String, String> handle = bus().handle("h");
    rowInCallback("sleep" + IN_CALLBACK, () -> loop.sleepNs(1));
    rowInCallback("yieldNow" + IN_CALLBACK, loop::yieldNow);
    rowInCallback("suspend" + IN_CALLBACK, loop::suspend);
    rowInCallback("await" + IN_CALLBACK, interrupt::await);
    rowInCallback("acquire" + IN_CALLBACK, handle::acquire);
    Channel<String> channel = loop.channel("c", 1);
    rowInCallback("send" + IN_CALLBACK, () -> channel.send("v"));
    rowInCallback("receive" + IN_CALLBACK, channel::receive);
    rowInCallback("step" + INSIDE, loop::step);
    return rows.stream();
  }

  private void rowInCallback(String message, Runnable attempt) {
    rows.add(
        dynamicTest(
            message,
            () -> {
              ScheduledTask beat = loop.scheduleCallback("beat", 1000, attempt);
              RuntimeException refused = assertThrows(RuntimeException.class, loop::step);
              assertEquals(message, refused.getMessage());
              assertEquals(Task.State.STOPPED, beat.state());
              try (TracedLoop other = new TracedLoop(CoroutineEngine.best())) {
                other.loop.run();
              }
            }));
  }

  @TestFactory
  Stream<DynamicTest> insideATask() {
    Handle<String, String> handle = bus().handle("h");
    AtomicReference<Suspension> slot = new AtomicReference<>();
    rowInTask("step", "step" + INSIDE, loop::step);
    rowInTask("doWork", "doWork" + INSIDE, loop::doWork);
    rowInTask("run", "run" + INSIDE, loop::run);
    rowInTask("runForever", "run" + INSIDE, loop::runForever);
    rowInTask(
        "close",
        "close: called from a task or callback (expected: outside; use stop)",
        loop::close);
    rowInTask(
        "await twice",
        "await: called by a (expected: once, by the task that called suspend)",
        () -> {
          Suspension suspension = loop.suspend();
          assertTrue(suspension.resume());
          assertFalse(suspension.resume());
          slot.set(suspension);
          suspension.await();
          assertFalse(suspension.resume());
          suspension.await();
        });
    rowInTask(
        "foreign suspension",
        "await: called by a (expected: once, by the task that called suspend)",
        () -> slot.get().await());
    rowInTask(
        "lease after its turn",
        "get: the lease of h is closed (expected: used between acquire and close)",
        () -> {
          var lease = handle.acquire();
          lease.close();
          lease.get();
        });
    rowInTask(
        "full",
        "addTask: the loop is full with 8 tasks (expected: room; raise taskCapacity in LoopConfig)",
        () -> {
          for (int i = 0; i < TASKS; i++) {
            loop.addTask(() -> {});
          }
        });
    return rows.stream();
  }

  @TestFactory
  Stream<DynamicTest> wrongThread() {
    loop.step();
    String expected =
        ": called on thread stranger (expected: the loop's own, "
            + Thread.currentThread().getName()
            + "; use post)";
    ScheduledTask task = loop.schedule(1000, () -> {});
    rowOnStranger("addTask" + expected, () -> loop.addTask(() -> {}));
    rowOnStranger("schedule" + expected, () -> loop.schedule(1, () -> {}));
    rowOnStranger("callAt" + expected, () -> loop.callAt(1, () -> {}));
    rowOnStranger("step" + expected, loop::step);
    rowOnStranger("run" + expected, loop::run);
    rowOnStranger("close" + expected, loop::close);
    rowOnStranger("sleep" + expected, () -> loop.sleepNs(1));
    rowOnStranger("stop" + expected, task::stop);
    rowOnStranger("start" + expected, task::start);
    rowOnStranger("changeRate" + expected, () -> task.changeRate(2));
    rowOnStranger("interrupt" + expected, () -> loop.interrupt("i"));
    Channel<String> channel = loop.channel("c", 1);
    Mailbox<String> mailbox = loop.mailbox("m", 1);
    TaskLocal<String> local = new TaskLocal<>(loop);
    rowOnStranger("channel" + expected, () -> loop.channel("c", 1));
    rowOnStranger("trySend" + expected, () -> channel.trySend("v"));
    rowOnStranger("tryReceive" + expected, channel::tryReceive);
    rowOnStranger("send" + expected, () -> channel.send("v"));
    rowOnStranger("close" + expected, channel::close);
    rowOnStranger("mailbox" + expected, () -> loop.mailbox("m", 1));
    rowOnStranger("poll" + expected, mailbox::poll);
    rowOnStranger("close" + expected, mailbox::close);
    rowOnStranger("get" + expected, local::get);
    rowOnStranger("await" + expected, () -> loop.await(new CompletableFuture<String>()));
    rowOnStranger("offload" + expected, () -> loop.offload(() -> "v"));
    return rows.stream();
  }

  private void rowOnStranger(String message, Executable attempt) {
    row(message, message, () -> throwFrom(attempt));
  }

  private static void throwFrom(Executable attempt) throws Throwable {
    AtomicReference<@Nullable Throwable> found = new AtomicReference<>();
    Thread stranger =
        new Thread(
            () -> {
              try {
                attempt.execute();
              } catch (Throwable thrown) {
                found.set(thrown);
              }
            },
            "stranger");
    stranger.start();
    stranger.join();
    Throwable thrown = found.get();
    if (thrown != null) {
      throw thrown;
    }
  }

  @TestFactory
  Stream<DynamicTest> afterClose() {
    ScheduledTask task = loop.schedule(1000, () -> {});
    Handle<String, String> handle = bus().handle("h");
    loop.close();
    row("addTask", "addTask" + CLOSED, () -> loop.addTask(() -> {}));
    row("schedule", "schedule" + CLOSED, () -> loop.schedule(1, () -> {}));
    row("runLater", "runLater" + CLOSED, () -> loop.runLater(1, () -> {}));
    row("callAt", "callAt" + CLOSED, () -> loop.callAt(1, () -> {}));
    row("step", "step" + CLOSED, loop::step);
    row("run", "run" + CLOSED, loop::run);
    row("interrupt", "interrupt" + CLOSED, () -> loop.interrupt("i"));
    row("start", "start" + CLOSED, task::start);
    row("changeRate", "changeRate" + CLOSED, () -> task.changeRate(1));
    row("sleep", "sleep" + OUTSIDE, () -> loop.sleepNs(1));
    row("acquire", "acquire" + OUTSIDE, handle::acquire);
    row("channel", "channel" + CLOSED, () -> loop.channel("c", 1));
    row("mailbox", "mailbox" + CLOSED, () -> loop.mailbox("m", 1));
    row("local", "TaskLocal" + CLOSED, () -> new TaskLocal<>(loop));
    return rows.stream();
  }

  @Test
  void afterClose_whatIsAllowed() {
    ScheduledTask task = loop.schedule(1000, () -> {});
    loop.close();
    loop.close();
    loop.stop();
    task.stop();
    task.stop(StopMode.DROP_GRID);
    assertEquals(Task.State.DONE, task.state());
    assertFalse(loop.post(() -> {}));
    assertEquals(List.of(), loop.tasks());
  }

  @Test
  void changeRate_badLeavesTheRate() {
    ScheduledTask task = loop.schedule(1000, () -> {});
    for (double rate : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 1e10}) {
      assertThrows(IllegalArgumentException.class, () -> task.changeRate(rate));
      assertEquals(1_000_000, task.period().wholeNs());
    }
  }

  @Test
  void post_fullIsRefusedAndWhatWasAcceptedRuns() {
    assertTrue(loop.post(() -> t.log("1")));
    assertTrue(loop.post(() -> t.log("2")));
    assertFalse(loop.post(() -> t.log("3")));
    loop.run();
    assertTrue(loop.post(() -> t.log("4")));
    loop.run();
    t.assertTrace("0 1", "0 2", "0 4");
  }

  @Test
  void loop_fullAgainHasRoomWhenTasksEnd() {
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < TASKS; i++) {
        loop.addTask(() -> {});
      }
      assertThrows(IllegalStateException.class, () -> loop.schedule(1, () -> {}));
      assertThrows(IllegalStateException.class, () -> loop.runLater(1, () -> {}));
      assertEquals(TASKS, loop.tasks().size());
      loop.run();
      assertEquals(0, loop.tasks().size());
    }
  }

  @Test
  void task_handleOfAnEarlierTaskIsDone() {
    Task first = loop.addTask(() -> {});
    loop.run();
    Task second = loop.addTask(() -> {});
    assertTrue(first.isDone());
    assertEquals(Task.State.READY, second.state());
    assertSame(second, loop.tasks().getFirst());
  }
}
