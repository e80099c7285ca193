package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.resource.Handle;
import dev.tasko.resource.Lease;
import dev.tasko.resource.ManagedResource;
import dev.tasko.task.CoroutineEngine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// tasko's defects, each by what happens here instead, and the options where tasko's behaviour is
/// kept by default.
@ParameterizedClass
@EnumSource(CoroutineEngine.class)
class TaskoDefectsTest {
  private static final double KILOHERTZ = 1000;
  private static final long MS = 1_000_000;

  private final CoroutineEngine engine;
  private final TracedLoop t;
  private final Loop loop;

  TaskoDefectsTest(CoroutineEngine engine) {
    this.engine = engine;
    t = new TracedLoop(engine);
    loop = t.loop;
  }

  @AfterEach
  void close() {
    t.close();
  }

  @Test
  void b01_startTwiceBeforeFirstStepMakesOneInstance() {
    t.standStill();
    ScheduledTask task = loop.schedule(KILOHERTZ, () -> t.log("run"));
    task.start();
    task.start();
    loop.step();
    t.assertTrace("0 run");
    t.time.advance(MS);
    loop.step();
    t.assertTrace("1000000 run");
    task.stop();
    t.time.advance(MS);
    loop.step();
    task.start();
    task.start();
    loop.step();
    t.assertTrace("2000000 run");
  }

  @Test
  void b02_onAcquireThrowsServesTheNextAndRethrowsInTheAcquirer() {
    AtomicBoolean broken = new AtomicBoolean(true);
    ManagedResource<String, String> bus =
        new ManagedResource<>(
            loop,
            "bus",
            argument -> {
              t.log("acquire " + argument);
              if (broken.getAndSet(false)) {
                throw new UnsupportedOperationException(argument);
              }
            },
            argument -> t.log("release " + argument));
    Handle<String, String> handle = bus.handle("h");
    loop.addTask(() -> {
      try {
        use(handle, "a");
      } catch (UnsupportedOperationException e) {
        t.log("a caught " + e.getMessage());
      }
      assertFalse(handle.isActive());
    });
    loop.addTask(() -> use(handle, "b"));
    loop.run();
    assertFalse(bus.isOwned());
    t.assertTrace("0 acquire h", "0 a caught h", "0 acquire h", "0 b uses bus", "0 release h");
  }

  @Test
  void b02_onAcquireThrowsInAWaiterServesTheNext() {
    AtomicInteger calls = new AtomicInteger();
    ManagedResource<String, String> bus =
        new ManagedResource<>(
            loop,
            "bus",
            argument -> {
              if (calls.incrementAndGet() == 2) {
                throw new UnsupportedOperationException(argument);
              }
            },
            argument -> t.log("release"));
    Handle<String, String> handle = bus.handle("h");
    loop.addTask(() -> use(handle, "a"));
    loop.addTask(() -> use(handle, "b"));
    loop.addTask(() -> use(handle, "c"));
    assertThrows(UnsupportedOperationException.class, loop::run);
    loop.run();
    assertFalse(bus.isOwned());
    t.assertTrace("0 a uses bus", "0 release", "0 c uses bus", "0 release");
  }

  @Test
  void b03_onReleaseThrowsStillHandsOver() {
    AtomicBoolean broken = new AtomicBoolean(true);
    ManagedResource<String, String> bus =
        new ManagedResource<>(
            loop,
            "bus",
            argument -> {},
            argument -> {
              if (broken.getAndSet(false)) {
                throw new UnsupportedOperationException(argument);
              }
            });
    Handle<String, String> handle = bus.handle("h");
    loop.addTask(() -> use(handle, "a"));
    loop.addTask(() -> use(handle, "b"));
    assertThrows(UnsupportedOperationException.class, loop::run);
    assertFalse(handle.isActive());
    assertTrue(bus.isOwned());
    loop.run();
    assertFalse(bus.isOwned());
    t.assertTrace("0 a uses bus", "0 b uses bus");
  }

  private void use(Handle<String, String> handle, String name) {
    try (Lease<String> lease = handle.acquire()) {
      t.log(name + " uses " + lease.get());
      loop.yieldNow();
    }
  }

  @Test
  void b04_nestedAcquireIsRefusedAndTheResourceIsNotLost() {
    ManagedResource<String, String> bus =
        new ManagedResource<>(loop, "bus", argument -> {}, argument -> {});
    Handle<String, String> outer = bus.handle("outer");
    Handle<String, String> inner = bus.handle("inner");
    loop.addTask(
        "a",
        () -> {
          try (Lease<String> lease = outer.acquire()) {
            IllegalStateException refused =
                assertThrows(IllegalStateException.class, inner::acquire);
            t.log(lease.get());
            assertTrue(
                String.valueOf(refused.getMessage())
                    .startsWith("acquire: task a asks for inner at "));
          }
        });
    loop.addTask(() -> use(inner, "b"));
    loop.run();
    assertFalse(bus.isOwned());
    t.assertTrace("0 bus", "0 b uses bus");
  }

