package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.task.CoroutineEngine;
import dev.tasko.task.Period;
import dev.tasko.user.Setup;
import dev.tasko.wakeup.Interrupt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Missed deadlines and exceeded budgets: when they are told, and who is named.
@ParameterizedClass
@EnumSource(CoroutineEngine.class)
class DeadlineTest {
  private final CoroutineEngine engine;
  private final TracedLoop t;
  private final Loop loop;

  DeadlineTest(CoroutineEngine engine) {
    this.engine = engine;
    t = new TracedLoop(engine);
    loop = t.loop;
  }

  @AfterEach
  void close() {
    t.close();
  }

  private static Duration ns(long ns) {
    return Duration.ofNanos(ns);
  }

  private void runUntil(long timeNs) {
    loop.callAt(timeNs, loop::stop);
    loop.run();
  }

  private void log(DeadlineMiss miss) {
    t.log(
        "missed %s %d-%d +%d: %s %d"
            .formatted(
                miss.task(),
                miss.releaseNs(),
                miss.deadlineNs(),
                miss.latenessNs(),
                miss.culprit(),
                miss.culpritRunNs()));
  }

  private Release every100(long deadlineNs) {
    return Release.every(ns(100)).withDeadline(ns(deadlineNs)).withMissHandler(this::log);
  }

  /// Runs from 40 to 80, across the release at 50 and the deadline at 70 of another.
  private void hog() {
    loop.addTask(
        "hog",
        () -> {
          loop.sleepNs(40);
          t.log("hog");
          t.time.advance(40);
        });
  }

  private ScheduledTask loads(String name, double rateHz, long runNs) {
    return loop.scheduleCallback(
        name,
        rateHz,
        () -> {
          t.log(name);
          t.time.advance(runNs);
        });
  }

  @Test
  void deadline_kept() {
    ScheduledTask task =
        loop.schedule(
            "a",
            every100(20),
            () -> {
              t.time.advance(5);
              loop.sleepNs(15);
              t.log("ends");
            });
    runUntil(250);
    t.assertTrace("20 ends", "120 ends", "220 ends");
    assertEquals(0, task.deadlinesMissed());
    assertEquals(5, task.runNs());
  }

  /// A deadline that was kept is no reason to wake up.
  @Test
  void deadline_keptWakesNobody() {
    Release release = Release.perSecond(1000).withDeadline(Duration.ofNanos(500_000));
    ScheduledTask task = loop.scheduleCallback("a", release, () -> t.time.advance(5_000));
    runUntil(1_000_050_000);
    assertEquals(1001, task.activations());
    assertEquals(1001, loop.sleeps());
  }

  @Test
  void deadline_theCulpritIsAnotherTask() {
    hog();
    ScheduledTask task =
        loop.scheduleCallback("a", every100(20).withPhase(ns(50)), () -> t.log("a"));
    runUntil(180);
    t.assertTrace("40 hog", "80 missed a 50-70 +10: hog 20", "80 a", "150 a");
    assertEquals(1, task.deadlinesMissed());
  }

  @Test
  void deadline_theCulpritIsTheTaskItself() {
    loop.schedule(
        "a",
        every100(20),
        () -> {
          t.time.advance(25);
          t.log("a runs on");
        });
    loads("b", 1e7, 1);
    runUntil(50);
    t.assertTrace("25 a runs on", "25 missed a 0-20 +5: a 20", "25 b");
  }

  @Test
  void deadline_toldWhenItHasPassedThoughNothingElseHappens() {
    Interrupt never = loop.interrupt("never");
    loop.schedule(
        "a",
        every100(20),
        () -> {
          t.time.advance(3);
          never.await();
        });
    runUntil(50);
    t.assertTrace("21 missed a 0-20 +1: a 3");
  }

  /// Of several that ran in the window the one with the largest sum, not the one that ran longest
  /// at a time.
  @Test
  void deadline_theCulpritHasTheLargestSum() {
    loop.schedule("a", every100(50).withPhase(ns(10)), () -> loop.sleepNs(60));
    loop.addTask(
        "long",
        () -> {
          loop.sleepNs(12);
          t.time.advance(12);
        });
    loop.addTask(
        "twice",
        () -> {
          loop.sleepNs(30);
          t.time.advance(8);
          loop.sleepNs(2);
          t.time.advance(8);
        });
    runUntil(90);
    t.assertTrace("61 missed a 10-60 +1: twice 16");
  }

