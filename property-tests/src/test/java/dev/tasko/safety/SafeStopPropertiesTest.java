package dev.tasko.safety;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.VirtualTime;
import dev.tasko.hal.HalConfig;
import dev.tasko.hal.sim.SimHal;
import dev.tasko.task.CoroutineEngine;
import dev.tasko.task.Threads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The stop comes at every suspension point of a program that waits in every way there is, once in
/// each: whatever comes, its outputs are safe, no chip is selected, everything is unwound within
/// the bound, and no record that was told is lost.
class SafeStopPropertiesTest {
  private static final long NO_POINT = Long.MAX_VALUE;
  private static final int RECORDS = 2;
  private static final Duration LONG = Duration.ofSeconds(1);

  /// Shorter than a block on the wire: transfers are broken off.
  private static final Duration SHORT = Duration.ofNanos(20_000);

  /// What comes.
  enum Cause {
    STOP,
    ERROR,
    /// What the shutdown hook does, on a thread of its own.
    TERMINATION
  }

  /// How the stop is done: as it should be, and with a defect that must be noticed.
  enum Way {
    SAFE_STOP,
    OUTPUTS_BEFORE_THE_TASKS,
    TASKS_LEFT,
    OUTPUTS_LEFT,
    RECORDS_TOLD_TOO_EARLY
  }

  private static final Logger LOG = Logger.getLogger("dev.tasko");

  @TempDir Path directory;

  /// Each task that is broken off would be told.
  @BeforeAll
  static void beQuiet() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void speakAgain() {
    LOG.setLevel(null);
  }

  private final RuntimeException error = new IllegalStateException("injected");

  /// One run in virtual time.
  private final class Run {
    private final VirtualTime time = new VirtualTime(0);
    private final Way way;
    private final Cause cause;
    private final Duration unwindWithin;
    private final long stopAt;
    private final Loop loop;
    private long points;
    private long stopNs;

    Run(CoroutineEngine engine, Way way, Cause cause, Duration unwindWithin, long stopAt) {
      this.way = way;
      this.cause = cause;
      this.unwindWithin = unwindWithin;
      this.stopAt = stopAt;
      loop =
          new Loop(
              new LoopConfig()
                  .engine(engine)
                  .virtualTime(time)
                  .strict(false)
                  .taskCapacity(64)
                  .onStranded(tasks -> fail("stranded: " + tasks)));
    }

    /// Returns how many suspension points it came by.
    long run() throws Exception {
      Path image = directory.resolve("card.img");
      HalConfig hardware =
          HalConfig.virtualTime(time, this::waitOnTheBus, loop::callAt, 1)
              .withOption("sd.image", image.toString())
              .withOption("sd.bytes", "524288");
      try (loop;
          SimHal hal = SimHal.open(hardware)) {
        Controller controller = new Controller(loop, hal, stopAt, this::point, this::logged);
        if (way == Way.RECORDS_TOLD_TOO_EARLY) {
          controller.tellTooEarly();
        }
        controller.start();
        Throwable thrown = stopped(controller);
        long endNs = time.nanoTime();
        controller.requireSafe();
        controller.requireUnwound();
        controller.requireRecords(image);
        if (stopAt != NO_POINT) {
          assertTrue(endNs - stopNs <= unwindWithin.toNanos(), "took ns: " + (endNs - stopNs));
          assertSame(cause == Cause.ERROR ? error : null, thrown);
        }
        controller.spi().close();
      }
      return points;
    }

    private void waitOnTheBus(long ns) {
      point();
      loop.sleepNs(ns);
    }

    private void logged(int record) {
      if (stopAt == NO_POINT && record == RECORDS) {
        loop.stop();
      }
    }

    private void point() {
      points++;
      if (points == stopAt) {
        stopNs = time.nanoTime();
        switch (cause) {
          case STOP -> loop.stop();
          case ERROR -> loop.post(this::raise);
          case TERMINATION -> {
            Thread hook = new Thread(loop::stop);
            hook.start();
            Threads.joinUninterruptibly(hook);
          }
        }
      }
    }

    private void raise() {
      throw error;
    }

    private @Nullable Throwable stopped(Controller controller) {
      try {
        switch (way) {
          case SAFE_STOP, RECORDS_TOLD_TOO_EARLY -> runSafely(controller);
          default -> runWithDefect(controller);
        }
        return null;
      } catch (Throwable thrown) {
        return thrown;
      }
    }

    private void runSafely(Controller controller) {
      SafeStopConfig config =
          new SafeStopConfig()
              .unwindWithin(unwindWithin)
              .stalledAfter(Duration.ofHours(1))
              .onTermination(false);
      try (SafeStop safe = new SafeStop(loop, config)) {
        controller.register(safe);
        safe.run();
      }
    }

    private void runWithDefect(Controller controller) {
      try {
        loop.run();
      } finally {
        if (way != Way.OUTPUTS_LEFT) {
          controller.valve().setHigh(false);
          controller.heater().setHigh(false);
        }
        if (way != Way.TASKS_LEFT) {
          loop.closeWithin(unwindWithin);
        }
      }
    }
  }

  private long points(CoroutineEngine engine) throws Exception {
    return new Run(engine, Way.SAFE_STOP, Cause.STOP, LONG, NO_POINT).run();
  }

  @ParameterizedTest
  @EnumSource(Cause.class)
  void stop_atEverySuspensionPoint(Cause cause) throws Exception {
    CoroutineEngine engine = CoroutineEngine.best();
    long points = points(engine);
    assertTrue(points > 300, () -> "points: " + points);
    for (long point = 1; point <= points; point++) {
      requireSafe(engine, cause, LONG, point);
      requireSafe(engine, cause, SHORT, point);
    }
    System.out.println("safe stop: " + cause + " at each of " + points + " suspension points");
  }

  @ParameterizedTest
  @EnumSource(Cause.class)
  void stop_atSomeSuspensionPointsOnThreads(Cause cause) throws Exception {
    long points = points(CoroutineEngine.BATON);
    for (long point = 1; point <= points; point += 97) {
      requireSafe(CoroutineEngine.BATON, cause, LONG, point);
      requireSafe(CoroutineEngine.BATON, cause, SHORT, point);
    }
  }

  private void requireSafe(CoroutineEngine engine, Cause cause, Duration unwindWithin, long point)
      throws Exception {
    try {
      long _ = new Run(engine, Way.SAFE_STOP, cause, unwindWithin, point).run();
    } catch (AssertionError unsafe) {
      throw new AssertionError(
          cause + " at point " + point + " within " + unwindWithin + ": " + unsafe.getMessage(),
          unsafe);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Way.class, mode = EnumSource.Mode.EXCLUDE, names = "SAFE_STOP")
  void stop_withADefectIsNoticed(Way defect) throws Exception {
    CoroutineEngine engine = CoroutineEngine.best();
    long points = points(engine);
    String found = null;
    for (long point = 1; point <= points && found == null; point++) {
      try {
        long _ = new Run(engine, defect, Cause.STOP, LONG, point).run();
      } catch (AssertionError noticed) {
        found = noticed.getMessage();
      }
    }
    String message = found;
    assertNotNull(message, () -> defect + " at no point");
    String expected =
        switch (defect) {
          case TASKS_LEFT -> "was not unwound";
          case RECORDS_TOLD_TOO_EARLY -> "is lost";
          default -> "the valve is open";
        };
    assertTrue(message.contains(expected), () -> defect + ": " + message);
  }

  @Test
  void program_comesByEachKindOfWait() throws Exception {
    assertEquals(points(CoroutineEngine.best()), points(CoroutineEngine.BATON));
  }
}
