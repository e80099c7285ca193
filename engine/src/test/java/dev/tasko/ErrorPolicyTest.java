package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.task.CoroutineEngine;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What becomes of tasks that throw.
@ParameterizedClass
@EnumSource(CoroutineEngine.class)
class ErrorPolicyTest {
  private final TracedLoop t;
  private final Loop loop;
  private ErrorPolicy.Reaction reaction = ErrorPolicy.Reaction.PROPAGATE;
  private int runs;

  ErrorPolicyTest(CoroutineEngine engine) {
    t = new TracedLoop(engine, new LoopConfig().strict(true).errorPolicy(this::decide));
    loop = t.loop;
  }

  @AfterEach
  void close() {
    t.close();
  }

  private ErrorPolicy.Reaction decide(Task task, Throwable thrown, int failuresInRow) {
    t.log(task.name() + " threw " + thrown.getMessage() + " x" + failuresInRow);
    return reaction;
  }

  private void fails() throws IOException {
    t.log("runs");
    throw new IOException("disk");
  }

  private void failsBelow(int count) throws IOException {
    runs++;
    if (runs <= count) {
      fails();
    }
    t.log("runs well");
  }

  @Test
  void propagate_leavesRunAndEndsTheTask() {
    Task task = loop.addTask("a", this::fails);
    IOException thrown = assertThrows(IOException.class, loop::run);
    assertSame(thrown, task.failure());
    t.assertTrace("0 runs", "0 a threw disk x1");
    assertTrue(task.isDone());
    assertEquals(1, loop.failures());
  }

  @Test
  void disable_endsTheTaskAndTheLoopGoesOn() throws Exception {
    reaction = ErrorPolicy.Reaction.DISABLE;
    ScheduledTask task = loop.schedule("a", 1e9, this::fails);
    loop.addTask(() -> t.log("other"));
    List<String> said = LogCollector.during(loop::run);
    t.assertTrace("0 runs", "0 a threw disk x1", "0 other");
    assertEquals(Task.State.STOPPED, task.state());
    assertEquals(1, task.failures());
    assertEquals(List.of("task a failed and is disabled"), said);
  }

  @Test
  void restart_ofABodyRunsItAgainAfterThePause() {
    Task task =
        loop.addTask("a", () -> failsBelow(4))
            .errorPolicy(ErrorPolicy.restart(Duration.ofNanos(10), Duration.ofNanos(35)));
    loop.run();
    t.assertTrace("0 runs", "10 runs", "30 runs", "65 runs", "100 runs well");
    assertEquals(4, task.failures());
    assertNull(task.failure());
    assertTrue(task.isDone());
  }

  @Test
  void restart_ofAScheduledTaskBeginsANewGridAndARow() {
    ScheduledTask task =
        loop.schedule(
            "a",
            1e7,
            () -> {
              runs++;
              loop.sleepNs(7);
              if (runs % 3 != 0) {
                fails();
              }
              t.log("well");
              if (runs == 6) {
                loop.tasks().forEach(each -> ((ScheduledTask) each).stop());
              }
            });
    task.errorPolicy(ErrorPolicy.restart(Duration.ofNanos(1000), Duration.ofSeconds(1)));
    loop.run();
    t.assertTrace("7 runs", "1014 runs", "3021 well", "3121 runs", "4128 runs", "6135 well");
    assertEquals(4, task.failures());
  }

  @Test
  void restart_ofACallbackWorksToo() {
    reaction = ErrorPolicy.Reaction.restartAfterNs(-5);
    loop.callAt(
        3,
        () -> {
          runs++;
          if (runs == 1) {
            throw new IllegalStateException("once");
          }
          t.log("well");
        });
    loop.run();
    t.assertTrace("3 task-0 threw once x1", "3 well");
  }

  @Test
  void restart_givesBackWhatTheBodyHadOpen() {
    Task task =
        loop.addTask(
                "a",
                () ->
                    loop.timeoutNs(
                        50,
                        () -> {
                          loop.sleepNs(1);
                          failsBelow(1);
                          loop.sleepNs(40);
                          t.log("slept");
                        }))
            .errorPolicy(ErrorPolicy.restart(Duration.ZERO, Duration.ZERO));
    loop.run();
    t.assertTrace("1 runs", "2 runs well", "42 slept");
    assertTrue(task.isDone());
  }

  @Test
  void cancel_isNoFailureAndStopsRestarts() {
    reaction = ErrorPolicy.Reaction.restartAfterNs(10);
    Task task = loop.addTask("a", this::fails);
    loop.callAt(25, task::cancel);
    loop.run();
    t.assertTrace(
        "0 runs",
        "0 a threw disk x1",
        "10 runs",
        "10 a threw disk x2",
        "20 runs",
        "20 a threw disk x3");
    assertEquals(25, t.time.nanoTime());
  }