  @Test
  void b05_runNamesTheTasksThatAreStillSuspended() {
    Task waits = loop.addTask("waits", () -> loop.suspend().await());
    loop.run();
    assertEquals(List.of(waits), t.stranded);
  }

  @Test
  void b05_runWaitsForWhatIsDeclaredExternal() throws InterruptedException {
    AtomicReference<Suspension> slot = new AtomicReference<>();
    loop.addTask(() -> {
      Suspension suspension = loop.suspend().external();
      slot.set(suspension);
      suspension.await();
      t.log("resumed");
    });
    Thread helper = resumeOnceParked(Thread.currentThread(), slot);
    loop.run();
    helper.join();
    t.assertTrace("0 resumed");
    assertEquals(List.of(), t.stranded);
  }

  @Test
  void b05_runForeverStaysUntilStop() throws InterruptedException {
    loop.addTask(() -> t.log("ran"));
    Thread loopThread = Thread.currentThread();
    Thread helper =
        new Thread(() -> {
          awaitParked(loopThread);
          loop.stop();
        });
    helper.start();
    loop.runForever();
    helper.join();
    t.assertTrace("0 ran");
  }

  private static Thread resumeOnceParked(Thread loopThread, AtomicReference<Suspension> slot) {
    Thread helper =
        new Thread(() -> {
          awaitParked(loopThread);
          assertTrue(slot.get().resume());
          assertFalse(slot.get().resume());
        });
    helper.start();
    return helper;
  }

  /// The test's own thread is the loop's, so once it parks the loop sleeps. With the baton it parks
  /// while a body runs, too; then what follows comes early, which must be right as well.
  private static void awaitParked(Thread loopThread) {
    while (loopThread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
  }

  @Test
  void b06_secondResumeIsRefusedAndEndsNoOtherWait() {
    AtomicReference<Suspension> slot = new AtomicReference<>();
    loop.addTask(() -> {
      Suspension suspension = loop.suspend();
      slot.set(suspension);
      suspension.await();
      t.log("resumed");
      loop.sleepNs(100);
      t.log("slept");
    });
    loop.addTask(() -> {
      assertTrue(slot.get().resume());
      assertFalse(slot.get().resume());
      loop.yieldNow();
      loop.yieldNow();
      assertFalse(slot.get().resume());
    });
    loop.run();
    t.assertTrace("0 resumed", "100 slept");
  }

  @Test
  void b07_resumeByAnotherThreadEndsALongSleepOfTheLoop() throws InterruptedException {
    AtomicReference<Suspension> slot = new AtomicReference<>();
    AtomicBoolean resumed = new AtomicBoolean();
    try (Loop real = new Loop(new LoopConfig().engine(engine))) {
      real.runLater(Duration.ofHours(1), () -> {});
      real.addTask(() -> {
        Suspension suspension = real.suspend();
        slot.set(suspension);
        suspension.await();
        resumed.set(true);
        real.stop();
      });
      Thread helper = resumeOnceParked(Thread.currentThread(), slot);
      real.run();
      helper.join();
    }
    assertTrue(resumed.get());
  }

  @Test
  void b08_runIsRefusedAlsoAfterSuspend() {
    loop.addTask(() -> {
      loop.suspend();
      loop.run();
    });
    IllegalStateException refused = assertThrows(IllegalStateException.class, loop::run);
    assertEquals(
        "run: called from a task or callback of the loop (expected: outside)",
        refused.getMessage());
  }

  @Test
  void b10_threeHertzStaysOnItsExactGrid() {
    AtomicReference<ScheduledTask> self = new AtomicReference<>();
    ScheduledTask task =
        loop.schedule(
            3,
            () -> {
              long run = self.get().activations() - 1;
              assertEquals(run * 1_000_000_000 / 3, t.time.nanoTime());
              if (run == 3000) {
                self.get().stop();
              }
            });
    self.set(task);
    loop.run();
    assertEquals(3001, task.activations());
    assertEquals(0, task.maxLatenessNs());
  }

  @Test
  void b11_badRatesAreRefused() {
    for (double rate : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> loop.schedule(rate, () -> {}));
    }
    assertEquals(List.of(), loop.tasks());
  }

  @Test
  void b12_strictScheduleLaterRunsOnePeriodAfterEachStart() {
    try (TracedLoop strict = new TracedLoop(engine, new LoopConfig().compat(Compat.STRICT))) {
      ScheduledTask task = strict.loop.scheduleLater(KILOHERTZ, () -> strict.log("run"));
      assertEquals(Task.State.SLEEPING, task.state());
      strict.time.advance(50);
      strict.loop.runLater(Duration.ofNanos(2 * MS), task::stop);
      strict.loop.run();
      strict.assertTrace("1000000 run", "2000000 run");
      strict.time.advance(7);
      task.start();
      strict.loop.runLater(Duration.ofNanos(MS), task::stop);
      strict.loop.run();
      strict.assertTrace("4000007 run");
    }
  }