  @Test
  void deadline_theSumCountsInTheWindowOnly() {
    List<DeadlineMiss> seen = new ArrayList<>();
    loop.schedule(
        "a",
        every100(30).withPhase(ns(10)).withMissHandler(seen::add),
        () -> {
          t.time.advance(2);
          loop.sleepNs(50);
        });
    loop.callAt(12, () -> t.time.advance(8));
    loop.scheduleCallback("b", Release.every(ns(90)).withPhase(ns(35)), () -> t.time.advance(40));
    runUntil(100);
    DeadlineMiss miss = seen.getFirst();
    assertEquals(1, seen.size());
    assertTrue(miss.culprit().startsWith("task-"), miss::toString);
    assertEquals(8, miss.culpritRunNs());
    assertTrue(miss.isComplete());
  }

  /// What it ran in the window is cut off at the window's ends; its longest run is not.
  @Test
  void deadline_theLongestRunIsToldWhole() {
    List<String> seen = new ArrayList<>();
    loop.scheduleCallback(
        "a",
        Release.every(ns(100))
            .withDeadline(ns(20))
            .withPhase(ns(50))
            .withMissHandler(miss ->
                seen.add(
                    miss.culprit()
                        + " "
                        + miss.culpritRunNs()
                        + " of "
                        + miss.culpritLongestRunNs())),
        () -> {});
    hog();
    runUntil(140);
    assertEquals(List.of("hog 20 of 40"), seen);
  }

  @Test
  void deadline_nobody() {
    t.standStill();
    loads("b", 1e7, 2);
    loop.scheduleCallback("a", every100(10), () -> t.log("a"));
    loop.step();
    t.assertTrace("0 b", "2 a");
    t.time.advance(148);
    loop.step();
    t.assertTrace("150 missed a 102-112 +38: nobody: the loop woke late 0", "150 b", "152 a");
  }

  @Test
  void deadline_posts() {
    loop.scheduleCallback("a", every100(10).withPhase(ns(50)), () -> t.log("a"));
    loop.step();
    loop.post(() -> t.time.advance(70));
    loop.step();
    t.assertTrace("120 missed a 50-60 +60: posts of other threads 10", "120 a");
  }

  /// The deadline passes while somebody runs: the handler comes before anybody else does.
  @Test
  void deadline_toldBeforeAnyOtherTask() {
    loop.schedule(
        "a",
        every100(20),
        () -> {
          loop.sleepNs(60);
          t.log("a ends");
        });
    for (String name : List.of("b", "c", "d")) {
      loop.addTask(
          name,
          () -> {
            loop.sleepNs(15);
            t.log(name);
            t.time.advance(10);
            loop.yieldNow();
            t.log(name);
          });
    }
    runUntil(90);
    t.assertTrace(
        "15 b", "25 missed a 0-20 +5: b 5", "25 c", "35 d", "45 b", "45 c", "45 d", "60 a ends");
  }

  @Test
  void deadline_oneMissForEachActivation() {
    ScheduledTask task =
        loop.schedule(
            "a",
            every100(20).withMissedTicks(MissedTicks.BURST).withDeadline(ns(120)),
            () -> {
              t.log("a");
              loop.sleepNs(130);
            });
    runUntil(400);
    t.assertTrace(
        "0 a",
        "121 missed a 0-120 +1: a 0",
        "130 a",
        "221 missed a 100-220 +1: a 0",
        "260 a",
        "321 missed a 200-320 +1: a 0",
        "390 a");
    assertEquals(3, task.deadlinesMissed());
    assertEquals(4, task.activations());
  }

  @Test
  void culpritSite_isTheUsersLine() {
    List<String> sites = new ArrayList<>();
    Setup.schedule(loop, "hog", Release.every(ns(1000)), () -> t.time.advance(50));
    loop.scheduleCallback(
        every100(20).withMissHandler(miss -> sites.add(miss.culpritSite())), () -> {});
    runUntil(90);
    assertEquals(1, sites.size());
    assertTrue(
        sites.getFirst().matches(".*dev\\.tasko\\.user\\.Setup\\.schedule\\(Setup.java:\\d+\\)"),
        sites.getFirst());
  }

  @Test
  void culpritSite_ofAnAddedTaskIsKnownInStrictMode() {
    assertTrue(siteOfAnAddedTask(true).contains("Setup.java"));
    assertEquals("an unknown place", siteOfAnAddedTask(false));
  }

  private String siteOfAnAddedTask(boolean strict) {
    List<String> sites = new ArrayList<>();
    try (TracedLoop own = new TracedLoop(engine, new LoopConfig().strict(strict))) {
      Setup.add(
          own.loop,
          "hog",
          () -> {
            own.loop.sleepNs(90);
            own.time.advance(50);
          });
      own.loop.scheduleCallback(
          every100(20).withMissHandler(miss -> sites.add(miss.culpritSite())), () -> {});
      own.loop.callAt(190, own.loop::stop);
      own.loop.run();
    }
    return sites.getFirst();
  }

