package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.resource.Handle;
import dev.tasko.resource.Lease;
import dev.tasko.resource.ManagedResource;
import dev.tasko.task.CoroutineEngine;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// tasko's rules of order and time, one by one, on both engines.
@ParameterizedClass
@EnumSource(CoroutineEngine.class)
class TaskoRulesTest {
  private static final double KILOHERTZ = 1000;
  private static final long MS = 1_000_000;

  private final TracedLoop t;
  private final Loop loop;

  TaskoRulesTest(CoroutineEngine engine) {
    t = new TracedLoop(engine);
    loop = t.loop;
  }

  @AfterEach
  void close() {
    t.close();
  }

  @Test
  void c01_stepRunsReadyThenSleepersThenIdles() {
    t.standStill().logIdle();
    loop.addTask(() -> {
      t.log("a");
      loop.sleepNs(10);
      t.log("a woke");
    });
    loop.addTask(() -> {
      t.log("b");
      loop.yieldNow();
      t.log("b again");
    });
    loop.step();
    t.assertTrace("0 a", "0 b");
    t.time.advance(10);
    loop.addTask(() -> loop.sleepNs(5));
    loop.step();
    t.assertTrace("10 b again", "10 a woke", "10 idle until 15");
  }

  @Test
  void c02_addedResumedYieldingRunInTheNextStepInOrder() {
    AtomicReference<Suspension> slot = new AtomicReference<>();
    loop.addTask(() -> {
      Suspension suspension = loop.suspend();
      slot.set(suspension);
      suspension.await();
      t.log("resumed");
    });
    loop.step();
    loop.addTask(() -> {
      t.log("a");
      loop.addTask(() -> t.log("x"));
      slot.get().resume();
      loop.addTask(() -> t.log("y"));
      loop.yieldNow();
      t.log("a again");
    });
    loop.addTask(() -> t.log("b"));
    loop.step();
    t.assertTrace("0 a", "0 b");
    loop.step();
    t.assertTrace("0 x", "0 resumed", "0 y", "0 a again");
  }

  @Test
  void c03_sleeperPassResumesAtMostAsManyAsWereAsleep() {
    t.standStill();
    loop.addTask(this::sleepsTwice);
    loop.step();
    t.assertTrace("0 a", "0 b");
    loop.step();
    t.assertTrace("0 c");
    loop.addTask(() -> loop.sleepNs(1000));
    loop.addTask(() -> loop.sleepNs(1000));
    loop.step();
    loop.addTask(this::sleepsTwice);
    loop.step();
    t.assertTrace("0 a", "0 b", "0 c");
  }

  private void sleepsTwice() {
    t.log("a");
    loop.sleepNs(0);
    t.log("b");
    loop.sleepNs(0);
    t.log("c");
  }

  @Test
  void c03_clockIsReadBeforeEachResumption() {
    t.standStill();
    loop.addTask(() -> {
      loop.sleepNs(10);
      t.log("first");
      t.time.advance(10);
    });
    loop.addTask(() -> {
      loop.sleepNs(20);
      t.log("second");
    });
    loop.addTask(() -> {
      loop.sleepNs(21);
      t.log("third");
    });
    loop.step();
    t.time.advance(10);
    loop.step();
    t.assertTrace("10 first", "20 second");
  }

  @Test
  void c04_sleepersWakeByDeadlineThenFirstComeFirstServed() {
    sleeper("late", 30);
    sleeper("tie 1", 20);
    sleeper("early", 10);
    sleeper("tie 2", 20);
    sleeper("tie 3", 20);
    loop.run();
    t.assertTrace("10 early", "20 tie 1", "20 tie 2", "20 tie 3", "30 late");
  }

  private void sleeper(String name, long delayNs) {
    loop.addTask(() -> {
      loop.sleepNs(delayNs);
      t.log(name);
    });
  }

  @Test
  void c05_dueAtTheDeadlineItself() {
    t.standStill();
    sleeper("a", 10);
    loop.step();
    t.time.advance(9);
    loop.step();
    t.assertTrace();
    t.time.advance(1);
    loop.step();
    t.assertTrace("10 a");
  }

  @Test
  void c06_idlesOnlyWithNothingReadyAndUntilTheEarliestDeadline() {
    t.logIdle();
    sleeper("a", 70);
    sleeper("b", 40);
    loop.addTask(() -> {
      loop.yieldNow();
      t.log("yielded");
      t.time.advance(15);
    });
    loop.run();
    t.assertTrace("0 yielded", "15 idle until 40", "40 b", "40 idle until 70", "70 a");
    assertEquals(2, loop.sleeps());
    assertEquals(2, loop.distinctDeadlines());
    assertEquals(55, loop.idleNs());
  }

