package dev.tasko.safety;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tasko.LogCollector;
import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.task.CoroutineEngine;
import dev.tasko.task.TaskCancelledException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.AgentTerminationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A loop on a real thread, stopped in each way. The watchdog's time is short where it is to bite
/// and an hour where it is not.
@ParameterizedClass
@EnumSource(CoroutineEngine.class)
@Timeout(60)
class SafeStopTest {
  private static final Duration NEVER = Duration.ofHours(1);
  private static final Duration SOON = Duration.ofMillis(250);
  private final RuntimeException failure = new IllegalArgumentException("broken");

  private final CoroutineEngine engine;
  private final ConcurrentLinkedQueue<String> trace = new ConcurrentLinkedQueue<>();
  private final CountDownLatch told = new CountDownLatch(1);
  private @Nullable Loop loop;

  SafeStopTest(CoroutineEngine engine) {
    assumeTrue(engine == CoroutineEngine.BATON || CoroutineEngine.obstacle() == null);
    this.engine = engine;
  }

  @AfterEach
  void close() {
    Thread.interrupted();
  }

  private Loop loop() {
    return Objects.requireNonNull(loop);
  }

  private SafeStop safeStop(Duration stalledAfter) {
    loop = new Loop(new LoopConfig().engine(engine));
    return new SafeStop(loop, config(stalledAfter))
        .output("valve", () -> log("valve"))
        .outputOnLoop("servo", () -> log("servo"));
  }

  private SafeStopConfig config(Duration stalledAfter) {
    return new SafeStopConfig()
        .stalledAfter(stalledAfter)
        .onStall(_ -> {
          log("told");
          told.countDown();
        });
  }

