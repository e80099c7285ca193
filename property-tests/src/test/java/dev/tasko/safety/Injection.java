package dev.tasko.safety;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.hal.HalConfig;
import dev.tasko.hal.sim.SimHal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One run in real time, with a bus that has a thread of its own, that something puts an end to at
/// a moment that the seed decides.
final class Injection {
  static final Duration UNWIND_WITHIN = Duration.ofSeconds(1);
  static final Duration STALLED_AFTER = Duration.ofMillis(200);
  private static final long LATEST_NS = 30_000_000;

  /// What puts an end to it.
  enum Kind {
    STOP,
    ERROR,
    SPIN,
    DEATH
  }

  private final Kind kind;
  private final long seed;
  private final Path image;
  private final CountDownLatch told = new CountDownLatch(1);
  private final AtomicReference<@Nullable Throwable> unsafe = new AtomicReference<>();
  private final AtomicReference<@Nullable Controller> controller = new AtomicReference<>();
  private final AtomicLong injectedNs = new AtomicLong();
  private final AtomicLong safeNs = new AtomicLong();
  private final RuntimeException error = new IllegalStateException("injected");

  Injection(Kind kind, long seed, Path image) {
    this.kind = kind;
    this.seed = seed;
    this.image = image;
  }

  /// What is promised.
  static Duration bound(Kind kind) {
    Duration noticed = STALLED_AFTER.multipliedBy(2);
    return kind == Kind.STOP || kind == Kind.ERROR ? UNWIND_WITHIN.plus(noticed) : noticed;
  }

  /// Runs, and requires everything but the time.
  ///
  /// @return from the injection until the outputs were safe, in ns
  long run() throws Exception {
    HalConfig hardware =
        HalConfig.realTime()
            .withSeed(seed)
            .withOption("sd.image", image.toString())
            .withOption("sd.bytes", "524288");
    try (SimHal hal = SimHal.open(hardware)) {
      if (kind == Kind.DEATH) {
        runUntilDeath(hal);
      } else {
        FutureTask<Boolean> control = new FutureTask<>(() -> runSafely(hal), true);
        Thread thread = new Thread(control, "control");
        thread.start();
        thread.join();
        control.get();
        running().requireUnwound();
      }
      Throwable found = unsafe.get();
      if (found != null) {
        throw new AssertionError("when it was told: " + found.getMessage(), found);
      }
      running().requireSafe();
      running().requireRecords(image);
      running().spi().close();
    }
    return safeNs.get() - injectedNs.get();
  }

  private Controller running() {
    return Objects.requireNonNull(controller.get());
  }

  private static Loop newLoop() {
    return new Loop(new LoopConfig().strict(false).taskCapacity(64));
  }

  private SafeStop setUp(Loop loop, SimHal hal) {
    SafeStopConfig config =
        new SafeStopConfig()
            .unwindWithin(UNWIND_WITHIN)
            .stalledAfter(STALLED_AFTER)
            .onTermination(false)
            .onStall(this::stalled);
    SafeStop safe = new SafeStop(loop, config);
    Controller made = new Controller(loop, hal, seed, () -> {}, record -> {});
    controller.set(made);
    made.register(safe);
    safe.output("clock", () -> safeNs.compareAndSet(0, System.nanoTime()));
    made.start();
    long delayNs = new SplittableRandom(seed).nextLong(LATEST_NS);
    loop.runLater(Duration.ofNanos(delayNs), this::inject);
    return safe;
  }

  private void inject() {
    injectedNs.set(System.nanoTime());
    switch (kind) {
      case STOP -> running().stopLoop();
      case ERROR, DEATH -> throw error;
      case SPIN -> {
        while (told.getCount() > 0) {
          Thread.onSpinWait();
        }
      }
    }
  }

  /// The loop cannot help here.
  private void stalled(StalledException stall) {
    try {
      running().requireSafe();
    } catch (AssertionError wrong) {
      unsafe.set(wrong);
    }
    told.countDown();
  }

  private void runSafely(SimHal hal) {
    Throwable thrown = null;
    try (Loop loop = newLoop();
        SafeStop safe = setUp(loop, hal)) {
      safe.run();
    } catch (RuntimeException failure) {
      thrown = failure;
    }
    switch (kind) {
      case STOP -> assertNull(thrown);
      case ERROR -> assertEquals(error, thrown);
      default -> assertTrue(thrown instanceof StalledException, String.valueOf(thrown));
    }
  }

  /// The loop's thread just runs it, and nobody catches what it throws.
  private void runUntilDeath(SimHal hal) throws InterruptedException {
    AtomicReference<@Nullable SafeStop> safe = new AtomicReference<>();
    Thread control =
        new Thread(
            () -> {
              Loop loop = newLoop();
              SafeStop made = setUp(loop, hal);
              safe.set(made);
              made.watch();
              loop.run();
            },
            "control");
    control.setUncaughtExceptionHandler((thread, thrown) -> {});
    control.start();
    control.join();
    assertTrue(told.await(10, TimeUnit.SECONDS), "nobody noticed the death");
    StalledException stall =
        assertThrows(StalledException.class, Objects.requireNonNull(safe.get())::close);
    assertTrue(stall.tasks().contains("task log: "), stall::tasks);
  }
}
