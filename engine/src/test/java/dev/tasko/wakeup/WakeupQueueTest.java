package dev.tasko.wakeup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class WakeupQueueTest {
  private final WakeupQueue queue = new WakeupQueue(2);
  private final List<String> woken = new ArrayList<>();

  @Test
  void drain_inTheOrderOfSignals() {
    queue.signal(source("a"));
    queue.signal(source("b"));
    assertFalse(queue.isEmpty());
    assertEquals(2, queue.drain());
    assertEquals(List.of("a", "b"), woken);
    assertTrue(queue.isEmpty());
    assertEquals(0, queue.drain());
  }

  /// Such a source comes in the next turn, so a turn ends.
  @Test
  void drain_sourceThatSignalsAgain() {
    queue.signal(
        new WakeupSource() {
          @Override
          protected void onWakeup() {
            woken.add("again");
            queue.signal(this);
          }
        });
    assertEquals(1, queue.drain());
    assertEquals(1, queue.drain());
    assertEquals(List.of("again", "again"), woken);
  }

  @Test
  void signal_whenFull() {
    queue.signal(source("a"));
    queue.signal(source("b"));
    IllegalStateException refusal =
        assertThrows(IllegalStateException.class, () -> queue.signal(source("c")));
    assertEquals(
        "bug: wakeup queue: full with 2 sources (expected: room for each)", refusal.getMessage());
  }

  /// Parks for ever if the source is not seen.
  @Test
  void park_withASourcePending() {
    queue.signal(source("a"));
    queue.park(Long.MAX_VALUE);
    assertEquals(1, queue.drain());
  }

  @Test
  void park_noTimeLeft() {
    queue.park(0);
    queue.park(-1);
    assertTrue(queue.isEmpty());
  }

  /// It may have been preempted by this very thread.
  @Test
  void close_leavesTheProcessorToWhoPutsSomethingDown() throws InterruptedException {
    PostInbox inbox = new PostInbox(2, queue);
    assertTrue(inbox.enter());
    Thread closer = new Thread(inbox::close);
    closer.start();
    while (closer.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    inbox.leave();
    closer.join();
    assertTrue(inbox.isClosed());
  }

  @Test
  void offer_whenFullOrClosed() {
    PostInbox inbox = new PostInbox(2, queue);
    assertTrue(inbox.offer(() -> woken.add("1")));
    assertTrue(inbox.offer(() -> woken.add("2")));
    assertFalse(inbox.offer(() -> woken.add("3")));
    assertEquals(2, inbox.size());
    inbox.close();
    assertFalse(inbox.offer(() -> woken.add("4")));
    for (Runnable post = inbox.poll(); post != null; post = inbox.poll()) {
      post.run();
    }
    assertEquals(List.of("1", "2"), woken);
    assertTrue(inbox.isEmpty());
    assertEquals(1, queue.drain());
  }

  private WakeupSource source(String name) {
    return new WakeupSource() {
      @Override
      protected void onWakeup() {
        woken.add(name);
      }
    };
  }
}