  /// More runs than are remembered: said, and the rest is judged.
  @Test
  void runs_overflowIsSaid() {
    List<String> seen = new ArrayList<>();
    loop.schedule(
        "a",
        Release.every(ns(1000))
            .withDeadline(ns(600))
            .withMissHandler(
                miss -> seen.add(miss.culprit() + " " + miss.culpritRunNs() + miss.isComplete())),
        () -> loop.sleepNs(700));
    loop.addTask("early", () -> t.time.advance(200));
    loop.addTask(
        "busy",
        () -> {
          for (int i = 0; i < 395; i++) {
            t.time.advance(1);
            loop.yieldNow();
          }
          t.time.advance(30);
        });
    runUntil(900);
    assertEquals(List.of("busy 260false"), seen);
  }

  @Test
  void miss_toString() {
    List<String> seen = new ArrayList<>();
    t.standStill();
    loop.scheduleCallback(
        "a", every100(20).withMissHandler(miss -> seen.add(miss.toString())), () -> {});
    loop.step();
    t.time.advance(130);
    loop.step();
    assertEquals(
        List.of(
            "deadline: a, released at 100 ns, missed 120 ns by 10 ns; in its way: nobody: the loop"
                + " woke late"),
        seen);
  }

  @Test
  void missHandler_byDefaultTheFirstIsLogged() throws Exception {
    loop.scheduleCallback(
        "a", Release.every(ns(100)).withDeadline(ns(20)), () -> t.time.advance(30));
    List<String> said = LogCollector.during(() -> runUntil(300));
    assertEquals(1, said.size());
    String first = "{0} (said once) [deadline: a, released at 0 ns, missed 20 ns by 10 ns;";
    assertTrue(said.getFirst().startsWith(first), said.getFirst());
  }

  @Test
  void missHandler_throws() {
    RuntimeException thrown = new RuntimeException("handler");
    hog();
    ScheduledTask task =
        loop.scheduleCallback(
            "a",
            every100(20)
                .withPhase(ns(50))
                .withMissHandler(miss -> {
                  throw thrown;
                }),
            () -> t.log("a"));
    assertSame(thrown, assertThrows(RuntimeException.class, loop::run));
    t.assertTrace("40 hog", "80 a");
    runUntil(180);
    t.assertTrace("150 a");
    assertEquals(1, task.deadlinesMissed());
  }

  @Test
  void missHandler_stopsTheTask() {
    hog();
    ScheduledTask task =
        loop.scheduleCallback(
            "a",
            every100(20)
                .withPhase(ns(50))
                .withMissHandler(miss -> miss.task().stop(StopMode.DROP_GRID)),
            () -> t.log("a"));
    runUntil(180);
    t.assertTrace("40 hog");
    assertEquals(Task.State.STOPPED, task.state());
    assertEquals(1, task.deadlinesMissed());
  }

  @Test
  void missHandler_restartsTheTaskAtTheEndOfItsActivation() {
    ScheduledTask task =
        loop.schedule(
            "a",
            every100(20)
                .withMissHandler(miss -> {
                  log(miss);
                  miss.task().stop(StopMode.DROP_GRID);
                  miss.task().start();
                }),
            () -> t.time.advance(30));
    runUntil(70);
    t.assertTrace(
        "30 missed a 0-20 +10: a 20", "60 missed a 30-50 +10: a 20", "90 missed a 60-80 +10: a 20");
    assertEquals(3, task.activations());
    assertEquals(3, task.deadlinesMissed());
  }

  @Test
  void missHandler_mayNotWait() {
    loop.schedule(
        "a", every100(20).withMissHandler(miss -> loop.sleepNs(1)), () -> loop.sleepNs(30));
    IllegalStateException refused = assertThrows(IllegalStateException.class, () -> runUntil(90));
    assertEquals(
        "sleep: called outside a task (expected: in a body that this loop runs)",
        refused.getMessage());
    runUntil(90);
  }

  @Test
  void stop_disarmsTheDeadline() {
    ScheduledTask task =
        loop.scheduleCallback("a", every100(20).withPhase(ns(50)), () -> t.log("a"));
    loop.step();
    task.stop(StopMode.DROP_GRID);
    long sleeps = loop.sleeps();
    t.time.advance(200);
    loop.run();
    t.assertTrace();
    assertEquals(0, task.deadlinesMissed());
    assertEquals(sleeps, loop.sleeps());
  }

