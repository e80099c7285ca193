package dev.tasko.wakeup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.VirtualTime;
import dev.tasko.task.ClosedException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Values from any thread: in order, accepted or refused, and a task that waits for them.
@Timeout(60)
final class MailboxTest {
  private final VirtualTime time = new VirtualTime(0);
  private final Loop loop = new Loop(new LoopConfig().virtualTime(time));
  private final Mailbox<String> mailbox = loop.mailbox("orders", 2);
  private final LongMailbox numbers = loop.longMailbox("samples", 4);
  private final List<Object> events = new ArrayList<>();

  @AfterEach
  void close() {
    loop.close();
  }

  private void takeAll() {
    try {
      while (true) {
        events.add(mailbox.take());
      }
    } catch (ClosedException e) {
      events.add(e.getMessage());
    }
  }

  private void takeAllNumbers() {
    try {
      while (true) {
        events.add(numbers.take());
      }
    } catch (ClosedException e) {
      events.add(e.getMessage());
    }
  }

  @Test
  void offer_refusedWhenFullAndCounted() {
    assertTrue(mailbox.offer("a"));
    assertTrue(mailbox.offer("b"));
    assertFalse(mailbox.offer("c"));
    assertFalse(mailbox.offer("d"));
    assertEquals(2, mailbox.refused());
    assertEquals("a", mailbox.poll());
    assertTrue(mailbox.offer("e"));
    assertEquals("b", mailbox.poll());
    assertEquals("e", mailbox.poll());
    assertNull(mailbox.poll());
  }

  @Test
  void offer_numbersRefusedWhenFullAndCounted() {
    for (int round = 0; round < 10; round++) {
      for (long value = 0; value < 4; value++) {
        assertTrue(numbers.offer(value - 2));
      }
      assertFalse(numbers.offer(9));
      assertEquals(round + 1, numbers.refused());
      for (long value = 0; value < 4; value++) {
        assertEquals(value - 2, numbers.poll(77));
      }
      assertEquals(77, numbers.poll(77));
    }
  }

  @Test
  void capacity_isRoundedUp() {
    assertEquals(2, loop.mailbox("one", 1).capacity());
    assertEquals(2, loop.longMailbox("one", 1).capacity());
    assertEquals(8, loop.mailbox("five", 5).capacity());
    assertEquals(8, loop.longMailbox("five", 5).capacity());
    assertEquals(4, numbers.capacity());
  }

  @Test
  void take_offeredBefore() {
    mailbox.offer("a");
    loop.addTask(() -> events.add(mailbox.take()));
    loop.run();
    assertEquals(List.of("a"), events);
  }

  @Test
  void take_offeredWhileItWaits() {
    loop.addTask(this::takeAll);
    loop.callAt(10, () -> mailbox.offer("a"));
    loop.callAt(
        20,
        () -> {
          mailbox.offer("b");
          mailbox.offer("c");
        });
    loop.callAt(30, mailbox::close);
    loop.run();
    assertEquals(List.of("a", "b", "c", "take: mailbox orders is closed (expected: open)"), events);
    assertFalse(mailbox.offer("d"));
    assertEquals(1, mailbox.refused());
  }

  @Test
  void take_numbersOfferedWhileItWaits() {
    loop.addTask(this::takeAllNumbers);
    loop.callAt(10, () -> numbers.offer(Long.MIN_VALUE));
    loop.callAt(20, () -> numbers.offer(0));
    loop.callAt(
        30,
        () -> {
          numbers.offer(-1);
          numbers.close();
        });
    loop.run();
    assertEquals(
        List.of(Long.MIN_VALUE, 0L, -1L, "take: mailbox samples is closed (expected: open)"),
        events);
  }

  @Test
  void poll_leavesWhatHasWokenATask() {
    loop.addTask(() -> events.add(mailbox.take()));
    loop.step();
    mailbox.offer("a");
    mailbox.offer("b");
    loop.post(() -> assertNull(mailbox.poll()));
    loop.run();
    assertEquals(List.of("a"), events);
    assertEquals("b", mailbox.poll());
  }

  @Test
  void take_secondWaiterIsRefused() {
    loop.addTask("first", mailbox::take);
    loop.addTask("second", mailbox::take);
    IllegalStateException refusal = assertThrows(IllegalStateException.class, loop::step);
    assertEquals(
        "take: mailbox orders is awaited by task first (expected: one waiting task)",
        refusal.getMessage());
    mailbox.offer("a");
    loop.run();
    assertEquals(List.of(), loop.tasks());
  }

  @Test
  void close_withTheLoop() {
    loop.addTask(this::takeAll);
    loop.step();
    loop.close();
    assertTrue(mailbox.isClosed() && numbers.isClosed());
    assertFalse(mailbox.offer("a"));
    assertFalse(numbers.offer(1));
  }

  @Test
  void offer_andPollAllocateNothing() {
    assertEquals(
        0,
        InterruptTest.leastAllocated(() -> {
          mailbox.offer("a");
          numbers.offer(Long.MAX_VALUE);
          loop.step();
          mailbox.poll();
          numbers.poll(0);
        }));
  }

  @Test
  void run_waitsForAnotherThread() throws InterruptedException {
    int values = 10_000;
    try (Loop parking = new Loop()) {
      LongMailbox awaited = parking.longMailbox("awaited", 64);
      long[] sum = new long[1];
      parking.addTask(() -> {
        for (int i = 0; i < values; i++) {
          long value = awaited.take();
          assertEquals(i, value);
          sum[0] += value;
        }
      });
      Thread thread =
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < values; i++) {
                  while (!awaited.offer(i)) {
                    Thread.onSpinWait();
                  }
                }
              });
      parking.run();
      thread.join();
      assertEquals((long) values * (values - 1) / 2, sum[0]);
    }
  }
}