  private void awaitTold() {
    try {
      told.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void log(String what) {
    trace.add(what);
  }

  private void assertTrace(String... expected) {
    assertEquals(List.of(expected), List.copyOf(trace));
  }

  private void addWaiting() {
    loop()
        .addTask(
            "waiting",
            () -> {
              try {
                loop().suspend().await();
              } finally {
                log("unwound");
              }
            });
  }

  @Test
  void run_nothingLeftToDo() {
    try (SafeStop safe = safeStop(NEVER)) {
      loop().addTask(() -> log("done"));
      safe.run();
      assertTrace("done", "valve", "servo");
      assertNull(safe.stall());
    }
    assertTrace("done", "valve", "servo");
    assertThrows(IllegalStateException.class, loop()::step);
  }

  @Test
  void run_stopUnwindsFirst() {
    try (SafeStop safe = safeStop(NEVER)) {
      addWaiting();
      loop().addTask(() -> loop().stop());
      safe.run();
      assertTrace("unwound", "valve", "servo");
    }
  }

  @Test
  void run_uncaughtErrorUnwindsFirstAndIsThrown() {
    try (SafeStop safe = safeStop(NEVER)) {
      addWaiting();
      loop()
          .addTask(() -> {
            throw failure;
          });
      assertSame(failure, assertThrows(RuntimeException.class, safe::run));
      assertTrace("unwound", "valve", "servo");
    }
  }

  @Test
  void run_interruptIsAStopAndKept() {
    try (SafeStop safe = safeStop(NEVER)) {
      addWaiting();
      loop().addTask(() -> Thread.currentThread().interrupt());
      safe.run();
      assertTrue(Thread.interrupted());
      assertTrace("unwound", "valve", "servo");
    }
  }

  /// Somebody may have to read it, and may have stopped doing so.
  @Test
  void run_outputsAreDrivenBeforeAnythingIsLogged() throws Exception {
    loop = new Loop(new LoopConfig().engine(engine));
    try (SafeStop safe = new SafeStop(loop, config(NEVER).unwindWithin(Duration.ofNanos(1)))) {
      safe.outputOnLoop("servo", () -> log("servo"));
      loop().addTask("stubborn", this::waitForEver);
      loop().addTask(() -> loop().stop());
      LogCollector.listen(_ -> log("said"), safe::run);
    }
    assertTrace("servo", "said", "said"); // once for the time it took, once for what it is
  }

  private void waitForEver() {
    while (true) {
      try {
        loop().suspend().await();
      } catch (TaskCancelledException e) {
        // That is what is wrong with it.
      }
    }
  }

  @Test
  void run_outputThatFailsKeepsNoOtherFromBeingDriven() {
    try (SafeStop safe = safeStop(NEVER)) {
      safe.output(
          "bad",
          () -> {
            throw failure;
          });
      safe.output(
          "worse",
          () -> {
            throw new AssertionError("worse");
          });
      safe.output("last", () -> log("last"));
      RuntimeException thrown = assertThrows(RuntimeException.class, safe::run);
      assertEquals(
          "output: bad is not at its safe value: java.lang.IllegalArgumentException: broken",
          thrown.getMessage());
      assertSame(failure, thrown.getCause());
      assertEquals(
          "output: worse is not at its safe value: java.lang.AssertionError: worse",
          thrown.getSuppressed()[0].getMessage());
      assertTrace("valve", "servo", "last");
    }
  }

  @Test
  void close_withoutRunIsASafeStop() {
    SafeStop safe = safeStop(NEVER);
    addWaiting();
    loop().step();
    safe.close();
    assertTrace("unwound", "valve", "servo");
    safe.close();
    assertTrace("unwound", "valve", "servo");
  }

  /// It comes back when all has been said.
  @Test
  void run_spinningTaskIsNamedAndTheRunEnds() throws InterruptedException {
    try (SafeStop safe = safeStop(SOON)) {
      addWaiting();
      loop()
          .addTask(
              "spin",
              () -> {
                told.await();
                log("back");
              });
      loop()
          .addTask(
              "next",
              () -> {
                loop().sleepNs(1); // may be over within the turn that stalled
                loop().sleepNs(1);
                log("went on");
              });
      StalledException stall = assertThrows(StalledException.class, safe::run);
      assertEquals("task spin", stall.culprit());
      assertSame(stall, safe.stall());
      assertTrue(stall.stalledNs() >= SOON.toNanos() / 2, () -> "ns: " + stall.stalledNs());
      assertTrue(stall.tasks().contains("task waiting: SUSPENDED"), stall::tasks);
      assertTrue(
          Arrays.stream(stall.getStackTrace())
              .anyMatch(frame -> frame.getMethodName().equals("await")),
          () -> Arrays.toString(stall.getStackTrace()));
    }
    assertTrace("valve", "told", "back", "unwound", "valve", "servo");
  }

  @Test
  void run_finallyThatSpinsIsAStallToo() {
    try (SafeStop safe = safeStop(SOON)) {
      loop()
          .addTask(
              "bad end",
              () -> {
                try {
                  loop().suspend().await();
                } finally {
                  told.await();
                }
              });
      loop().addTask(() -> loop().stop());
      assertEquals("task bad end", assertThrows(StalledException.class, safe::run).culprit());
    }
  }

  @Test
  void run_handlerOfStrandedTasksThatSpinsIsAStallToo() {
    loop = new Loop(new LoopConfig().engine(engine).onStranded(_ -> awaitTold()));
    try (SafeStop safe = new SafeStop(loop, config(SOON))) {
      addWaiting();
      String culprit = assertThrows(StalledException.class, safe::run).culprit();
      assertTrue(culprit.startsWith("no task"), culprit);
    }
  }

  /// Two threads are stuck in it at the end.
  @Test
  void run_outputThatHangsIsDrivenAroundAndNamed() {
    loop = new Loop(new LoopConfig().engine(engine));
    try (SafeStop safe = new SafeStop(loop, config(SOON).unwindWithin(Duration.ofNanos(1)))) {
      safe.output("stuck", this::awaitTold).output("heater", () -> log("heater"));
      StalledException stall = assertThrows(StalledException.class, safe::run);
      assertEquals(
          "output: stuck takes its time (expected: to be driven at once)",
          stall.getSuppressed()[0].getMessage());
    }
    List<String> driven = List.copyOf(trace);
    assertTrue(driven.indexOf("heater") < driven.indexOf("told"), driven::toString);
  }

  @Test
  void run_logThatFailsDoesNotSilenceTheWatchdog() throws Exception {
    try (SafeStop safe = safeStop(SOON)) {
      loop().addTask("spin", this::awaitTold);
      LogCollector.listen(
          _ -> {
            throw failure;
          },
          () -> {
            StalledException stall = assertThrows(StalledException.class, safe::run);
            assertSame(failure, stall.getSuppressed()[0]);
          });
    }
    assertTrace("valve", "told", "valve", "servo");
  }

  /// Nobody need call `close`.
  @Test
  void watch_agentThatIsStoppedEndsSafely() {
    SafeStop safe = safeStop(NEVER);
    addWaiting();
    safe.watch();
    AgentInvoker invoker =
        new AgentInvoker(
            thrown -> assertInstanceOf(AgentTerminationException.class, thrown), null, loop());
    invoker.start();
    invoker.invoke();
    loop().stop();
    invoker.invoke();
    assertTrue(invoker.isClosed());
    assertTrace("unwound", "valve", "servo");
    safe.close();
    assertTrace("unwound", "valve", "servo");
  }

  @Test
  void config_boundsOfDecadesCanBeAdded() {
    Duration decades = Duration.ofDays(36_500);
    SafeStopConfig config = config(decades).unwindWithin(decades);
    assertTrue(config.unwindNs + 4 * config.stalledNs > 0);
  }

  @Test
  void watch_threadThatDiesIsNoticed() throws Exception {
    SafeStop safe = safeStop(SOON);
    Thread control =
        new Thread(
            () -> {
              addWaiting();
              loop()
                  .addTask(
                      "killer",
                      () -> {
                        throw failure;
                      });
              loop().run();
            },
            "control");
    control.setUncaughtExceptionHandler((thread, thrown) -> {});
    safe.watch();
    control.start();
    assertTrue(told.await(30, TimeUnit.SECONDS));
    control.join();
    assertTrace("valve", "told");
    StalledException stall = assertThrows(StalledException.class, safe::close);
    assertTrue(stall.toString().contains(": dead: thread control has ended"), stall::toString);
    assertTrue(stall.tasks().contains("task waiting: SUSPENDED"), stall::tasks);
    assertTrue(stall.tasks().contains("addWaiting"), "with its stack: " + stall.tasks());
    assertTrue(trace.containsAll(List.of("valve", "servo")), trace::toString);
  }

  /// The watchdog sleeps while the loop does, and is there when it wakes.
  @Test
  void run_stallAfterALongSleepIsNoticed() throws Exception {
    try (SafeStop safe = safeStop(SOON)) {
      Thread watchdog = watchdogThread();
      loop()
          .addTask(
              "late spin",
              () -> {
                loop()
                    .offload(() -> {
                      awaitState(watchdog, Thread.State.WAITING);
                      return true;
                    });
                told.await();
              });
      assertEquals("task late spin", assertThrows(StalledException.class, safe::run).culprit());
    }
  }

  /// Of the latest SafeStop.
  private static Thread watchdogThread() {
    Thread[] all = new Thread[1000];
    int count = Thread.enumerate(all);
    return Arrays.stream(all, 0, count)
        .filter(thread -> thread.getName().equals("tasko-watchdog"))
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  private static void awaitState(Thread thread, Thread.State state) {
    while (thread.getState() != state) {
      Thread.onSpinWait();
    }
  }

  @Test
  void run_endsItsThread() throws InterruptedException {
    try (SafeStop safe = safeStop(NEVER)) {
      Thread watchdog = watchdogThread();
      safe.run();
      watchdog.join();
    }
  }

  @Test
  void close_afterAnotherThreadHasClosedTheLoop() throws Exception {
    SafeStop safe = safeStop(SOON);
    safe.watch();
    FutureTask<Boolean> agent =
        new FutureTask<>(
            () -> {
              loop().doWork();
              loop().onClose();
            },
            true);
    Thread control = new Thread(agent);
    control.start();
    control.join();
    assertTrue(agent.get());
    safe.close();
    assertNull(safe.stall());
    assertTrace("valve", "servo");
  }
}