  private void runThrowing(long afterNs) {
    loop.schedule(
        "a",
        every100(20),
        () -> {
          t.time.advance(afterNs);
          throw new IllegalStateException("body");
        });
    assertThrows(IllegalStateException.class, loop::run);
    loop.run();
  }

  @Test
  void body_throws_disarmsTheDeadline() {
    runThrowing(20);
    t.assertTrace();
  }

  @Test
  void body_throwsTooLate_isAMissToo() {
    runThrowing(30);
    t.assertTrace("30 missed a 0-20 +10: a 20");
  }

  @Test
  void body_throwsAndIsDisabled_countsAsOneThatEnds() {
    runLateAndThrowing(ErrorPolicy.DISABLE);
  }

  @Test
  void body_throwsAndBeginsAnew_countsAsOneThatEnds() {
    runLateAndThrowing(ErrorPolicy.restart(ns(7), ns(7)));
  }

  private void runLateAndThrowing(ErrorPolicy policy) {
    ScheduledTask task =
        loop.schedule(
            "a",
            every100(20).withBudget(ns(10)),
            () -> {
              t.time.advance(30);
              throw new IllegalStateException("body");
            });
    task.errorPolicy(policy);
    runUntil(200);
    task.stop(StopMode.DROP_GRID);
    assertEquals(task.activations(), task.deadlinesMissed());
    assertEquals(task.activations(), task.overruns());
    assertEquals(task.activations(), task.failures());
    assertEquals(30, task.maxRunNs());
  }

  @Test
  void missHandler_thatStopsAFailedTaskLosesNothing() throws Exception {
    ScheduledTask task =
        loop.schedule(
            "a",
            every100(20).withMissHandler(miss -> miss.task().stop(StopMode.DROP_GRID)),
            () -> {
              t.time.advance(30);
              throw new IllegalStateException("body");
            });
    List<String> said = LogCollector.during(loop::run);
    assertEquals(List.of("task a failed and was stopped by a handler"), said);
    assertEquals(1, task.failures());
    assertEquals(Task.State.STOPPED, task.state());
  }

  @Test
  void stop_beforeARelease_isNoMissOfIt() {
    ScheduledTask task = loop.schedule("a", every100(20), () -> {});
    loop.callAt(
        50,
        () -> {
          task.stop();
          t.time.advance(150);
        });
    runUntil(400);
    t.assertTrace();
    assertEquals(0, task.deadlinesMissed());
  }

  @Test
  void record_tellsNothingOfTheTaskThatHadItBefore() {
    ScheduledTask late =
        loop.schedule("late", every100(20).withBudget(ns(10)), () -> t.time.advance(30));
    runUntil(100);
    int index = late.index;
    late.stop(StopMode.DROP_GRID);
    runUntil(200);
    ScheduledTask unwatched = loop.schedule("unwatched", 1e7, () -> {});
    assertEquals(index, unwatched.index);
    assertEquals("0 0 0 0", countersOf(unwatched));
    unwatched.stop(StopMode.DROP_GRID);
    runUntil(300);
    ScheduledTask inTime = loop.schedule("inTime", every100(20).withBudget(ns(10)), () -> {});
    runUntil(400);
    assertEquals(index, inTime.index);
    assertEquals("0 0 0 0", countersOf(inTime));
  }

  private static String countersOf(ScheduledTask task) {
    return "%d %d %d %d"
        .formatted(task.runNs(), task.maxRunNs(), task.deadlinesMissed(), task.overruns());
  }

  @Test
  void deadline_beyondTheEndOfTimeIsNotMissed() {
    Duration longest = ns(Period.MAX_NS);
    ScheduledTask task = loop.schedule("a", Release.every(longest).withDeadline(longest), () -> {});
    runUntil(100);
    assertEquals(0, task.deadlinesMissed());
  }

  @Test
  void overrunHandler_throwsTogetherWithItsTask() {
    RuntimeException late = new IllegalArgumentException("late");
    Release release =
        Release.every(ns(100))
            .withBudget(ns(10))
            .withOverrunHandler(_ -> {
              throw late;
            });
    loop.schedule(
        "a",
        release,
        () -> {
          t.time.advance(30);
          throw new IllegalStateException("body");
        });
    Throwable thrown = assertThrows(IllegalStateException.class, loop::run);
    assertEquals(List.of(late), List.of(thrown.getSuppressed()));
  }

  // Budgets.