  @Test
  void c07_runReturnsWhenNothingIsReadyAndNothingSleeps() {
    sleeper("a", 10);
    Task waits = loop.addTask("waits", () -> loop.suspend().await());
    loop.run();
    t.assertTrace("10 a");
    assertEquals(Task.State.SUSPENDED, waits.state());
  }

  @Test
  void c08_runInsideATaskIsRefused() {
    loop.addTask(loop::run);
    assertThrows(IllegalStateException.class, loop::run);
  }

  @Test
  void c09_exceptionLeavesUnchangedAndOthersKeepTheirPlaces() {
    Exception thrown = new Exception("seeded");
    loop.addTask(() -> t.log("a"));
    Task failing =
        loop.addTask(() -> {
          throw thrown;
        });
    loop.addTask(() -> t.log("b"));
    loop.addTask(() -> t.log("c"));
    sleeper("d", 5);
    assertSame(thrown, assertThrows(Exception.class, loop::run));
    assertTrue(failing.isDone());
    t.assertTrace("0 a");
    loop.run();
    t.assertTrace("0 b", "0 c", "5 d");
  }

  @Test
  void c09_exceptionInTheSleeperPass() {
    RuntimeException thrown = new RuntimeException("seeded");
    loop.addTask(() -> {
      loop.sleepNs(5);
      throw thrown;
    });
    sleeper("tie", 5);
    sleeper("later", 6);
    assertSame(thrown, assertThrows(RuntimeException.class, loop::run));
    t.assertTrace();
    loop.run();
    t.assertTrace("5 tie", "6 later");
  }

  @Test
  void c09_exceptionStopsAScheduledTaskWhichCanBeStartedAgain() {
    ScheduledTask task =
        loop.schedule(
            KILOHERTZ,
            () -> {
              t.log("run");
              throw new IllegalArgumentException("seeded");
            });
    assertThrows(IllegalArgumentException.class, loop::run);
    assertEquals(Task.State.STOPPED, task.state());
    loop.run();
    t.assertTrace("0 run");
    task.start();
    assertThrows(IllegalArgumentException.class, loop::run);
    t.assertTrace("0 run");
  }

  @Test
  void c10_phaseIsAnchoredAtTheFirstActivation() {
    ScheduledTask task = periodic(3);
    t.time.advance(400);
    loop.run();
    t.assertTrace("400 run", MS + 400 + " run", 2 * MS + 400 + " run");
    assertEquals(3, task.activations());
  }

  /// Logs each run and stops after some.
  private ScheduledTask periodic(int runs) {
    AtomicReference<ScheduledTask> self = new AtomicReference<>();
    ScheduledTask task =
        loop.schedule(
            KILOHERTZ,
            () -> {
              t.log("run");
              if (self.get().activations() >= runs) {
                self.get().stop();
              }
            });
    self.set(task);
    return task;
  }

  @Test
  void c11_oneInstanceLivesAndAwaitsCount() {
    ScheduledTask task =
        loop.schedule(
            KILOHERTZ,
            () -> {
              t.log("begin");
              loop.sleepNs(3 * MS / 2);
              t.log("end");
            });
    loop.runLater(Duration.ofMillis(2), task::stop);
    loop.run();
    t.assertTrace("0 begin", "1500000 end", "1500000 begin", "3000000 end");
  }

  @Test
  void c12_lateByLessThanAPeriodKeepsTheGrid() {
    ScheduledTask task =
        loop.schedule(
            KILOHERTZ,
            () -> {
              t.log("run");
              t.time.advance(MS / 2);
            });
    loop.runLater(Duration.ofNanos(2 * MS + 1), task::stop);
    loop.run();
    t.assertTrace("0 run", "1000000 run", "2000000 run");
    assertEquals(0, task.missed());
  }

  @Test
  void c12_afterAWholeLostPeriodTheGridBeginsAnew() {
    AtomicReference<ScheduledTask> self = new AtomicReference<>();
    ScheduledTask task =
        loop.schedule(
            1e6,
            () -> {
              t.log("run");
              if (t.time.nanoTime() == 1000) {
                t.time.advance(2500);
              }
              if (t.time.nanoTime() == 5500) {
                self.get().stop();
              }
            });
    self.set(task);
    loop.run();
    t.assertTrace("0 run", "1000 run", "3500 run", "4500 run", "5500 run");
    assertEquals(1, task.missed());
    assertEquals(1500, task.maxLatenessNs());
  }

  @Test
  void c12_theLateOneGivesWayFirst() {
    AtomicReference<ScheduledTask> self = new AtomicReference<>();
    ScheduledTask task =
        loop.schedule(
            1e6,
            () -> {
              t.log("slow");
              t.time.advance(2000);
              if (t.time.nanoTime() >= 4000) {
                self.get().stop();
              }
            });
    self.set(task);
    loop.addTask(() -> {
      loop.yieldNow();
      t.log("other");
    });
    loop.run();
    t.assertTrace("0 slow", "2000 slow", "4000 other");
  }

