package dev.tasko.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.ScheduledTask;
import dev.tasko.Task;
import dev.tasko.VirtualTime;
import dev.tasko.task.CoroutineEngine;
import dev.tasko.task.TaskCancelledException;
import dev.tasko.user.Nesting;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A managed resource where things go wrong: it is never lost, and who did wrong is named.
@ParameterizedClass
@EnumSource(CoroutineEngine.class)
class ManagedResourceTest {
  private final CoroutineEngine engine;
  private final VirtualTime time = new VirtualTime(0);
  private final List<String> trace = new ArrayList<>();
  private final Loop loop;
  private final ManagedResource<String, String> bus;
  private final Handle<String, String> handle;

  ManagedResourceTest(CoroutineEngine engine) {
    assumeTrue(engine == CoroutineEngine.BATON || CoroutineEngine.obstacle() == null);
    this.engine = engine;
    loop = loop(true);
    bus = resource(loop);
    handle = bus.handle("h");
  }

  private Loop loop(boolean strict) {
    return new Loop(
        new LoopConfig()
            .engine(engine)
            .virtualTime(time)
            .strict(strict)
            .onStranded(tasks -> trace.add("stranded " + tasks)));
  }

  private ManagedResource<String, String> resource(Loop owner) {
    return new ManagedResource<>(
        owner, "bus", argument -> trace.add("+" + argument), argument -> trace.add("-" + argument));
  }

  @AfterEach
  void close() {
    loop.close();
  }

  private void assertTrace(String... expected) {
    assertEquals(List.of(expected), List.copyOf(trace));
    trace.clear();
  }

  private void use(String name) {
    try (Lease<String> lease = handle.acquire()) {
      trace.add(name + " " + lease.get());
      loop.sleepNs(10);
    }
  }

  // A task that ends and still holds.

  @Test
  void bodyEnds_holdingIsGivenBackAndSaid() {
    Task forgets = loop.addTask("forgets", () -> handle.acquire());
    loop.addTask("waits", () -> use("waits"));
    IllegalStateException said = assertThrows(IllegalStateException.class, loop::run);
    assertEquals(
        "body: task forgets ended with h not given back (expected: each lease closed, by"
            + " try-with-resources); done now",
        said.getMessage());
    assertTrue(forgets.isDone());
    loop.run();
    assertFalse(bus.isOwned());
    assertTrace("+h", "-h", "+h", "waits bus", "-h");
  }

  @Test
  void bodyEnds_holdingAfterAnExceptionIsGivenBackAndSuppressed() {
    IllegalArgumentException seeded = new IllegalArgumentException("seeded");
    loop.addTask(
        "forgets",
        () -> {
          handle.acquire();
          loop.sleepNs(1);
          throw seeded;
        });
    loop.addTask(() -> use("waits"));
    assertSame(seeded, assertThrows(IllegalArgumentException.class, loop::run));
    assertTrue(String.valueOf(seeded.getSuppressed()[0].getMessage()).contains("forgets"));
    loop.run();
    assertTrace("+h", "-h", "+h", "waits bus", "-h");
  }

  @Test
  void bodyEnds_holdingSeveralGivesBackEachLastTakenFirst() {
    ManagedResource<String, String> broken =
        new ManagedResource<>(
            loop,
            "broken",
            argument -> trace.add("+" + argument),
            argument -> {
              throw new UnsupportedOperationException(argument);
            });
    Handle<String, String> brokenHandle = broken.handle("b");
    Handle<String, String> third = resource(loop).handle("c");
    loop.addTask(
        "forgets",
        () -> {
          handle.acquire();
          brokenHandle.acquire();
          Lease<String> closed = third.acquire();
          closed.close();
        });
    IllegalStateException said = assertThrows(IllegalStateException.class, loop::run);
    assertTrue(String.valueOf(said.getMessage()).contains("ended with b, h not given back"));
    assertEquals("b", said.getSuppressed()[0].getMessage());
    assertFalse(bus.isOwned());
    assertFalse(broken.isOwned());
    assertTrace("+h", "+b", "+c", "-c", "-h");
  }

  @Test
  void activationEnds_holdingStopsTheScheduledTask() {
    ScheduledTask task = loop.schedule("forgets", 1000, () -> handle.acquire());
    assertThrows(IllegalStateException.class, loop::run);
    assertEquals(Task.State.STOPPED, task.state());
    assertFalse(bus.isOwned());
    loop.run();
  }

  // Nested, double, foreign.

  @Test
  void nestedAcquire_namesBothPlacesInStrictMode() {
    loop.addTask("a", () -> Nesting.nest(handle, bus.handle("inner")));
    IllegalStateException refused = assertThrows(IllegalStateException.class, loop::run);
    assertEquals(
        "acquire: task a asks for inner at dev.tasko.user.Nesting.inner(Nesting.java:N) but holds h"
            + " of the same resource since dev.tasko.user.Nesting.nest(Nesting.java:N) (expected:"
            + " release it first)",
        withoutLines(refused));
    assertFalse(bus.isOwned());
  }

