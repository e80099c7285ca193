package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tasko.resource.Handle;
import dev.tasko.resource.Lease;
import dev.tasko.resource.ManagedResource;
import dev.tasko.task.CoroutineEngine;
import dev.tasko.task.TaskCancelledException;
import dev.tasko.user.Locking;
import dev.tasko.wakeup.Interrupt;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What a body can rely on, and what it is refused, on both engines.
@ParameterizedClass
@EnumSource(CoroutineEngine.class)
class CoroutineTest {
  private static final String WORKER = "tasko-worker-";
  private static volatile @Nullable Loop pinnedLoop;

  private final CoroutineEngine engine;
  private final TracedLoop t;
  private final Loop loop;
  private final Locking locking = new Locking();

  CoroutineTest(CoroutineEngine engine) {
    this.engine = engine;
    t = new TracedLoop(engine, new LoopConfig().strict(true));
    loop = t.loop;
  }

  @AfterEach
  void close() {
    t.close();
  }

  // Monitors and locks.

  @Test
  void monitor_sleepIsRefusedAndNamesTheLockingFrame() {
    assertRefused("sleep", () -> loop.sleepNs(1));
  }

  @Test
  void monitor_yieldNowIsRefused() {
    assertRefused("yieldNow", loop::yieldNow);
  }

  @Test
  void monitor_awaitOfASuspensionIsRefused() {
    assertRefused("await", () -> loop.suspend().await());
  }

  @Test
  void monitor_awaitOfAnInterruptIsRefused() {
    Interrupt interrupt = loop.interrupt("i");
    assertRefused("await", interrupt::await);
  }

  @Test
  void monitor_contendedAcquireIsRefusedAndLeavesTheQueue() {
    ManagedResource<String, String> bus =
        new ManagedResource<>(loop, "bus", argument -> {}, argument -> {});
    Handle<String, String> handle = bus.handle("h");
    loop.addTask(() -> {
      try (Lease<String> lease = handle.acquire()) {
        loop.sleepNs(10);
        t.log(lease.get());
      }
    });
    assertRefused("acquire", handle::acquire);
    assertFalse(bus.isOwned());
    t.assertTrace("10 bus");
  }

  private void assertRefused(String operation, Runnable wait) {
    loop.addTask(() -> locking.synchronizedOn(wait));
    IllegalStateException refused = assertThrows(IllegalStateException.class, loop::run);
    String message = String.valueOf(refused.getMessage());
    assertTrue(
        message.startsWith(
            operation
                + ": the monitor of a java.lang.Object is held, locked at"
                + " dev.tasko.user.Locking.synchronizedOn(Locking.java:"),
        message);
    loop.run();
    assertEquals(0, loop.tasks().size());
  }

