package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.task.CoroutineEngine;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// When a release's activations begin: phases, policies for lost ones, exact fractions.
@ParameterizedClass
@EnumSource(CoroutineEngine.class)
class ReleaseTest {
  private static final long YEAR_S = 365L * 24 * 3600;
  private static final long NS_PER_S = 1_000_000_000;

  private final TracedLoop t;
  private final Loop loop;

  ReleaseTest(CoroutineEngine engine) {
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

  @Test
  void release_perSecond_doesNotDriftInAYear() {
    // It looks at the grid once a month, which is twelve times, and then once more.
    long month = YEAR_S / 12 * NS_PER_S;
    ScheduledTask[] task = new ScheduledTask[1];
    task[0] =
        loop.scheduleCallback(
            Release.perSecond(3).withMissedTicks(MissedTicks.SKIP),
            () -> {
              long point = task[0].activations() - 1 + task[0].missed();
              assertEquals(point * NS_PER_S / 3, loop.nowNs());
              t.time.advance(month + 1);
            });
    runUntil(YEAR_S * NS_PER_S + 10 * NS_PER_S);
    assertEquals(13, task[0].activations());
    assertTrue(task[0].missed() > 3 * YEAR_S);
  }

  @Test
  void release_perSecond_everyPointOfAnHour() {
    long[] count = new long[1];
    loop.scheduleCallback(
        Release.times(7, Duration.ofSeconds(3)),
        () -> {
          assertEquals(count[0] * 3 * NS_PER_S / 7, loop.nowNs());
          count[0]++;
        });
    runUntil(3600 * NS_PER_S - 1);
    assertEquals(3600 * 7 / 3, count[0]);
  }

  @Test
  void phase_isExactAmongTasksOfAStep() {
    loop.scheduleCallback(
        Release.every(ns(100)),
        () -> {
          t.log("a");
          t.time.advance(3);
        });
    loop.schedule(Release.every(ns(100)).withPhase(ns(40)), () -> t.log("b"));
    loop.schedule(Release.every(ns(100)).withPhase(ns(2)), () -> t.log("c"));
    loop.callAt(
        150, () -> loop.schedule(Release.every(ns(200)).withPhase(ns(7)), () -> t.log("d")));
    runUntil(199);
    t.assertTrace("0 a", "3 c", "40 b", "100 a", "103 c", "140 b", "157 d");
  }

  @Test
  void release_isToldToTheBody() {
    ScheduledTask[] task = new ScheduledTask[1];
    task[0] =
        loop.schedule(
            Release.every(ns(100)).withPhase(ns(10)),
            () -> {
              t.log(task[0].releaseNs() + " + " + task[0].latenessNs());
              loop.sleepNs(20);
              t.log(task[0].releaseNs() + " still");
            });
    loop.callAt(105, () -> t.time.advance(30));
    runUntil(200);
    t.assertTrace("10 10 + 0", "30 10 still", "135 110 + 25", "155 110 still");
    task[0].stop(StopMode.DROP_GRID);
    assertEquals(210, task[0].releaseNs());
  }

  @Test
  void release_isToldAtARateToo() {
    ScheduledTask[] task = new ScheduledTask[1];
    task[0] = loop.schedule(1e7, () -> t.log("due " + task[0].releaseNs()));
    runUntil(200);
    t.assertTrace("0 due 0", "100 due 100", "200 due 200");
  }

  /// Four activations with a period of 10, the first of which takes 25.
  private ScheduledTask runWith(MissedTicks policy) {
    ScheduledTask[] task = new ScheduledTask[1];
    task[0] =
        loop.schedule(
            Release.every(ns(10)).withMissedTicks(policy),
            () -> {
              t.log(task[0].releaseNs() + " + " + task[0].latenessNs());
              t.time.advance(task[0].activations() == 1 ? 25 : 1);
            });
    runUntil(49);
    return task[0];
  }

  @Test
  void missedTicks_rephase() {
    ScheduledTask task = runWith(MissedTicks.REPHASE);
    t.assertTrace("0 0 + 0", "25 25 + 0", "35 35 + 0", "45 45 + 0");
    assertEquals(1, task.missed());
  }

  @Test
  void missedTicks_burst() {
    ScheduledTask task = runWith(MissedTicks.BURST);
    t.assertTrace("0 0 + 0", "25 10 + 15", "26 20 + 6", "30 30 + 0", "40 40 + 0");
    assertEquals(0, task.missed());
  }

  @Test
  void missedTicks_skip() {
    ScheduledTask task = runWith(MissedTicks.SKIP);
    t.assertTrace("0 0 + 0", "30 30 + 0", "40 40 + 0");
    assertEquals(2, task.missed());
  }

  @Test
  void missedTicks_skipToAPointThatIsNow() {
    loop.scheduleCallback(
        Release.every(ns(10)).withMissedTicks(MissedTicks.SKIP),
        () -> {
          t.log("a");
          t.time.advance(20);
        });
    runUntil(35);
    t.assertTrace("0 a", "20 a");
  }

  @Test
  void missedTicks_delay() {
    ScheduledTask task = runWith(MissedTicks.DELAY);
    t.assertTrace("0 0 + 0", "25 25 + 0", "35 35 + 0", "45 45 + 0");
    assertEquals(1, task.missed());
  }

  @Test
  void missedTicks_delayKeepsAPeriodAfterALateBeginning() {
    ScheduledTask[] task = new ScheduledTask[1];
    task[0] =
        loop.scheduleCallback(
            Release.every(ns(10)).withMissedTicks(MissedTicks.DELAY),
            () -> t.log(task[0].releaseNs() + " + " + task[0].latenessNs()));
    loop.callAt(9, () -> t.time.advance(4));
    runUntil(30);
    t.assertTrace("0 0 + 0", "13 10 + 3", "23 23 + 0");
  }

  @Test
  void missedTicks_rephaseKeepsTheGridAfterALateBeginning() {
    loop.scheduleCallback(Release.every(ns(10)), () -> t.log("a"));
    loop.callAt(9, () -> t.time.advance(4));
    runUntil(30);
    t.assertTrace("0 a", "13 a", "20 a", "30 a");
  }

  @Test
  void changeRate_keepsThePromises() {
    ScheduledTask task = loop.scheduleCallback(Release.every(ns(10)), () -> t.log("a"));
    loop.callAt(15, () -> task.changeRate(5e7));
    runUntil(60);
    t.assertTrace("0 a", "10 a", "20 a", "40 a", "60 a");
  }

  @Test
  void stop_beforeTheFirstTurn() {
    ScheduledTask task =
        loop.schedule(Release.every(ns(10)).withPhase(ns(5)).withDeadline(ns(5)), () -> t.log("a"));
    task.stop();
    loop.run();
    t.assertTrace();
    assertEquals(Task.State.STOPPED, task.state());
    task.start();
    runUntil(15);
    t.assertTrace("5 a", "15 a");
    assertTrue(loop.tasks().contains(task));
  }
}