  @Test
  void c13_stopDoesNotInterruptABodyAndEndsAtTheTick() {
    t.standStill();
    ScheduledTask task =
        loop.schedule(
            KILOHERTZ,
            () -> {
              t.log("begin");
              loop.yieldNow();
              t.log("end");
            });
    loop.step();
    task.stop();
    assertEquals(Task.State.READY, task.state());
    loop.step();
    t.assertTrace("0 begin", "0 end");
    assertEquals(Task.State.STOPPED, task.state());
    task.start();
    loop.step();
    loop.step();
    t.assertTrace("0 begin", "0 end");
    task.stop();
    assertEquals(Task.State.SLEEPING, task.state());
    t.time.advance(MS);
    loop.step();
    t.assertTrace();
    assertEquals(Task.State.STOPPED, task.state());
  }

  @Test
  void c14_startAfterTheEndAnchorsAnewAndBeforeItKeepsTheGrid() {
    t.standStill();
    ScheduledTask task = loop.schedule(KILOHERTZ, () -> t.log("run"));
    loop.step();
    task.stop();
    t.time.advance(400);
    task.start();
    t.time.advance(MS - 400);
    loop.step();
    t.assertTrace("0 run", "1000000 run");
    task.stop();
    t.time.advance(MS);
    loop.step();
    t.time.advance(77);
    task.start();
    loop.step();
    t.time.advance(MS - 1);
    loop.step();
    t.assertTrace("2000077 run");
    t.time.advance(1);
    loop.step();
    t.assertTrace("3000077 run");
  }

  @Test
  void c15_changeRateCountsAfterTheActivationThatIsQueued() {
    ScheduledTask task = periodic(4);
    loop.runLater(Duration.ofNanos(100), () -> task.changeRate(2 * KILOHERTZ));
    loop.run();
    t.assertTrace("0 run", "1000000 run", "1500000 run", "2000000 run");
  }

  @Test
  void c16_scheduleLaterRunsOnePeriodAfterItsFirstStep() {
    t.time.advance(50);
    ScheduledTask task = loop.scheduleLater(KILOHERTZ, () -> t.log("run"));
    t.time.advance(50);
    loop.runLater(Duration.ofNanos(2 * MS + 1), task::stop);
    loop.run();
    t.assertTrace("1000100 run", "2000100 run");
    task.start();
    loop.runLater(Duration.ZERO, task::stop);
    loop.run();
    t.assertTrace("3000100 run");
  }

  @Test
  void c17_runLaterFixesItsDeadlineAtTheCall() {
    loop.runLater(1e-6, () -> t.log("late"));
    loop.runLater(1e-5, () -> t.log("in time"));
    t.time.advance(4000);
    loop.run();
    t.assertTrace("4000 late", "10000 in time");
  }

  @Test
  void c18_sleepIsCutToWholeNanosecondsAndMayBeNegative() {
    loop.addTask(() -> {
      loop.sleep(1.9e-9);
      t.log("a");
      loop.sleep(-1.0);
      t.log("b");
      loop.sleep(Duration.ofNanos(7));
      t.log("c");
    });
    loop.run();
    t.assertTrace("1 a", "1 b", "8 c");
  }

  @Test
  void c19_sleepAndSuspendOutsideATaskAreRefused() {
    assertThrows(IllegalStateException.class, () -> loop.sleepNs(1));
    assertThrows(IllegalStateException.class, loop::suspend);
    assertThrows(IllegalStateException.class, loop::yieldNow);
    loop.run();
  }

  @Test
  void c20_resumeAppendsToTheReadyTasks() {
    AtomicReference<Suspension> slot = new AtomicReference<>();
    loop.addTask(() -> {
      Suspension suspension = loop.suspend();
      slot.set(suspension);
      suspension.await();
      t.log("resumed");
    });
    loop.addTask(() -> {
      loop.addTask(() -> t.log("before"));
      assertTrue(slot.get().resume());
      loop.addTask(() -> t.log("after"));
    });
    loop.run();
    t.assertTrace("0 before", "0 resumed", "0 after");
  }

  @Test
  void c20_resumeBeforeTheAwaitIsNotLostAndKeepsItsPlace() {
    loop.addTask(() -> {
      Suspension suspension = loop.suspend();
      loop.addTask(() -> t.log("before"));
      assertTrue(suspension.resume());
      loop.addTask(() -> t.log("after"));
      t.log("awaits");
      suspension.await();
      t.log("goes on");
    });
    loop.addTask(() -> t.log("other"));
    loop.run();
    t.assertTrace("0 awaits", "0 other", "0 before", "0 goes on", "0 after");
  }

