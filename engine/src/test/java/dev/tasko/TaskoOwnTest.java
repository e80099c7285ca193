package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.resource.Handle;
import dev.tasko.resource.Lease;
import dev.tasko.resource.ManagedResource;
import dev.tasko.task.CoroutineEngine;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The tests that tasko has of its loop and of its managed resource, on a clock set by hand.
@ParameterizedClass
@EnumSource(CoroutineEngine.class)
class TaskoOwnTest {
  private static final int TASKS = 96;

  private final TracedLoop t;
  private final Loop loop;

  TaskoOwnTest(CoroutineEngine engine) {
    t = new TracedLoop(engine).standStill();
    loop = t.loop;
  }

  @AfterEach
  void close() {
    t.close();
  }

  @Test
  void test_add_task() {
    AtomicBoolean ran = new AtomicBoolean();
    loop.addTask(() -> ran.set(true));
    loop.step();
    assertTrue(ran.get());
  }

  @Test
  void test_sleep() {
    AtomicBoolean complete = new AtomicBoolean();
    loop.addTask(() -> {
      loop.sleep(0.1);
      complete.set(true);
    });
    for (int ms = 0; ms < 100; ms++) {
      loop.step();
      assertEquals(false, complete.get());
      t.time.advance(1_000_000);
    }
    loop.step();
    assertTrue(complete.get());
  }

  @Test
  void test_reschedule() {
    AtomicInteger runCount = new AtomicInteger();
    ScheduledTask task = loop.schedule(1e9, runCount::incrementAndGet);
    t.time.advance(2);
    assertEquals(0, runCount.get(), "did not run before step");
    loop.step();
    assertEquals(1, runCount.get(), "ran only once during step");
    t.time.advance(2);
    task.stop();
    loop.step();
    assertEquals(1, runCount.get(), "does not run again while stopped");
    t.time.advance(2);
    task.start();
    loop.step();
    assertEquals(2, runCount.get(), "runs again after restarting");
    t.time.advance(1);
    task.changeRate(1e9 / 10);
    loop.step();
    assertEquals(3, runCount.get(), "this run was already scheduled, the next at 10 a step");
    t.time.advance(9);
    loop.step();
    assertEquals(3, runCount.get(), "runs after 10 have passed");
    t.time.advance(1);
    loop.step();
    assertEquals(4, runCount.get(), "new rate ran");
  }

  /// tasko allows 5 more or less; in virtual time there is nothing to allow.
  @Test
  void test_schedule_rate() {
    AtomicInteger[] counters = new AtomicInteger[TASKS];
    for (int i = 0; i < TASKS; i++) {
      AtomicInteger counter = new AtomicInteger();
      counters[i] = counter;
      loop.schedule(rate(i), counter::incrementAndGet);
    }
    for (int tick = 0; tick < 10_000; tick++) {
      loop.step();
      t.time.advance(100_000);
    }
    for (int i = 0; i < TASKS; i++) {
      assertEquals(rate(i), counters[i].get(), "task " + i);
    }
  }

  private static int rate(int task) {
    return 3 * (task + 1) + 5;
  }

  @Test
  void test_schedule_later() {
    AtomicInteger controlTicks = new AtomicInteger();
    AtomicInteger deferredTicks = new AtomicInteger();
    loop.schedule(100, controlTicks::incrementAndGet);
    loop.scheduleLater(10, deferredTicks::incrementAndGet);
    while (deferredTicks.get() == 0) {
      loop.step();
      t.time.advance(1_000_000);
    }
    assertEquals(1, deferredTicks.get());
    assertEquals(11, controlTicks.get());
  }

  @Test
  void test_run_later() {
    AtomicInteger count = new AtomicInteger();
    loop.runLater(
        0.1,
        () -> {
          while (true) {
            count.incrementAndGet();
            loop.yieldNow();
          }
        });
    assertEquals(0, count.get());
    loop.step();
    assertEquals(0, count.get());
    t.time.advance(100_000_000);
    loop.step();
    assertEquals(1, count.get());
  }

  @Test
  void test_acquire() {
    Device spi = new Device();
    ManagedResource<Device, Integer> managed =
        new ManagedResource<>(loop, spi, spi::acquire, spi::release);
    Handle<Device, Integer> first = managed.handle(1);
    Handle<Device, Integer> second = managed.handle(2);
    assertNull(spi.activeSelect);
    loop.addTask(() -> usePausing(first));
    loop.addTask(() -> usePausing(second));
    loop.step(); // both enter
    loop.step(); // 1 works, 2 is suspended
    assertEquals(1, spi.activeSelect);
    assertEquals(1, ready());
    loop.step(); // 1 after the context
    assertNull(spi.activeSelect);
    assertEquals(2, ready());
    loop.step(); // 1 ends, 2 works
    assertEquals(2, spi.activeSelect);
    assertEquals(1, ready());
    loop.step(); // 2 after the context
    assertNull(spi.activeSelect);
    assertEquals(1, ready());
    loop.step(); // 2 ends
    assertEquals(0, ready());
  }

  private void usePausing(Handle<Device, Integer> handle) {
    loop.yieldNow();
    try (Lease<Device> lease = handle.acquire()) {
      loop.yieldNow();
      assertNotNull(lease.get().activeSelect);
    }
    loop.yieldNow();
  }

  private long ready() {
    return loop.tasks().stream().filter(task -> task.state() == Task.State.READY).count();
  }

  private static final class Device {
    @Nullable Integer activeSelect;

    void acquire(Integer select) {
      assertNull(activeSelect);
      activeSelect = select;
    }

    void release(Integer select) {
      assertEquals(select, activeSelect);
      activeSelect = null;
    }
  }
}