  @Test
  void c03_strictSleeperIsNotResumedInThePassInWhichItFellAsleep() {
    try (TracedLoop strict = new TracedLoop(engine, new LoopConfig().compat(Compat.STRICT))) {
      strict.standStill();
      for (int i = 0; i < 3; i++) {
        strict.loop.addTask(() -> strict.loop.sleepNs(1000));
      }
      strict.loop.addTask(() -> {
        strict.loop.sleepNs(0);
        strict.log("a");
        strict.loop.sleepNs(0);
        strict.log("b");
      });
      strict.loop.step();
      strict.assertTrace("0 a");
      strict.loop.step();
      strict.assertTrace("0 b");
    }
  }

  @Test
  void b13_stopByDefaultKeepsRunAliveUntilTheTick() {
    ScheduledTask task = loop.schedule(KILOHERTZ, () -> t.log("run"));
    loop.runLater(Duration.ofNanos(10), task::stop);
    loop.run();
    t.assertTrace("0 run");
    assertEquals(MS, t.time.nanoTime());
  }

  @Test
  void b13_dropGridEndsAtOnceAndStartBeginsANewGrid() {
    ScheduledTask task = loop.schedule(KILOHERTZ, () -> t.log("run"));
    loop.runLater(
        Duration.ofNanos(10),
        () -> {
          task.stop(StopMode.DROP_GRID);
          assertEquals(Task.State.STOPPED, task.state());
        });
    loop.run();
    assertEquals(10, t.time.nanoTime());
    task.start();
    loop.runLater(Duration.ofNanos(MS), () -> task.stop(StopMode.DROP_GRID));
    loop.run();
    t.assertTrace("0 run", "10 run", "1000010 run");
  }

  /// A task that leaves the ready queue must not make room in the step for one added during it.
  @Test
  void b13_dropGridOfAReadyTaskLeavesTheStepAsItIs() {
    AtomicReference<ScheduledTask> slot = new AtomicReference<>();
    loop.addTask(() -> {
      slot.get().stop(StopMode.DROP_GRID);
      loop.addTask(() -> t.log("added"));
      t.log("a");
    });
    slot.set(loop.schedule(KILOHERTZ, () -> t.log("dropped")));
    loop.addTask(() -> t.log("b"));
    assertEquals(2, loop.step());
    t.assertTrace("0 a", "0 b");
    loop.run();
    t.assertTrace("0 added");
  }

  @Test
  void b13_dropGridOfTheLastReadyTask() {
    AtomicReference<ScheduledTask> slot = new AtomicReference<>();
    loop.addTask(() -> slot.get().stop(StopMode.DROP_GRID));
    slot.set(loop.schedule(KILOHERTZ, () -> t.log("dropped")));
    loop.run();
    t.assertTrace();
  }

  @Test
  void b13_dropGridInTheBodyEndsWithTheBody() {
    AtomicReference<ScheduledTask> self = new AtomicReference<>();
    self.set(
        loop.schedule(
            KILOHERTZ,
            () -> {
              self.get().stop(StopMode.DROP_GRID);
              loop.sleepNs(5);
              t.log("end");
            }));
    loop.run();
    t.assertTrace("5 end");
    assertEquals(Task.State.STOPPED, self.get().state());
  }

  @Test
  void b14_eachLoopHasItsOwnTimeAndVirtualTimeDoesNotSleep() {
    try (TracedLoop other = new TracedLoop(engine)) {
      loop.runLater(Duration.ofDays(1000), () -> t.log("a"));
      other.loop.runLater(Duration.ofDays(1), () -> other.log("b"));
      loop.run();
      other.loop.run();
      t.assertTrace("86400000000000000 a");
      other.assertTrace("86400000000000 b");
    }
  }

  @Test
  void b15_waitingForSomethingElseWithASuspensionNotAwaitedIsRefused() {
    loop.addTask(
        "a",
        () -> {
          Suspension suspension = loop.suspend();
          IllegalStateException refused =
              assertThrows(IllegalStateException.class, () -> loop.sleepNs(1));
          assertEquals(
              "sleep: task a has a suspension that it has not awaited (expected: await it first)",
              refused.getMessage());
          suspension.resume();
          suspension.await();
          t.log("end");
        });
    loop.run();
    t.assertTrace("0 end");
  }

  @Test
  void b17_activeIsTheOwnersNotAFlagOfASharedHandle() {
    ManagedResource<String, String> bus =
        new ManagedResource<>(loop, "bus", argument -> {}, argument -> {});
    Handle<String, String> shared = bus.handle("h");
    Handle<String, String> other = bus.handle("other");
    loop.addTask(() -> use(shared, "a"));
    loop.addTask(() -> use(other, "b"));
    loop.addTask(() -> use(shared, "c"));
    StringBuilder active = new StringBuilder();
    for (int step = 0; step < 6; step++) {
      loop.step();
      active.append(shared.isActive() ? 's' : '-').append(other.isActive() ? 'o' : '-').append(' ');
    }
    assertEquals("s- -- -o -- s- -- ", active.toString());
  }
}
