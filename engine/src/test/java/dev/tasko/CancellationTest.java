package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.resource.Handle;
import dev.tasko.resource.Lease;
import dev.tasko.resource.ManagedResource;
import dev.tasko.task.Body;
import dev.tasko.task.CoroutineEngine;
import dev.tasko.task.TaskCancelledException;
import dev.tasko.task.TaskTimeoutException;
import dev.tasko.wakeup.Interrupt;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Tasks and blocks that end early: where, when, and what they keep.
@ParameterizedClass
@EnumSource(CoroutineEngine.class)
class CancellationTest {
  private final TracedLoop t;
  private final Loop loop;
  private final Handle<String, String> bus;
  private final Interrupt interrupt;
  private @Nullable Suspension suspension;
  private @Nullable Task joined;

  CancellationTest(CoroutineEngine engine) {
    t = new TracedLoop(engine, new LoopConfig().strict(true));
    loop = t.loop;
    bus = new ManagedResource<String, String>(loop, "bus", _ -> {}, _ -> {}).handle("bus");
    interrupt = loop.interrupt("edge");
  }

  @AfterEach
  void close() {
    t.close();
  }

  /// Each way a task can wait. What it waits for comes 1000 ns after the start, unless the test
  /// brings it earlier.
  enum Wait {
    SLEEP {
      @Override
      void in(CancellationTest test) {
        test.loop.sleepNs(999);
      }
    },
    ACQUIRE {
      @Override
      void in(CancellationTest test) {
        test.bus.acquire().close();
      }
    },
    ACQUIRE_WITHIN {
      @Override
      void in(CancellationTest test) {
        test.bus.acquire(Duration.ofHours(1)).close();
      }
    },
    INTERRUPT {
      @Override
      void in(CancellationTest test) {
        assertEquals(1, test.interrupt.await());
      }
    },
    SUSPENSION {
      @Override
      void in(CancellationTest test) {
        test.suspension = test.loop.suspend();
        test.suspension.await();
      }
    },
    JOIN {
      @Override
      void in(CancellationTest test) {
        Objects.requireNonNull(test.joined).join();
      }
    },
    GROUP_JOIN {
      @Override
      void in(CancellationTest test) {
        try (TaskGroup group = test.loop.group()) {
          group.fork(() -> test.loop.sleepNs(999));
          group.join();
        }
      }
    },
    RACE {
      @Override
      void in(CancellationTest test) {
        try (TaskGroup group = test.loop.race()) {
          Task quick = group.fork(() -> test.loop.sleepNs(999));
          group.fork(() -> test.loop.sleepNs(5000));
          group.join();
          assertEquals(quick, group.winner());
        }
      }
    };

    abstract void in(CancellationTest test);
  }

  /// The waits that somebody ends by an act, as opposed to time.
  enum Grant {
    ACQUIRE,
    INTERRUPT,
    SUSPENSION,
    JOIN;

    Wait asWait() {
      return Wait.valueOf(name());
    }
  }

  private @Nullable Suspension release;

  private void occupyAll() {
    loop.addTask(
        "holder",
        () -> {
          try (Lease<String> _ = bus.acquire()) {
            release = loop.suspend();
            release.await();
          }
        });
    joined = loop.addTask("joined", () -> loop.sleepNs(1000));
    loop.callAt(1000, () -> Objects.requireNonNull(release).resume());
    loop.callAt(1000, interrupt::fire);
    loop.callAt(1000, this::resumeSuspension);
  }

  private void resumeSuspension() {
    if (suspension != null) {
      suspension.resume();
    }
  }

  private Task waiter(Body body) {
    occupyAll();
    return loop.addTask(
        "waiter",
        () -> {
          loop.sleepNs(1);
          try {
            body.run();
            t.log("waited");
            loop.sleepNs(1);
            t.log("slept");
          } catch (TaskCancelledException e) {
            t.log("cancelled");
            throw e;
          } catch (TaskTimeoutException e) {
            t.log("timed out");
            throw e;
          } finally {
            t.log("finally");
          }
        });
  }