  @Test
  void budget_countsRunsNotWaits() {
    ScheduledTask task =
        loop.schedule(
            "a",
            Release.every(ns(100))
                .withBudget(ns(10))
                .withOverrunHandler(late -> t.log("overrun " + late + " " + late.runNs())),
            () -> {
              for (int i = 0; i < 3; i++) {
                t.time.advance(4);
                loop.sleepNs(20);
              }
              t.log("ends");
            });
    runUntil(180);
    t.assertTrace("52 overrun a 12", "72 ends", "152 overrun a 12", "172 ends");
    assertEquals(2, task.overruns());
    assertEquals(12, task.maxRunNs());
  }

  @Test
  void budget_used() {
    ScheduledTask task =
        loop.scheduleCallback(
            "a",
            Release.every(ns(100))
                .withBudget(ns(10))
                .withOverrunHandler(late -> t.log("overrun " + late.runNs())),
            () -> t.time.advance(t.time.nanoTime() < 100 ? 10 : 11));
    runUntil(199);
    t.assertTrace("111 overrun 11");
    assertEquals(1, task.overruns());
  }

  @Test
  void overrunHandler_stopsTheTask() {
    ScheduledTask task =
        loop.scheduleCallback(
            Release.every(ns(100))
                .withBudget(ns(10))
                .withOverrunHandler(late -> late.stop(StopMode.DROP_GRID)),
            () -> t.time.advance(11));
    loop.run();
    assertEquals(11, t.time.nanoTime());
    assertEquals(1, task.overruns());
    assertEquals(11, task.runNs());
  }

  // Statistics.

  @Test
  void statistics_ofARelease() {
    ScheduledTask task =
        loop.schedule(
            Release.every(ns(1000)),
            () -> {
              t.time.advance(50);
              loop.sleepNs(7);
            });
    loop.callAt(990, () -> t.time.advance(110));
    runUntil(9999);
    TaskStatistics statistics = assertNotNullStatistics(task);
    assertEquals(10, statistics.runTime().getTotalCount());
    assertEquals(50, statistics.runTime().getMaxValue());
    assertEquals(50, statistics.runTime().getMinNonZeroValue());
    assertEquals(10, statistics.lateness().getTotalCount());
    assertEquals(100, statistics.lateness().getMaxValue());
    assertEquals(0, statistics.lateness().getValueAtPercentile(90));
  }

  private static TaskStatistics assertNotNullStatistics(ScheduledTask task) {
    assertNotNull(task.statistics());
    return task.statistics();
  }

  @Test
  void statistics_ofARateOnlyIfAsked() {
    assertNull(loop.schedule(1, () -> {}).statistics());
    try (TracedLoop own = new TracedLoop(engine, new LoopConfig().rateStatistics(true))) {
      ScheduledTask task = own.loop.schedule(1e9, () -> own.time.advance(1));
      own.loop.callAt(10, own.loop::stop);
      own.loop.run();
      assertEquals(1, assertNotNullStatistics(task).runTime().getMaxValue());
      assertEquals(1, task.maxRunNs());
    }
  }

  @Test
  void statistics_ofAnEndedTaskStayUntilTheyAreNeeded() {
    LoopConfig config = new LoopConfig().statisticsCapacity(1);
    try (TracedLoop own = new TracedLoop(engine, config)) {
      ScheduledTask first = own.loop.scheduleCallback(Release.every(ns(10)), () -> {});
      own.loop.step();
      IllegalStateException refused =
          assertThrows(
              IllegalStateException.class,
              () -> own.loop.scheduleCallback(Release.every(ns(10)), () -> {}));
      assertEquals(
          "schedule: the loop has statistics of 1 tasks (expected: room; raise statisticsCapacity"
              + " in LoopConfig)",
          refused.getMessage());
      assertEquals(List.of(first), own.loop.tasks());
      first.stop(StopMode.DROP_GRID);
      assertEquals(1, assertNotNullStatistics(first).lateness().getTotalCount());
      first.start();
      own.loop.step();
      assertEquals(2, assertNotNullStatistics(first).lateness().getTotalCount());
      first.stop(StopMode.DROP_GRID);
      ScheduledTask second = own.loop.scheduleCallback(Release.every(ns(10)), () -> {});
      assertNull(first.statistics());
      assertEquals(0, assertNotNullStatistics(second).lateness().getTotalCount());
    }
  }

  @Test
  void statistics_switchedOff() {
    try (TracedLoop own = new TracedLoop(engine, new LoopConfig().statisticsCapacity(0))) {
      ScheduledTask task = own.loop.schedule(Release.every(ns(10)), () -> own.time.advance(1));
      own.loop.step();
      assertNull(task.statistics());
      assertEquals(0, task.runNs());
      assertFalse(task.isDone());
    }
  }
}
