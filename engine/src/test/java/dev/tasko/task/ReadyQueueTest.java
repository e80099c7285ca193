package dev.tasko.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReadyQueueTest {
  private static final int CAPACITY = 8;
  private static final long SEED = Long.getLong("tasko.seed", 20_261_122L);

  @Test
  void queue_isAListWithTwoEnds() {
    Random random = new Random(SEED);
    ReadyQueue queue = new ReadyQueue(CAPACITY);
    List<Integer> model = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      int task = random.nextInt(CAPACITY);
      switch (random.nextInt(3)) {
        case 0 -> {
          if (!model.contains(task)) {
            model.add(task);
            queue.add(task);
          }
        }
        case 1 -> assertEquals(model.isEmpty() ? -1 : model.removeFirst(), queue.take());
        default -> {
          assertEquals(model.indexOf(task), queue.remove(task), () -> "seed " + SEED);
          model.removeIf(other -> other == task);
        }
      }
      assertEquals(model.size(), queue.size());
    }
  }

  @Test
  void add_tooMany() {
    ReadyQueue queue = new ReadyQueue(1);
    assertTrue(queue.isEmpty());
    queue.add(0);
    IllegalStateException bug = assertThrows(IllegalStateException.class, () -> queue.add(0));
    assertEquals("bug: ready queue: 1 tasks (expected: room)", bug.getMessage());
  }
}
