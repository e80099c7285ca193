package dev.tasko.wakeup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.AllocationWindows;
import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class InterruptTest {
  private final VirtualTime time = new VirtualTime(0);
  private final Loop loop = new Loop(new LoopConfig().virtualTime(time));
  private final Interrupt edge = loop.interrupt("edge");
  private final List<Object> events = new ArrayList<>();

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void await_firedBefore() {
    edge.fire();
    loop.addTask(() -> events.add(edge.await()));
    loop.run();
    assertEquals(List.of(1L), events);
  }

  @Test
  void await_countsFiringsSinceTheLastWait() {
    loop.callAt(10, () -> fire(3));
    loop.callAt(20, () -> fire(2));
    loop.addTask(() -> {
      events.add(edge.await());
      events.add(edge.await());
    });
    loop.run();
    assertEquals(List.of(3L, 2L), events);
    assertEquals(20, time.nanoTime());
  }

  @Test
  void await_firedWhileAwaited() {
    loop.addTask(() -> {
      events.add("waits");
      edge.await();
      events.add("goes on");
    });
    loop.step();
    edge.fire();
    assertEquals(List.of("waits"), events);
    loop.step();
    assertEquals(List.of("waits", "goes on"), events);
  }

  @Test
  void await_secondWaiterIsRefused() {
    loop.addTask("first", edge::await);
    loop.addTask("second", edge::await);
    IllegalStateException refusal = assertThrows(IllegalStateException.class, () -> loop.step());
    assertEquals(
        "await: interrupt edge is awaited by task first (expected: one waiting task)",
        refusal.getMessage());
    edge.fire();
    loop.run();
    assertEquals(List.of(), loop.tasks());
  }

  @Test
  void await_outsideATask() {
    assertThrows(IllegalStateException.class, edge::await);
  }

  @Test
  void await_isUnwoundByClose() {
    loop.addTask(() -> {
      try {
        edge.await();
      } finally {
        events.add("unwound");
      }
    });
    loop.step();
    loop.close();
    assertEquals(List.of("unwound"), events);
    edge.fire();
  }

  @Test
  void take_doesNotWait() {
    assertEquals(0, edge.take());
    fire(2);
    assertEquals(0, edge.take());
    loop.step();
    assertEquals(2, edge.take());
    assertEquals(0, edge.take());
  }

  /// Found by review: `await` returned 0.
  @Test
  void take_leavesWhatHasWokenATask() {
    loop.addTask(() -> events.add(edge.await()));
    loop.step();
    edge.fire();
    loop.post(() -> events.add("taken " + edge.take()));
    loop.run();
    assertEquals(List.of("taken 0", 1L), events);
  }

  /// Found by review: the task was put into the ready queue twice.
  @Test
  void take_betweenTwoWakeupsOfOneWait() {
    loop.addTask(() -> events.add(edge.await()));
    loop.step();
    edge.fire();
    loop.post(() -> {
      edge.take();
      throw new IllegalArgumentException("before the task's turn");
    });
    assertThrows(IllegalArgumentException.class, loop::step);
    edge.fire();
    loop.run();
    assertEquals(List.of(2L), events);
  }

  @Test
  void run_waitsForAnotherThread() throws InterruptedException {
    try (Loop parking = new Loop()) {
      Interrupt awaited = parking.interrupt("awaited");
      long[] count = new long[1];
      parking.addTask(() -> count[0] = awaited.await());
      Thread thread = Thread.ofPlatform().start(awaited::fire);
      parking.run();
      thread.join();
      assertEquals(1, count[0]);
    }
  }

  /// Without the wakeup the loop would park for an hour.
  @Test
  void fire_wakesAParkedLoop() throws InterruptedException {
    try (Loop parking = new Loop()) {
      Interrupt awaited = parking.interrupt("awaited");
      parking.runLater(Duration.ofHours(1), () -> {});
      parking.addTask(() -> {
        awaited.await();
        parking.stop();
      });
      Thread thread = fireWhenParked(awaited, Thread.currentThread());
      parking.run();
      thread.join();
      assertEquals(1, parking.tasks().size());
    }
  }

  @Test
  void resume_fromAnotherThread() throws InterruptedException {
    try (Loop parking = new Loop()) {
      Thread[] thread = new Thread[1];
      boolean[] answers = new boolean[2];
      parking.addTask(() -> {
        var suspension = parking.suspend().external();
        thread[0] =
            Thread.ofPlatform()
                .start(() -> {
                  answers[0] = suspension.resume();
                  answers[1] = suspension.resume();
                });
        suspension.await();
        events.add("resumed");
      });
      parking.run();
      thread[0].join();
      assertEquals(List.of("resumed"), events);
      assertTrue(answers[0] && !answers[1]);
    }
  }

  @Test
  void post_runsInOrderForEachThread() throws InterruptedException {
    int postsEach = 1000;
    try (Loop parking = new Loop(new LoopConfig().postCapacity(2 * postsEach))) {
      List<List<Integer>> ran = List.of(new ArrayList<>(), new ArrayList<>());
      CountDownLatch start = new CountDownLatch(1);
      Interrupt done = parking.interrupt("done");
      List<Thread> posters = new ArrayList<>();
      for (List<Integer> mine : ran) {
        posters.add(
            Thread.ofPlatform()
                .start(() -> {
                  awaitUninterruptibly(start);
                  for (int i = 0; i < postsEach; i++) {
                    int number = i;
                    assertTrue(parking.post(() -> mine.add(number)));
                  }
                  done.fire();
                }));
      }
      parking.addTask(() -> {
        start.countDown();
        for (long left = 2; left > 0; left -= done.await()) {}
      });
      parking.run();
      for (Thread poster : posters) {
        poster.join();
      }
      parking.step();
      List<Integer> inOrder = java.util.stream.IntStream.range(0, postsEach).boxed().toList();
      assertEquals(List.of(inOrder, inOrder), ran);
    }
  }

  @Test
  void fire_allocatesNothing() {
    assertEquals(0, leastAllocated(() -> edge.fire()));
  }

  @Test
  void fire_andTakeAllocateNothing() {
    assertEquals(
        0,
        leastAllocated(() -> {
          edge.fire();
          loop.step();
          edge.take();
        }));
  }

  private void fire(int times) {
    for (int i = 0; i < times; i++) {
      edge.fire();
    }
  }

  private static Thread fireWhenParked(Interrupt interrupt, Thread loopThread) {
    return Thread.ofPlatform()
        .start(() -> {
          while (loopThread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
          }
          interrupt.fire();
        });
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// Bytes for 10,000 operations.
  static long leastAllocated(Runnable operation) {
    return AllocationWindows.leastBytes(
        0,
        () -> {
          for (int i = 0; i < 10_000; i++) {
            operation.run();
          }
        });
  }
}