  @Test
  void monitor_ofTheCallerOfRunIsRefused() {
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> locking.synchronizedOn(loop::run));
    assertTrue(String.valueOf(refused.getMessage()).startsWith("run: the monitor of a "));
    assertThrows(IllegalStateException.class, () -> locking.synchronizedOn(loop::step));
    loop.run();
    assertThrows(IllegalStateException.class, () -> locking.synchronizedOn(loop::runForever));
  }

  @Test
  void lock_heldAtTheFirstSuspensionOfAPlaceIsRefused() {
    loop.addTask(() -> locking.sleepLocked(loop));
    IllegalStateException refused = assertThrows(IllegalStateException.class, loop::run);
    assertTrue(
        String.valueOf(refused.getMessage())
            .startsWith("sleep: a java.util.concurrent.locks.ReentrantLock"),
        refused::toString);
    assertFalse(locking.isLocked());
  }

  /// The VM itself refuses, when it is told to lock as it did before JDK 24.
  @Test
  void monitor_withoutStrictTheVmRefusesInLegacyLockingMode() {
    assumeTrue(engine == CoroutineEngine.CONTINUATION);
    assumeTrue(
        ManagementFactory.getRuntimeMXBean().getInputArguments().contains("-XX:LockingMode=1"));
    try (TracedLoop lax = new TracedLoop(engine, new LoopConfig().strict(false))) {
      lax.loop.addTask(() -> locking.synchronizedOn(lax.loop::yieldNow));
      lax.loop.addTask(() -> lax.log("other"));
      IllegalStateException refused = assertThrows(IllegalStateException.class, lax.loop::run);
      assertEquals(
          "suspend: the task's stack holds a Java monitor (synchronized) (expected: none; suspend"
              + " outside it, or use the BATON engine)",
          refused.getMessage());
      lax.loop.run();
      lax.assertTrace("0 other");
    }
  }

  @Test
  void pinned_byAClassInitializerIsSaidInWordsAndTheLoopLives() {
    assumeTrue(engine == CoroutineEngine.CONTINUATION);
    pinnedLoop = loop;
    loop.addTask(() -> t.log(Pinned.touch()));
    loop.addTask(() -> t.log("other"));
    ExceptionInInitializerError thrown = assertThrows(ExceptionInInitializerError.class, loop::run);
    assertEquals(
        "suspend: the task's stack holds a native frame (a class initializer, JNI or a foreign"
            + " upcall) (expected: none; suspend outside it, or use the BATON engine)",
        Objects.requireNonNull(thrown.getCause()).getMessage());
    loop.run();
    t.assertTrace("0 other");
  }

  private static final class Pinned {
    static {
      Loop loop = pinnedLoop;
      if (loop != null) {
        loop.sleepNs(1000);
      }
    }

    static String touch() {
      return "initialized";
    }
  }

  @Test
  void nestedLoop_waitingForTheOuterOneIsRefused() {
    loop.addTask(() -> {
      try (TracedLoop inner = new TracedLoop(engine)) {
        inner.loop.addTask(loop::yieldNow);
        assertThrows(IllegalStateException.class, inner.loop::run);
        inner.loop.addTask(() -> inner.loop.sleepNs(3));
        inner.loop.run();
        loop.sleepNs(5);
        t.log("goes on");
      }
    });
    loop.run();
    t.assertTrace("5 goes on");
  }

  // Exceptions and stacks.

  @Test
  void exception_ofTheBodyIsTheVeryOne() {
    Exception seeded = new Exception("seeded");
    loop.addTask(() -> {
      loop.yieldNow();
      throw seeded;
    });
    assertSame(seeded, assertThrows(Exception.class, loop::run));
  }

  @Test
  void stackOverflow_endsOnlyItsTask() {
    loop.addTask(() -> t.log("depth " + endless(0)));
    loop.addTask(() -> {
      loop.yieldNow();
      t.log("other");
    });
    assertThrows(StackOverflowError.class, loop::run);
    loop.run();
    t.assertTrace("0 other");
  }

  @SuppressWarnings("InfiniteRecursion")
  private static int endless(int depth) {
    return endless(depth + 1) + 1;
  }

  @Test
  void deepStack_suspendsAndGoesOn() {
    loop.addTask(() -> t.log("sum " + sumWaiting(200)));
    loop.run();
    t.assertTrace("200 sum 20100");
  }

  private int sumWaiting(int depth) {
    if (depth == 0) {
      return 0;
    }
    loop.sleepNs(1);
    int sum = depth + sumWaiting(depth - 1);
    loop.yieldNow();
    return sum;
  }

  // Threads.

  @Test
  void interruptStatus_goesWithTheLoopsThread() {
    assumeFalse(Thread.currentThread().isInterrupted());
    loop.addTask(() -> {
      Thread.currentThread().interrupt();
      loop.sleepNs(10);
      assertTrue(Thread.interrupted());
      t.log("slept");
    });
    loop.run();
    assertTrue(Thread.currentThread().isInterrupted(), "run has returned with it");
    t.assertTrace();
    loop.step();
    loop.step();
    t.assertTrace("10 slept");
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void workers_areReusedInTheSteadyState() {
    Set<Thread> before = workers();
    AtomicInteger rounds = new AtomicInteger();
    for (int i = 0; i < 8; i++) {
      loop.schedule(
          1000,
          () -> {
            rounds.incrementAndGet();
            loop.sleepNs(10);
          });
    }
    for (int i = 0; i < 20; i++) {
      loop.step();
    }
    Set<Thread> warm = workers();
    warm.removeAll(before);
    assertEquals(engine == CoroutineEngine.BATON ? 8 : 0, warm.size());
    int warmRounds = rounds.get();
    for (int i = 0; i < 200; i++) {
      loop.step();
    }
    assertTrue(rounds.get() > warmRounds + 400);
    Set<Thread> after = workers();
    after.removeAll(before);
    assertEquals(warm, after);
    loop.close();
    after.retainAll(workers());
    assertEquals(Set.of(), after, "threads that survive close");
  }

  private static Set<Thread> workers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(WORKER))
        .collect(Collectors.toSet());
  }

  // Closing.

  @Test
  void close_runsFinallyAndReleasesWhatIsHeld() {
    ManagedResource<String, String> bus =
        new ManagedResource<>(
            loop, "bus", argument -> {}, argument -> t.log("release " + argument));
    Handle<String, String> handle = bus.handle("h");
    loop.addTask("holds", () -> sleepHolding(handle));
    loop.addTask("waits", () -> sleepHolding(handle));
    loop.addTask(
        "sleeps",
        () -> {
          try {
            loop.sleepNs(1000);
          } finally {
            t.log("finally");
          }
        });
    loop.step();
    loop.addTask("never started", () -> t.log("started"));
    loop.close();
    t.assertTrace("1000 release h", "1000 finally");
    assertFalse(bus.isOwned());
    assertEquals(0, loop.tasks().size());
    loop.close();
  }

  private void sleepHolding(Handle<String, String> handle) {
    try (Lease<String> lease = handle.acquire()) {
      loop.sleepNs(2000);
      t.log("never " + lease.get());
    }
  }

  @Test
  void close_bodyThatSwallowsAndWaitsAgainGetsItAgain() {
    AtomicInteger swallowed = new AtomicInteger();
    loop.addTask(
        "stubborn",
        () -> {
          while (swallowed.get() < 3) {
            try {
              loop.sleepNs(1000);
            } catch (TaskCancelledException e) {
              swallowed.incrementAndGet();
              t.log(String.valueOf(e.getMessage()));
            }
          }
          t.log("end");
        });
    t.standStill();
    loop.step();
    loop.close();
    String message = "0 sleep: task stubborn is cancelled because its loop is closing";
    t.assertTrace(message, message, message, "0 end");
  }

  @Test
  void close_bodyThatNeverEndsIsLeftAndNamed() throws Exception {
    t.standStill();
    Task endless =
        loop.addTask(
            "endless",
            () -> {
              while (true) {
                try {
                  loop.yieldNow();
                } catch (TaskCancelledException e) {
                  t.log("again");
                }
              }
            });
    loop.addTask("ends", loop::yieldNow);
    loop.step();
    List<String> said = LogCollector.during(loop::close);
    assertEquals(
        List.of(
            "close: task {0} waits on after {1} cancellations and is left suspended"
                + " [endless, 1000]"),
        said);
    assertEquals(1, loop.tasks().size());
    assertSame(endless, loop.tasks().getFirst());
    assertEquals("endless", endless.name());
  }

  @Test
  void close_exceptionsOfBodiesAreCollected() {
    t.standStill();
    for (String name : new String[] {"a", "b"}) {
      loop.addTask(() -> {
        try {
          loop.sleepNs(10);
        } finally {
          throwSeeded(name);
        }
      });
    }
    loop.step();
    IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class, loop::close);
    assertEquals("a", thrown.getMessage());
    assertEquals("b", thrown.getSuppressed()[0].getMessage());
    assertEquals(0, loop.tasks().size());
  }

  private static void throwSeeded(String name) {
    throw new IllegalArgumentException(name);
  }

  @Test
  void engine_isChosenByTheVm() {
    AtomicReference<Thread> runner = new AtomicReference<>();
    try (Loop chosen = new Loop()) {
      chosen.addTask(() -> runner.set(Thread.currentThread()));
      chosen.run();
    }
    boolean onOwnThread = Thread.currentThread().equals(runner.get());
    assertEquals(CoroutineEngine.best() == CoroutineEngine.CONTINUATION, onOwnThread);
    assertEquals(CoroutineEngine.obstacle() == null, onOwnThread);
  }
}