  private void assertNothingIsLost() {
    assertFalse(bus.isActive());
    assertEquals(0, loop.tasks().size());
    Task after =
        loop.addTask(() -> {
          try (Lease<String> _ = bus.acquire()) {
            t.log("acquired");
          }
        });
    t.discardTrace();
    loop.run();
    assertTrue(after.isDone());
    assertEquals(0, t.stranded.size());
  }

  @ParameterizedTest
  @EnumSource
  void cancel_leavesTheWaitAtOnceAndRunsFinally(Wait wait) {
    Task waiter = waiter(() -> wait.in(this));
    loop.callAt(10, waiter::cancel);
    loop.run();
    t.assertTrace("10 cancelled", "10 finally");
    assertTrue(waiter.isCancelled());
    assertInstanceOf(TaskCancelledException.class, waiter.failure());
    assertNothingIsLost();
  }

  @ParameterizedTest
  @EnumSource
  void timeout_leavesTheWaitAtItsTimeAndTheTaskGoesOn(Wait wait) {
    Task waiter =
        waiter(() ->
            assertThrows(TaskTimeoutException.class, () -> loop.timeoutNs(9, () -> wait.in(this))));
    loop.run();
    t.assertTrace("10 waited", "11 slept", "11 finally");
    assertNull(waiter.failure());
    assertNothingIsLost();
  }

  @ParameterizedTest
  @EnumSource
  void timeout_thatIsNotReachedChangesNothing(Wait wait) {
    waiter(() -> loop.timeoutNs(5000, () -> wait.in(this)));
    loop.run();
    t.assertTrace("1000 waited", "1001 slept", "1001 finally");
    assertNothingIsLost();
  }

  @ParameterizedTest
  @EnumSource
  void shielded_waitsToTheEndAndIsCancelledAtTheNextWait(Wait wait) {
    Task waiter = waiter(() -> loop.shielded(() -> wait.in(this)));
    loop.callAt(10, waiter::cancel);
    loop.run();
    t.assertTrace("1000 waited", "1000 cancelled", "1000 finally");
    assertNothingIsLost();
  }

  @ParameterizedTest
  @EnumSource
  void shielded_timeLimitInsideStillWorks(Wait wait) {
    Task waiter =
        waiter(() ->
            loop.shielded(() ->
                assertThrows(
                    TaskTimeoutException.class, () -> loop.timeoutNs(9, () -> wait.in(this)))));
    loop.callAt(5, waiter::cancel);
    loop.run();
    t.assertTrace("10 waited", "10 cancelled", "10 finally");
    assertNothingIsLost();
  }

  @ParameterizedTest
  @EnumSource
  void cancelledBefore_nextWaitThrowsAtItsBegin(Wait wait) {
    Task waiter =
        waiter(() -> {
          assertThrows(TaskCancelledException.class, () -> loop.sleepNs(50));
          t.log("first");
          wait.in(this);
        });
    loop.callAt(10, waiter::cancel);
    loop.run();
    t.assertTrace("10 first", "10 cancelled", "10 finally");
    assertNothingIsLost();
  }

  private void grant(Grant grant) {
    switch (grant) {
      case ACQUIRE -> Objects.requireNonNull(release).resume();
      case INTERRUPT -> interrupt.fire();
      case SUSPENSION -> resumeSuspension();
      case JOIN -> Objects.requireNonNull(joined).cancel();
    }
  }

  /// Runs the acts between the steps of the loop until the waiter has what it waits for.
  private void assertGrantWins(Task waiter, Runnable... acts) {
    t.standStill();
    loop.step();
    t.time.advance(1);
    loop.step();
    assertEquals(Task.State.SUSPENDED, waiter.state());
    for (Runnable act : acts) {
      act.run();
    }
    for (int i = 0; i < 4; i++) {
      loop.step();
    }
    t.assertTrace("1 waited", "1 cancelled", "1 finally");
  }

  private Body toleratingFailure(Grant grant) {
    Wait wait = grant.asWait();
    return grant == Grant.JOIN
        ? () -> assertThrows(TaskFailedException.class, () -> wait.in(this))
        : () -> wait.in(this);
  }