  @Test
  void nestedAcquire_saysThatStrictModeKnowsMore() {
    try (Loop lax = loop(false)) {
      ManagedResource<String, String> shared = resource(lax);
      lax.addTask("a", () -> Nesting.nest(shared.handle("outer"), shared.handle("inner")));
      IllegalStateException refused = assertThrows(IllegalStateException.class, lax::run);
      assertEquals(
          "acquire: task a asks for inner at dev.tasko.user.Nesting.inner(Nesting.java:N) but holds"
              + " outer of the same resource since a place known in strict mode only (expected:"
              + " release it first)",
          withoutLines(refused));
    }
  }

  private static String withoutLines(Throwable thrown) {
    return String.valueOf(thrown.getMessage())
        .replaceAll("java:\\d+", "java:N")
        .replace("app//", "");
  }

  @Test
  void close_twiceDoesNothing() {
    loop.addTask(() -> {
      Lease<String> lease = handle.acquire();
      lease.close();
      lease.close();
      assertThrows(IllegalStateException.class, lease::get);
    });
    loop.run();
    assertTrace("+h", "-h");
  }

  @Test
  void close_byAnotherTaskDoesNothing() {
    AtomicReference<Lease<String>> slot = new AtomicReference<>();
    loop.addTask(
        "owner",
        () -> {
          try (Lease<String> lease = handle.acquire()) {
            slot.set(lease);
            loop.sleepNs(10);
          }
        });
    loop.addTask(
        "thief",
        () -> {
          slot.get().close();
          assertTrue(handle.isActive());
          IllegalStateException refused =
              assertThrows(IllegalStateException.class, () -> slot.get().get());
          assertEquals(
              "get: the lease of h belongs to task owner (expected: used by it, not by thief)",
              refused.getMessage());
        });
    loop.run();
    assertTrace("+h", "-h");
  }

  /// An early close inside try-with-resources, and another task has the same handle by the end of
  /// it.
  @Test
  @SuppressWarnings("try") // the explicit close is the point
  void close_twiceWhileAnotherTaskHasTheHandleDoesNothing() {
    loop.addTask(
        "early",
        () -> {
          try (Lease<String> lease = handle.acquire()) {
            lease.close();
            loop.yieldNow();
          }
        });
    loop.addTask(
        "late",
        () -> {
          try (Lease<String> lease = handle.acquire()) {
            loop.yieldNow();
            loop.yieldNow();
            assertTrue(handle.isActive(), "still its own: " + lease.get());
          }
        });
    loop.run();
    assertTrace("+h", "-h", "+h", "-h");
  }

  // The loop is closed.

  @Test
  void loopClose_ownerReleasesAndWaitersAreUnwound() {
    for (String name : new String[] {"a", "b", "c"}) {
      loop.addTask(name, () -> useAndSay(name));
    }
    loop.addTask(() -> loop.sleepNs(5));
    loop.step();
    loop.close();
    assertFalse(bus.isOwned());
    assertTrace("+h", "a bus", "-h", "a cancelled", "b cancelled", "c cancelled");
  }

  private void useAndSay(String name) {
    try {
      use(name);
    } catch (TaskCancelledException e) {
      trace.add(name + " cancelled");
      throw e;
    }
  }

  @Test
  void loopClose_oneIsGrantedButHasNotRun() {
    loop.addTask("a", () -> useAndSay("a"));
    loop.addTask("b", () -> useAndSay("b"));
    loop.addTask("c", () -> useAndSay("c"));
    loop.step();
    loop.step();
    assertTrue(bus.isOwned());
    assertFalse(handle.isActive());
    assertEquals("b", bus.owner());
    loop.close();
    assertFalse(bus.isOwned());
    assertNull(bus.owner());
    assertTrace("+h", "a bus", "-h", "b cancelled", "c cancelled");
  }

  @Test
  void loopClose_whatIsHeldWithoutTryIsGivenBack() {
    loop.addTask(() -> {
      handle.acquire();
      loop.sleepNs(100);
    });
    loop.addTask(() -> loop.sleepNs(5));
    loop.step();
    Throwable thrown = assertThrows(TaskCancelledException.class, loop::close);
    assertEquals(
        "body: task task-0 ended with h not given back"
            + " (expected: each lease closed, by try-with-resources); done now",
        thrown.getSuppressed()[0].getMessage());
    assertFalse(bus.isOwned());
    assertTrace("+h", "-h");
  }

  @Test
  void resourceWait_isCounted() {
    ScheduledTask task =
        loop.schedule(
            "waits",
            1000,
            () -> {
              loop.sleepNs(4);
              use("waits");
            });
    loop.addTask(() -> use("a"));
    loop.addTask(task::stop);
    loop.run();
    assertEquals(6, task.resourceWaitNs());
  }
}
