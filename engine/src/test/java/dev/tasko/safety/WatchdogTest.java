package dev.tasko.safety;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.safety.Watchdog.Finding;
import dev.tasko.task.CoroutineEngine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What the watchdog finds, look by look. It looks from within the turn that it looks at, so
/// nothing depends on threads or time.
@ParameterizedClass
@EnumSource(CoroutineEngine.class)
class WatchdogTest {
  private static final long STALLED_NS = 400_000_000;
  private static final long OVERDUE_NS = 1_000_000_000;
  private static final long LOOK_NS = STALLED_NS / Watchdog.LOOKS;

  private final Loop loop;
  private final Watchdog watchdog;
  private long nowNs = -7;

  WatchdogTest(CoroutineEngine engine) {
    assumeTrue(engine == CoroutineEngine.BATON || CoroutineEngine.obstacle() == null);
    loop = new Loop(new LoopConfig().engine(engine));
    watchdog = new Watchdog(loop.pulse(), STALLED_NS, OVERDUE_NS);
  }

  @AfterEach
  void close() {
    if (!loop.pulse().isDead()) {
      loop.close();
    }
  }

  private List<Finding> look(int times) {
    List<Finding> found = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      found.add(watchdog.look(nowNs));
      nowNs += LOOK_NS;
    }
    return found;
  }

  private static List<Finding> alive(int times) {
    return new ArrayList<>(Collections.nCopies(times, Finding.ALIVE));
  }

  @Test
  void look_fourUnchangedLooksWithinATurnAreAStallAndFoundOnce() {
    List<Finding> found = new ArrayList<>();
    loop.addTask("spin", () -> found.addAll(look(12)));
    loop.step();
    List<Finding> expected = alive(12);
    expected.set(Watchdog.LOOKS, Finding.STALLED);
    assertEquals(expected, found);
  }

  @Test
  void look_thatCameTooSoonLeavesItToTheNext() {
    List<Finding> found = new ArrayList<>();
    loop.addTask(
        "nearly long enough",
        () -> {
          found.addAll(look(Watchdog.LOOKS));
          nowNs -= 1;
          found.addAll(look(2));
        });
    loop.step();
    List<Finding> expected = alive(Watchdog.LOOKS + 2);
    expected.set(Watchdog.LOOKS + 1, Finding.STALLED);
    assertEquals(expected, found);
  }

  @Test
  void look_oneLateLookIsNoStall() {
    List<Finding> found = new ArrayList<>();
    loop.addTask(
        "suspended machine",
        () -> {
          found.addAll(look(1));
          nowNs += 3_600_000_000_000L;
          found.addAll(look(3));
        });
    loop.step();
    assertEquals(alive(4), found);
  }

  @Test
  void look_eachTurnCountsFromItsOwnFirstLook() {
    List<Finding> found = new ArrayList<>();
    loop.addTask(() -> {
      for (int i = 0; i < 5; i++) {
        found.addAll(look(Watchdog.LOOKS));
        loop.yieldNow();
      }
    });
    loop.run();
    assertEquals(alive(5 * Watchdog.LOOKS), found);
  }

  @Test
  void look_betweenTurnsNothingStalls() {
    loop.addTask(() -> loop.sleepNs(1));
    loop.step();
    assertEquals(alive(20), look(20));
  }

  @Test
  void look_secondStallIsFoundToo() {
    List<Finding> found = new ArrayList<>();
    loop.addTask(() -> {
      found.addAll(look(5));
      loop.yieldNow();
      found.addAll(look(5));
    });
    loop.run();
    assertEquals(Finding.STALLED, found.get(4));
    assertEquals(Finding.STALLED, found.get(9));
  }

  @Test
  void look_stopThatTakesTooLongIsFoundOnce() {
    assertEquals(alive(2), look(2));
    watchdog.stopBegins(nowNs);
    nowNs += OVERDUE_NS;
    assertEquals(
        List.of(Finding.ALIVE, Finding.OVERDUE, Finding.ALIVE), look(3), "at the bound, after it");
  }

  @Test
  void look_threadThatEndedIsFoundOnce() throws InterruptedException {
    Thread control = new Thread(loop::step, "control");
    control.start();
    control.join();
    assertEquals(List.of(Finding.DEAD, Finding.ALIVE, Finding.ALIVE), look(3));
    assertTrue(loop.pulse().isDead());
    assertEquals(
        "dead: thread control has ended in no task (a post, a handler or the loop itself)"
            + " (expected: after a safe stop)",
        watchdog.describe(Finding.DEAD, loop.pulse().running(), nowNs).getMessage());
  }

  @Test
  void look_parkedLoopIsAsleepFromTheSecondLook() throws InterruptedException {
    CountDownLatch stepped = new CountDownLatch(1);
    Thread control =
        new Thread(() -> {
          loop.post(stepped::countDown);
          loop.runForever();
          loop.close();
        });
    control.start();
    stepped.await();
    while (!loop.pulse().isAsleep()) {
      Thread.onSpinWait();
    }
    assertEquals(List.of(Finding.ALIVE, Finding.ASLEEP, Finding.ASLEEP), look(3));
    watchdog.stopBegins(nowNs);
    assertEquals(alive(1), look(1), "a loop that is to stop is looked after");
    loop.stop();
    control.join();
  }

  @Test
  void describe_namesTheTaskItsStackAndTheOthers() {
    List<StalledException> found = new ArrayList<>();
    loop.addTask("waiting", () -> loop.suspend().await());
    loop.addTask(
        "spin",
        () -> {
          look(5);
          found.add(watchdog.describe(Finding.STALLED, loop.pulse().running(), nowNs));
        });
    loop.step();
    StalledException stall = found.getFirst();
    assertEquals(
        "stalled: one turn takes 500 ms in task spin (expected: below 400 ms)", stall.getMessage());
    assertEquals("task spin", stall.culprit());
    assertEquals(5 * LOOK_NS, stall.stalledNs());
    assertTrue(
        stall.tasks().contains("task waiting: SUSPENDED, waits for a suspension\n"), stall::tasks);
    assertTrue(stall.tasks().contains("task spin: RUNNING\n"), stall::tasks);
    assertTrue(
        Arrays.stream(stall.getStackTrace())
            .anyMatch(frame -> frame.getMethodName().contains("describe_namesTheTask")),
        () -> Arrays.toString(stall.getStackTrace()));
    assertFalse(loop.pulse().isDead());
  }
}