  /// Of these two alone the grant is an act; a resource's and a joined task's come with a turn.
  @ParameterizedTest
  @EnumSource(names = {"INTERRUPT", "SUSPENSION"})
  void grant_afterTheCancelButBeforeTheTaskRanWins(Grant grant) {
    Task waiter = waiter(toleratingFailure(grant));
    assertGrantWins(waiter, waiter::cancel, () -> grant(grant));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ACQUIRE")
  void grant_beforeTheCancelWins(Grant grant) {
    Task waiter = waiter(toleratingFailure(grant));
    assertGrantWins(waiter, () -> grant(grant), waiter::cancel);
  }

  /// The resource is granted by its holder's turn.
  @Test
  void grant_ofAResourceBeforeTheCancelIsKeptAndGivenBack() {
    Task waiter = waiter(() -> bus.acquire());
    t.standStill();
    loop.step();
    t.time.advance(1);
    loop.step();
    grant(Grant.ACQUIRE);
    loop.addTask("canceller", waiter::cancel);
    for (int i = 0; i < 4; i++) {
      loop.step();
    }
    t.assertTrace("1 waited", "1 cancelled", "1 finally");
    assertFalse(bus.isActive());
  }

  @Test
  void grant_ofAResourceAfterTheCancelIsKeptAndGivenBack() {
    Task waiter = waiter(() -> bus.acquire());
    t.standStill();
    loop.step();
    t.time.advance(1);
    loop.step();
    grant(Grant.ACQUIRE);
    waiter.cancel();
    for (int i = 0; i < 4; i++) {
      loop.step();
    }
    t.assertTrace("1 waited", "1 cancelled", "1 finally");
    assertFalse(bus.isActive());
  }

  /// Both in one sleeper pass, the grant first. A resource's holder and a joined task are ahead of
  /// the waiter in the next step, too.
  @ParameterizedTest
  @EnumSource
  void grant_atTheTimeOfTheLimitAndBeforeItWins(Grant grant) {
    loop.callAt(10, () -> grant(grant));
    waiter(() -> loop.timeoutNs(9, toleratingFailure(grant)));
    loop.run();
    t.assertTrace("10 waited", "11 slept", "11 finally");
    assertNothingIsLost();
  }

  /// What is granted by an act still comes before the waiter runs; what is granted by a turn of
  /// another task comes too late, and is the next one's.
  @ParameterizedTest
  @EnumSource
  void grant_atTheTimeOfTheLimitButAfterItWinsIfItComesBeforeTheTaskRuns(Grant grant) {
    waiter(() -> loop.timeoutNs(9, () -> grant.asWait().in(this)));
    loop.addTask(() -> {
      loop.sleepNs(2);
      loop.callAt(10, () -> grant(grant));
    });
    if (grant == Grant.INTERRUPT || grant == Grant.SUSPENSION) {
      loop.run();
      t.assertTrace("10 waited", "11 slept", "11 finally");
    } else {
      assertThrows(TaskTimeoutException.class, loop::run);
      loop.run();
      t.assertTrace("10 timed out", "10 finally");
    }
    assertNothingIsLost();
  }

  @Test
  void cancel_yieldingTaskIsCancelledWhereItYields() {
    Task task =
        loop.addTask(() -> {
          loop.yieldNow();
          t.log("never");
        });
    loop.step();
    task.cancel();
    loop.run();
    t.assertTrace();
    assertTrue(task.isDone());
  }

  @Test
  void cancel_bodyThatHasNotBegunNeverDoes() {
    t.standStill();
    Task ready = loop.addTask(() -> t.log("never"));
    Task waiting = loop.runLater(Duration.ofNanos(5), () -> t.log("never"));
    ScheduledTask between = loop.schedule(1e6, () -> t.log("once"));
    ScheduledTask first = loop.schedule(1e6, () -> t.log("never"));
    first.cancel();
    ready.cancel();
    loop.step();
    waiting.cancel();
    between.cancel();
    loop.run();
    t.assertTrace("0 once");
    assertTrue(ready.isDone() && waiting.isDone());
    assertEquals(Task.State.STOPPED, between.state());
  }

  @Test
  void cancel_scheduledTaskCanBeStartedAgain() {
    ScheduledTask task =
        loop.schedule(
            1e6,
            () -> {
              t.log("begins");
              loop.sleepNs(500);
              t.log("ends");
            });
    loop.callAt(100, task::cancel);
    loop.callAt(200, task::start);
    loop.callAt(800, task::stop);
    loop.run();
    t.assertTrace("0 begins", "200 begins", "700 ends");
    assertFalse(task.isCancelled());
    assertEquals(2, task.activations());
  }

  @Test
  void cancel_isThrownAtEachFurtherWaitAndEndsTheTask() {
    Task task =
        loop.addTask(() -> {
          for (int i = 0; i < 3; i++) {
            assertThrows(TaskCancelledException.class, () -> loop.sleepNs(10));
          }
          t.log("done");
        });
    loop.callAt(1, task::cancel);
    loop.run();
    t.assertTrace("1 done");
    assertNull(task.failure());
  }

  @Test
  void cancel_cleanupMayWaitInAShield() {
    Task task =
        loop.addTask(() -> {
          try {
            loop.sleepNs(100);
          } finally {
            loop.shielded(() -> loop.sleepNs(7));
            t.log("cleaned up");
          }
        });
    loop.callAt(1, task::cancel);
    loop.run();
    t.assertTrace("8 cleaned up");
  }

  @Test
  void timeout_outerEndsInnerAndIsToldApart() {
    loop.addTask(() -> {
      TaskTimeoutException outer =
          assertThrows(
              TaskTimeoutException.class,
              () -> loop.timeoutNs(5, () -> loop.timeoutNs(50, () -> loop.sleepNs(100))));
      t.log(Objects.requireNonNull(outer.getMessage()));
    });
    loop.run();
    t.assertTrace("5 sleep: task task-0 is over its time limit of 5 ns");
  }

  @Test
  void timeout_ofZeroThrowsAtTheFirstWait() {
    loop.addTask(() -> {
      assertThrows(
          TaskTimeoutException.class,
          () ->
              loop.timeout(
                  Duration.ZERO,
                  () -> {
                    t.log("runs");
                    loop.yieldNow();
                  }));
      t.log("goes on");
    });
    loop.run();
    t.assertTrace("0 runs", "0 goes on");
  }

  @Test
  void timeout_cancelOfTheTaskEndsMoreAndIsThrown() {
    Task task =
        loop.addTask(() -> {
          try {
            loop.timeoutNs(5, () -> loop.shielded(() -> loop.sleepNs(20)));
            loop.sleepNs(1);
          } catch (TaskCancelledException e) {
            t.log("cancelled");
            throw e;
          }
        });
    loop.callAt(10, task::cancel);
    loop.run();
    t.assertTrace("20 cancelled");
  }

  @Test
  void acquire_withinAZeroLimitTakesWhatIsFreeAndRefusesElse() {
    loop.addTask(() -> {
      try (Lease<String> _ = bus.acquire(Duration.ZERO)) {
        t.log("free");
        loop.sleepNs(10);
      }
    });
    loop.addTask(() -> {
      assertThrows(TaskTimeoutException.class, () -> bus.acquire(Duration.ZERO));
      t.log("taken");
    });
    loop.run();
    t.assertTrace("0 free", "0 taken");
  }

  @Test
  void acquire_waiterWhoseTimeIsOverLeavesTheQueueToTheOthers() {
    occupyAll();
    for (int i = 0; i < 3; i++) {
      int number = i;
      loop.addTask(() -> {
        loop.sleepNs(1 + number);
        try (Lease<String> _ = bus.acquire(Duration.ofNanos(number == 1 ? 5 : 5000))) {
          t.log("got " + number);
        } catch (TaskTimeoutException e) {
          t.log("gave up " + number);
        }
      });
    }
    loop.run();
    t.assertTrace("7 gave up 1", "1000 got 0", "1000 got 2");
  }

  @Test
  void close_reachesIntoShields() {
    t.standStill();
    Task task =
        loop.addTask(() -> {
          try {
            loop.shielded(() -> loop.sleepNs(100));
          } finally {
            t.log("finally");
          }
        });
    loop.step();
    loop.close();
    t.assertTrace("0 finally");
    assertTrue(task.isDone());
  }

  @Test
  void run_returnsWhenAllThatIsLeftWasCancelled() {
    Task task = loop.addTask(interrupt::await);
    loop.callAt(3, task::cancel);
    loop.run();
    assertEquals(3, t.time.nanoTime());
    assertEquals(0, t.stranded.size());
  }
}
