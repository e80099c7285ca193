package dev.tasko.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.Task;
import dev.tasko.VirtualTime;
import dev.tasko.task.CoroutineEngine;
import dev.tasko.task.TaskTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MutexAndSemaphoreTest {
  private final VirtualTime time = new VirtualTime(0);
  private final Loop loop =
      new Loop(new LoopConfig().virtualTime(time).engine(CoroutineEngine.best()).strict(true));
  private final List<String> trace = new ArrayList<>();

  @AfterEach
  void close() {
    loop.close();
  }

  private void log(String what) {
    trace.add(time.nanoTime() + " " + what);
  }

  @Test
  void mutex_isHeldOverWaitsByOneTaskAtATimeInOrder() {
    Mutex mutex = new Mutex(loop, "state");
    for (int i = 0; i < 3; i++) {
      int number = i;
      loop.addTask(() -> {
        try (Lease<Mutex> _ = mutex.acquire()) {
          assertTrue(mutex.isHeld());
          log("in " + number);
          loop.sleepNs(10);
          log("out " + number);
        }
      });
    }
    loop.run();
    assertEquals(
        List.of("0 in 0", "10 out 0", "10 in 1", "20 out 1", "20 in 2", "30 out 2"), trace);
    assertFalse(mutex.isHeld());
  }

  @Test
  void mutex_nestedAcquireIsRefusedAndALimitIsKept() {
    Mutex mutex = new Mutex(loop, "state");
    loop.addTask(() -> {
      try (Lease<Mutex> _ = mutex.acquire()) {
        assertThrows(IllegalStateException.class, mutex::acquire);
        loop.sleepNs(10);
      }
    });
    loop.addTask(() -> {
      assertThrows(TaskTimeoutException.class, () -> mutex.acquire(Duration.ofNanos(4)));
      log("gave up");
    });
    loop.run();
    assertEquals(List.of("4 gave up"), trace);
  }

  @Test
  void semaphore_permitsGoToTheFirstThatWaits() {
    Semaphore places = new Semaphore(loop, "places", 2);
    for (int i = 0; i < 4; i++) {
      int number = i;
      loop.addTask(() -> {
        places.acquire();
        log("has " + number);
        loop.sleepNs(10 + number);
        places.release();
        assertFalse(number == 0 && places.tryAcquire(), "barged in");
      });
    }
    loop.callAt(
        100,
        () -> {
          assertEquals(2, places.available());
          places.release();
          assertEquals(3, places.available());
        });
    loop.tasks().get(2).cancel();
    loop.run();
    assertEquals(List.of("0 has 0", "0 has 1", "10 has 3"), trace);
  }

  @Test
  void semaphore_cancelledWaiterTakesNoPermitAndAGrantedOneKeepsIt() {
    Semaphore places = new Semaphore(loop, "places", 0);
    Task gone = loop.addTask(places::acquire);
    Task stays =
        loop.addTask(() -> {
          places.acquire();
          log("has it");
          loop.sleepNs(1);
          log("never");
        });
    loop.addTask(() -> {
      gone.cancel();
      loop.yieldNow();
      places.release();
      stays.cancel();
    });
    loop.run();
    assertEquals(List.of("0 has it"), trace);
    assertEquals(0, places.available());
  }

  @Test
  void semaphore_limitIsKept() {
    Semaphore places = new Semaphore(loop, "places", 1);
    loop.addTask(() -> {
      places.acquire(Duration.ZERO);
      assertThrows(TaskTimeoutException.class, () -> places.acquire(Duration.ZERO));
      assertThrows(TaskTimeoutException.class, () -> places.acquire(Duration.ofNanos(7)));
      log("gave up");
      places.release();
    });
    loop.run();
    assertEquals(List.of("7 gave up"), trace);
    assertEquals(1, places.available());
  }

  @Test
  void semaphore_permitGrantedToATaskThatTheLoopUnwindsIsPassedOn() {
    Semaphore places = new Semaphore(loop, "places", 0);
    loop.addTask(places::acquire);
    loop.step();
    places.release();
    loop.close();
    assertEquals(1, places.available());
  }

  @Test
  void badInput_isRefused() {
    assertEquals(
        "permits: -1 (expected: >= 0)",
        assertThrows(IllegalArgumentException.class, () -> new Semaphore(loop, "s", -1))
            .getMessage());
    Semaphore full = new Semaphore(loop, "s", Integer.MAX_VALUE);
    assertEquals(
        "release: semaphore s has 2147483647 permits (expected: fewer)",
        assertThrows(IllegalStateException.class, full::release).getMessage());
    assertThrows(IllegalStateException.class, full::acquire);
  }
}
