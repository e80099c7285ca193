package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.task.CoroutineEngine;
import dev.tasko.task.TaskCancelledException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The gentle end of a loop: what has time to end ends by itself, what has not is broken off.
@ParameterizedClass
@EnumSource(CoroutineEngine.class)
class CloseWithinTest {
  private static final Duration LIMIT = Duration.ofNanos(100);

  private final TracedLoop t;
  private final Loop loop;

  CloseWithinTest(CoroutineEngine engine) {
    t = new TracedLoop(engine, new LoopConfig().taskCapacity(8));
    loop = t.loop;
  }

  @AfterEach
  void close() {
    t.close();
  }

  private void sleepShielded(String name, long ns) throws Exception {
    loop.shielded(() -> loop.sleepNs(ns));
    t.log(name + " whole");
  }

  private void addShielded(String name, long ns) {
    loop.addTask(
        name,
        () -> {
          try {
            sleepShielded(name, ns);
            loop.sleepNs(1);
          } finally {
            t.log(name + " out");
          }
        });
    loop.step();
  }

  @Test
  void closeWithin_shieldedPartComesToItsEnd() {
    t.standStill();
    addShielded("wire", 40);
    loop.post(() -> t.time.advance(40));
    loop.closeWithin(LIMIT);
    t.assertTrace("40 wire whole", "40 wire out");
    assertEquals(List.of(), loop.tasks());
    assertThrows(IllegalStateException.class, loop::step);
  }

  @Test
  void closeWithin_whatTakesLongerIsBrokenOffAndNamed() throws Exception {
    t.standStill();
    addShielded("slow", 1000);
    loop.post(() -> t.time.advance(200));
    List<String> said = LogCollector.during(() -> loop.closeWithin(LIMIT));
    t.assertTrace("200 slow out");
    assertTrue(
        said.getFirst()
            .startsWith(
                "closeWithin: broken off while they end:\ntask slow: SLEEPING, cancelled\n"),
        said::toString);
    assertEquals(List.of(), loop.tasks());
  }

  @Test
  void closeWithin_whatAWatchdogDoesComesBeforeAnyWord() throws Exception {
    t.standStill();
    addShielded("slow", 1000);
    loop.post(() -> t.time.advance(200));
    loop.pulse().claim("test", () -> t.log("when unwound"));
    LogCollector.listen(_ -> t.log("said"), () -> loop.closeWithin(LIMIT));
    t.assertTrace("200 slow out", "200 when unwound", "200 said");
    loop.closeWithin(LIMIT);
    t.assertTrace();
  }

  @Test
  void close_whatAWatchdogThrowsIsThrown() {
    RuntimeException failure = new IllegalArgumentException("when unwound");
    loop.pulse()
        .claim(
            "test",
            () -> {
              throw failure;
            });
    assertEquals(failure, assertThrows(RuntimeException.class, loop::close));
    assertThrows(IllegalStateException.class, loop::step);
  }

  @Test
  void closeWithin_inVirtualTimeTheBoundIsVirtualToo() {
    loop.addTask(
        "a",
        () -> {
          try {
            loop.sleepNs(1_000_000);
          } finally {
            sleepShielded("a", 60);
          }
        });
    loop.step();
    long beganNs = t.time.nanoTime();
    loop.closeWithin(LIMIT);
    t.assertTrace(beganNs + 60 + " a whole");
  }

  @Test
  void closeWithin_noTimeIsClose() {
    t.standStill();
    addShielded("wire", 40);
    loop.closeWithin(Duration.ZERO);
    t.assertTrace("0 wire out");
    loop.closeWithin(LIMIT);
  }

  @Test
  void closeWithin_whatABodyThrowsOnItsWayOutIsThrown() {
    RuntimeException first = new IllegalArgumentException("first");
    RuntimeException second = new IllegalArgumentException("second");
    addThrowing(first);
    addThrowing(second);
    RuntimeException thrown = assertThrows(RuntimeException.class, () -> loop.closeWithin(LIMIT));
    assertEquals(first, thrown);
    assertEquals(List.of(second), List.of(thrown.getSuppressed()));
    assertEquals(List.of(), loop.tasks());
  }

  private void addThrowing(RuntimeException failure) {
    loop.addTask(() -> {
      try {
        loop.suspend().await();
      } catch (TaskCancelledException expected) {
        throw failure;
      }
    });
    loop.step();
  }

  @Test
  void closeWithin_waitingForACancelledTaskIsNoFailure() {
    Task child = loop.addTask("child", () -> loop.suspend().await());
    loop.addTask("parent", child::join);
    loop.addTask(
        "owner",
        () -> {
          try (TaskGroup group = loop.group()) {
            group.fork(() -> loop.suspend().await());
            group.join();
          }
        });
    loop.step();
    loop.step();
    loop.closeWithin(LIMIT);
    assertEquals(List.of(), loop.tasks());
  }

  /// Without a bound on refusals it would stay in one turn for ever.
  @Test
  void closeWithin_bodyThatWillNotEndIsLeft() throws Exception {
    t.standStill();
    loop.addTask(
        "deaf",
        () -> {
          while (true) {
            try {
              loop.sleepNs(1);
            } catch (TaskCancelledException ignored) {
              // That is the defect.
            }
          }
        });
    loop.addTask(
        "good",
        () -> {
          try {
            loop.suspend().await();
          } finally {
            t.log("good out");
          }
        });
    loop.step();
    List<String> said =
        LogCollector.during(() -> {
          loop.post(() -> t.time.advance(150));
          loop.closeWithin(LIMIT);
        });
    t.assertTrace("150 good out");
    assertTrue(said.getFirst().contains("task deaf"), said::toString);
    assertTrue(said.getLast().contains("waits on after {1} cancellations"), said::toString);
  }

  @Test
  void closeWithin_tasksAddedMeanwhileEndToo() {
    loop.addTask(
        "parent",
        () -> {
          try {
            loop.suspend().await();
          } finally {
            loop.addTask("late", () -> t.log("never"));
          }
        });
    loop.step();
    loop.closeWithin(LIMIT);
    t.assertTrace();
    assertEquals(List.of(), loop.tasks());
  }

  @Test
  void closeWithin_interruptOfTheCallerIsKeptForIt() {
    addShielded("wire", 40);
    Thread.currentThread().interrupt();
    loop.closeWithin(LIMIT);
    assertTrue(Thread.interrupted());
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void closeWithin_insideTheLoopIsRefused() {
    loop.addTask(() -> {
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> loop.closeWithin(LIMIT));
      assertEquals(
          "closeWithin: called from a task or callback (expected: outside; use stop)",
          refused.getMessage());
    });
    loop.run();
  }
}