  @Test
  void cancel_ofABodyThatThrowsSomethingElseEndsItToo() throws Exception {
    reaction = ErrorPolicy.Reaction.restartAfterNs(10);
    Task task =
        loop.addTask(
            "a",
            () -> {
              try {
                loop.sleepNs(100);
              } finally {
                fails();
              }
            });
    loop.callAt(25, task::cancel);
    List<String> said = LogCollector.during(loop::run);
    t.assertTrace("25 runs", "25 a threw disk x1");
    assertEquals(List.of("task a failed and ends, as it was cancelled"), said);
    assertTrue(task.isDone());
  }

  @Test
  void restart_withoutAPauseWaitsForTheNextStep() {
    reaction = ErrorPolicy.Reaction.restartAfterNs(0);
    loop.addTask("a", () -> failsBelow(3));
    for (int i = 0; i < 5; i++) {
      loop.addTask(() -> loop.sleepNs(100));
    }
    loop.step();
    assertEquals(1, runs);
    loop.step();
    assertEquals(2, runs);
  }

  @Test
  void start_ofACancelledTaskThatHasNotEndedIsRefused() {
    ScheduledTask task = loop.schedule("a", 1e9, () -> loop.sleepNs(1000));
    loop.step();
    task.cancel();
    assertEquals(
        "start: task a is cancelled (expected: join it first)",
        assertThrows(IllegalStateException.class, task::start).getMessage());
    loop.run();
    task.start();
    assertEquals(Task.State.READY, task.state());
  }

  @Test
  void policy_thatDecidesNothingIsAnError() {
    Task task =
        loop.addTask("a", this::fails)
            .errorPolicy((_, _, _) -> ErrorPolicyTest.<ErrorPolicy.Reaction>nothing());
    Throwable thrown = assertThrows(NullPointerException.class, loop::run);
    assertEquals("reaction", thrown.getMessage());
    assertEquals("disk", thrown.getSuppressed()[0].getMessage());
    assertTrue(task.isDone());
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    return null;
  }

  @Test
  void watched_failureGoesToTheWaiterUnlessTheTaskHasAPolicy() {
    reaction = ErrorPolicy.Reaction.DISABLE;
    loop.addTask(
        "owner",
        () -> {
          Task failing = loop.addTask("plain", () -> failsBelow(9));
          assertThrows(TaskFailedException.class, failing::join);
          Task restarted = loop.addTask("own", () -> failsBelow(2));
          restarted.errorPolicy(ErrorPolicy.restart(Duration.ofNanos(5), Duration.ofNanos(5)));
          restarted.join();
          t.log("joined");
        });
    loop.run();
    t.assertTrace("0 runs", "0 runs", "5 runs well", "5 joined");
  }

  @Test
  void policy_thatThrowsLeavesTheLoopWithTheFailureSuppressed() {
    IllegalStateException worse = new IllegalStateException("worse");
    Task task =
        loop.addTask("a", this::fails)
            .errorPolicy((_, _, _) -> {
              throw worse;
            });
    assertSame(worse, assertThrows(IllegalStateException.class, loop::run));
    assertEquals("disk", worse.getSuppressed()[0].getMessage());
    assertTrue(task.isDone());
    loop.run();
  }

  @Test
  void policy_thatThrowsTheFailureItselfPropagatesIt() {
    Task task =
        loop.addTask(
                "a",
                () -> {
                  throw new IllegalStateException("own");
                })
            .errorPolicy((_, thrown, _) -> {
              throw (IllegalStateException) thrown;
            });
    IllegalStateException thrown = assertThrows(IllegalStateException.class, loop::run);
    assertEquals("own", thrown.getMessage());
    assertEquals(0, thrown.getSuppressed().length);
    assertSame(thrown, task.failure());
  }

  @Test
  void close_twoBodiesThatThrowOneAndTheSame() {
    IllegalStateException shared = new IllegalStateException("shared");
    for (int i = 0; i < 2; i++) {
      loop.addTask(() -> {
        try {
          loop.sleep(1);
        } finally {
          fail(shared);
        }
      });
    }
    loop.doWork();
    assertSame(shared, assertThrows(IllegalStateException.class, loop::close));
  }

  private static void fail(RuntimeException with) {
    throw with;
  }

  @Test
  void restart_contradictionsAreRefused() {
    assertEquals(
        "first: PT-1S (expected: >= 0)",
        assertThrows(
                IllegalArgumentException.class,
                () -> ErrorPolicy.restart(Duration.ofSeconds(-1), Duration.ofSeconds(1)))
            .getMessage());
    assertEquals(
        "max: PT1S (expected: >= first, PT2S)",
        assertThrows(
                IllegalArgumentException.class,
                () -> ErrorPolicy.restart(Duration.ofSeconds(2), Duration.ofSeconds(1)))
            .getMessage());
  }
}
