package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.agrona.concurrent.NanoClock;
import org.junit.jupiter.api.Test;

/// How often the loop reads its clock: watching costs one reading for each run and one for each
/// step, less one for each scheduled task that was ready, and nothing where nobody is watched.
class WatchClockReadsTest {
  private static final int STEPS = 100;
  private static final int TASKS = 3;

  private final VirtualTime time = new VirtualTime(0);
  private long reads;
  private long runs;

  private long readsOfStepsWith(LoopConfig config, Release release, Program program) {
    NanoClock counted =
        () -> {
          reads++;
          return time.nanoTime();
        };
    try (Loop loop = new Loop(config.clock(counted).sleeper(time).strict(false))) {
      loop.scheduleCallback(release, () -> {});
      program.setUp(loop);
      loop.step();
      reads = 0;
      runs = 0;
      for (int i = 0; i < STEPS; i++) {
        loop.step();
      }
      return reads;
    }
  }

  /// Adds tasks.
  interface Program {
    void setUp(Loop loop);
  }

  private void yielding(Loop loop) {
    for (int i = 0; i < TASKS; i++) {
      loop.addTask(() -> {
        while (true) {
          runs++;
          loop.yieldNow();
        }
      });
    }
  }

  private void sleeping(Loop loop) {
    for (int i = 0; i < TASKS; i++) {
      loop.scheduleCallback(1e6, () -> runs++);
    }
  }

  private static Release rare() {
    return Release.every(Duration.ofDays(365));
  }

  private static Release rareWithDeadline() {
    return rare().withDeadline(Duration.ofDays(300));
  }

  private static LoopConfig noStatistics() {
    return new LoopConfig().statisticsCapacity(0);
  }

  @Test
  void reads_ofReadyTasks() {
    // One for the sleeper pass, as a task sleeps.
    assertEquals(STEPS, readsOfStepsWith(noStatistics(), rare(), this::yielding));
    assertEquals(TASKS * STEPS, runs);
    assertEquals(
        STEPS + STEPS + runs, readsOfStepsWith(noStatistics(), rareWithDeadline(), this::yielding));
    assertEquals(STEPS + STEPS + runs, readsOfStepsWith(new LoopConfig(), rare(), this::yielding));
  }

  @Test
  void reads_ofSleepers() {
    long plain = readsOfStepsWith(noStatistics(), rare(), this::sleeping);
    long runsOfPlain = runs;
    long watched = readsOfStepsWith(noStatistics(), rareWithDeadline(), this::sleeping);
    assertEquals(runsOfPlain, runs);
    assertEquals(plain + STEPS + runs, watched);
  }
}
