package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.task.CoroutineEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The order of a loop with classes.
@ParameterizedClass
@EnumSource(CoroutineEngine.class)
class PriorityTest {
  private final TracedLoop t;
  private final Loop loop;

  PriorityTest(CoroutineEngine engine) {
    t = new TracedLoop(engine, new LoopConfig().priorities(3));
    loop = t.loop;
  }

  @AfterEach
  void close() {
    t.close();
  }

  private static Release every(long periodNs, int priority) {
    return Release.every(Duration.ofNanos(periodNs)).withPriority(priority);
  }

  private void runUntil(long timeNs) {
    loop.callAt(timeNs, loop::stop);
    loop.run();
  }

  private void schedule(String name, Release release, long runNs) {
    loop.scheduleCallback(
        name,
        release,
        () -> {
          t.log(name);
          t.time.advance(runNs);
        });
  }

  @Test
  void order_theUrgentFirstThenFirstComeFirstServed() {
    loop.addTask(() -> t.log("plain"));
    schedule("a", every(100, 1), 1);
    schedule("b", every(100, 2), 1);
    schedule("c", every(100, 1), 1);
    runUntil(50);
    t.assertTrace("0 b", "1 a", "2 c", "3 plain");
  }

  /// It waits for the run under way, and for no other.
  @Test
  void order_anUrgentTaskThatBecomesDueRunsNext() {
    for (String name : List.of("a", "b", "c")) {
      schedule(name, every(1000, 0), 30);
    }
    loop.schedule(
        "urgent",
        every(1000, 2),
        () -> {
          loop.sleepNs(40);
          t.log("urgent");
        });
    runUntil(200);
    t.assertTrace("0 a", "30 b", "60 urgent", "60 c");
  }

  @Test
  void order_aResumedUrgentTaskRunsNext() {
    List<Suspension> slot = new ArrayList<>();
    loop.schedule(
        every(1000, 1),
        () -> {
          slot.add(loop.suspend());
          slot.getFirst().await();
          t.log("urgent");
        });
    for (String name : List.of("a", "b")) {
      loop.addTask(() -> {
        t.log(name);
        slot.getFirst().resume();
      });
    }
    runUntil(100);
    t.assertTrace("0 a", "0 urgent", "0 b");
  }

  @Test
  void bound_theLeastRunsOnceInNine() {
    int[] runs = new int[3];
    for (int i = 0; i < 3; i++) {
      int priority = i;
      loop.schedule(
          every(1000, priority),
          () -> {
            while (true) {
              runs[priority]++;
              loop.yieldNow();
            }
          });
    }
    for (int i = 0; i < 300; i++) {
      loop.step();
    }
    int sum = runs[0] + runs[1] + runs[2];
    assertEquals(900, sum);
    assertTrue(runs[0] >= sum / 10 - 1 && runs[1] >= sum / 10 - 1, runs[0] + ", " + runs[1]);
    assertTrue(runs[2] > sum / 2, "the most urgent runs most: " + runs[2]);
  }

  @Test
  void deadline_toldBeforeAnyOtherTask() {
    loop.schedule(
        "a",
        every(1000, 0)
            .withDeadline(Duration.ofNanos(20))
            .withMissHandler(miss -> t.log("missed by " + miss.culprit())),
        () -> loop.sleepNs(100));
    schedule("b", every(1000, 1).withPhase(Duration.ofNanos(10)), 30);
    schedule("c", every(1000, 2).withPhase(Duration.ofNanos(12)), 30);
    runUntil(200);
    t.assertTrace("10 b", "40 missed by b", "40 c");
  }

  @Test
  void stop_ofATaskThatIsDue() {
    ScheduledTask task = loop.scheduleCallback(every(50, 0), () -> t.log("a"));
    loop.schedule(
        every(50, 2),
        () -> {
          if (t.time.nanoTime() == 50) {
            task.stop(StopMode.DROP_GRID);
          }
        });
    runUntil(120);
    t.assertTrace("0 a");
    assertEquals(1, task.activations());
  }
}