  @Test
  void c20_earlyResumeOfATaskThatEndsIsForgotten() {
    loop.addTask(() -> loop.suspend().resume());
    loop.addTask(() -> t.log("other"));
    loop.run();
    loop.addTask(() -> t.log("next"));
    loop.run();
    t.assertTrace("0 other", "0 next");
  }

  @Test
  void c21_acquireOfAFreeResourceGoesOnAtOnce() {
    Handle<String, String> handle = resource().handle("h");
    loop.addTask(() -> use(handle, "a"));
    loop.addTask(() -> t.log("other"));
    loop.step();
    t.assertTrace("0 acquire h", "0 a uses bus", "0 other");
    loop.run();
    t.assertTrace("0 release h", "0 a done");
  }

  private ManagedResource<String, String> resource() {
    return new ManagedResource<>(
        loop, "bus", argument -> t.log("acquire " + argument), a -> t.log("release " + a));
  }

  private void use(Handle<String, String> handle, String name) {
    try (Lease<String> lease = handle.acquire()) {
      t.log(name + " uses " + lease.get());
      loop.yieldNow();
    }
    t.log(name + " done");
  }

  @Test
  void c22_waitersQueueFirstComeFirstServedAndAreNotReady() {
    ManagedResource<String, String> bus = resource();
    Handle<String, String> handle = bus.handle("h");
    loop.addTask("a", () -> use(handle, "a"));
    Task b = loop.addTask("b", () -> use(handle, "b"));
    Task c = loop.addTask("c", () -> use(handle, "c"));
    assertEquals(3, loop.step());
    assertEquals(Task.State.SUSPENDED, b.state());
    assertEquals(Task.State.SUSPENDED, c.state());
    assertEquals(1, loop.step());
    assertEquals(Task.State.READY, b.state());
    loop.run();
    t.assertTrace(
        "0 acquire h",
        "0 a uses bus",
        "0 release h",
        "0 a done",
        "0 acquire h",
        "0 b uses bus",
        "0 release h",
        "0 b done",
        "0 acquire h",
        "0 c uses bus",
        "0 release h",
        "0 c done");
  }

  @Test
  void c23_handedOverWithoutAGapSoThatNobodyBarges() {
    ManagedResource<String, String> bus = resource();
    Handle<String, String> first = bus.handle("1");
    Handle<String, String> second = bus.handle("2");
    Handle<String, String> third = bus.handle("3");
    loop.addTask(() -> use(first, "a"));
    loop.addTask(() -> use(second, "b"));
    loop.step();
    loop.addTask(() -> use(third, "barger"));
    loop.step();
    assertTrue(bus.isOwned());
    assertFalse(second.isActive());
    loop.step();
    assertTrue(second.isActive());
    loop.run();
    assertFalse(bus.isOwned());
    t.assertTrace(
        "0 acquire 1",
        "0 a uses bus",
        "0 release 1",
        "0 a done",
        "0 acquire 2",
        "0 b uses bus",
        "0 release 2",
        "0 b done",
        "0 acquire 3",
        "0 barger uses bus",
        "0 release 3",
        "0 barger done");
  }

  @Test
  void c24_bodyExceptionReleasesAndHandsOver() {
    Handle<String, String> handle = resource().handle("h");
    loop.addTask(() -> {
      try (Lease<String> lease = handle.acquire()) {
        loop.yieldNow();
        throw new IllegalArgumentException(lease.get());
      }
    });
    loop.addTask(() -> use(handle, "b"));
    assertThrows(IllegalArgumentException.class, loop::run);
    t.assertTrace("0 acquire h", "0 release h");
    loop.run();
    t.assertTrace("0 acquire h", "0 b uses bus", "0 release h", "0 b done");
  }

  @Test
  void c25_handleIsReusableCarriesItsArgumentAndIsActiveWhileHeld() {
    Handle<String, String> handle = resource().handle("h");
    assertEquals("h", handle.argument());
    loop.addTask(() -> {
      for (int round = 0; round < 2; round++) {
        assertFalse(handle.isActive());
        use(handle, "a" + round);
      }
    });
    loop.step();
    assertTrue(handle.isActive());
    loop.run();
    assertFalse(handle.isActive());
    t.assertTrace(
        "0 acquire h",
        "0 a0 uses bus",
        "0 release h",
        "0 a0 done",
        "0 acquire h",
        "0 a1 uses bus",
        "0 release h",
        "0 a1 done");
  }

  @Test
  void c26_timeIsInjectedAndStepsAreTakenByHand() {
    t.standStill();
    sleeper("a", 60L * 60 * 1000 * MS);
    loop.step();
    loop.step();
    t.assertTrace();
    t.time.advance(60L * 60 * 1000 * MS);
    loop.step();
    t.assertTrace("3600000000000 a");
  }
}
