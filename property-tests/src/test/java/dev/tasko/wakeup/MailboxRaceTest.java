package dev.tasko.wakeup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.Setting;
import dev.tasko.task.ClosedException;
import dev.tasko.task.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A value that a mailbox has accepted is taken, once and in order for each producer, whenever the
/// mailbox is closed; and the task never waits while one is there.
final class MailboxRaceTest {
  private static final int TWIN_SCHEDULES_MAX = 100;
  private static final long SOAK_VALUES = Setting.number("tasko.soak.wakeups", 2_000_000) / 10;

  @Test
  void take_oneProducerTwoValues() {
    exploreAll("1 producer x 2 values, 6 preemptions", parking(RealBox::new, 1, 2), 6);
  }

  @Test
  void take_oneProducerOneValue() {
    exploreAll("1 producer x 1 value", parking(RealBox::new, 1, 1), Explorer.EXHAUSTIVE);
  }

  @Test
  void take_twoProducers() {
    exploreAll("2 producers x 2 values, 3 preemptions", parking(RealBox::new, 2, 2), 3);
  }

  @Test
  void take_numbers() {
    exploreAll("2 producers x 2 numbers, 2 preemptions", parking(RealNumbers::new, 2, 2), 2);
  }

  @Test
  void take_tornOffers() {
    exploreAll(
        "2 producers x 2 values, torn offers, 3 preemptions",
        parking((scheduler, queue, threads) -> new TornBox(scheduler, queue, threads, false), 2, 2),
        3);
  }

  @Test
  void close_twoProducers() {
    exploreAll("close, 2 producers x 1 value, 4 preemptions", closing(RealBox::new, 2, 1), 4);
  }

  @Test
  void close_numbers() {
    exploreAll("close, 2 producers x 1 number, 2 preemptions", closing(RealNumbers::new, 2, 1), 2);
  }

  @Test
  void twin_announcesBeforeItPutsDown() {
    Explorer.Result result =
        Explorer.find(
            parking(
                (scheduler, queue, threads) -> new TornBox(scheduler, queue, threads, true), 1, 1),
            3);
    assertNotNull(result.violation(), () -> "not found in " + result.interleavings());
    System.out.printf(
        "mailbox explorer: twin 'announced first' found after %,d schedules: %s%n",
        result.interleavings(), result.violation());
    assertTrue(result.interleavings() <= TWIN_SCHEDULES_MAX, result::toString);
  }

  /// Real threads, a real loop that parks, both kinds at once.
  @Test
  @Timeout(300)
  void soak_losesNothing() throws InterruptedException {
    int producers = 2;
    try (Loop loop = new Loop(new LoopConfig().strict(false))) {
      Mailbox<Long> values = loop.mailbox("values", 64);
      LongMailbox numbers = loop.longMailbox("numbers", 64);
      Sums valuesTaken = new Sums(producers);
      Sums numbersTaken = new Sums(producers);
      loop.addTask(() -> valuesTaken.takeAll(values::take));
      loop.addTask(() -> numbersTaken.takeAll(numbers::take));
      int[] left = {producers};
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < producers; i++) {
        long producer = i;
        threads.add(
            Thread.ofPlatform()
                .start(() -> {
                  produce(producer, values, numbers);
                  loop.post(() -> {
                    left[0]--;
                    if (left[0] == 0) {
                      values.close();
                      numbers.close();
                    }
                  });
                }));
      }
      loop.run();
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(producers * SOAK_VALUES, valuesTaken.count);
      assertEquals(producers * SOAK_VALUES, numbersTaken.count);
      assertEquals(0, valuesTaken.reordered + numbersTaken.reordered);
      System.out.printf(
          "mailbox soak: %d producers, %,d values, 0 lost, %,d refusals, %,d sleeps%n",
          producers,
          2L * producers * SOAK_VALUES,
          values.refused() + numbers.refused(),
          loop.sleeps());
      assertTrue(loop.sleeps() > 100, "sleeps");
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // there may be more threads than processors
  private static void produce(long producer, Mailbox<Long> values, LongMailbox numbers) {
    for (long i = 1; i <= SOAK_VALUES; i++) {
      long value = producer << 40 | i;
      while (!values.offer(value)) {
        Thread.yield();
      }
      while (!numbers.offer(value)) {
        Thread.yield();
      }
      if (i % 512 == 0) {
        LockSupport.parkNanos(1);
      }
    }
  }

  /// What was taken, each producer's in order.
  private static final class Sums {
    private final long[] last;
    private long count;
    private long reordered;

    Sums(int producers) {
      last = new long[producers];
    }

    void takeAll(java.util.function.LongSupplier take) {
      try {
        while (true) {
          long value = take.getAsLong();
          int producer = (int) (value >>> 40);
          long number = value & (1L << 40) - 1;
          if (number != last[producer] + 1) {
            reordered++;
          }
          last[producer] = number;
          count++;
        }
      } catch (ClosedException e) {
        // All producers have ended.
      }
    }
  }

  private static Explorer.Program parking(BoxMaker boxes, int producers, int valuesEach) {
    return threads -> new MailboxRun(threads, boxes, producers, valuesEach, false);
  }

  private static Explorer.Program closing(BoxMaker boxes, int producers, int valuesEach) {
    return threads -> new MailboxRun(threads, boxes, producers, valuesEach, true);
  }

  private static void exploreAll(String name, Explorer.Program program, int preemptionsMax) {
    long startNs = System.nanoTime();
    Explorer.Result result = Explorer.explore(program, preemptionsMax);
    assertNull(result.violation(), result::toString);
    System.out.printf(
        "mailbox explorer: %,d interleavings, 0 lost (%s; %.1f s)%n",
        result.interleavings(), name, (System.nanoTime() - startNs) * 1e-9);
  }

  /// Producers offer, a task takes again and again; in its first turn of waiting the loop may close
  /// the mailbox.
  private static final class MailboxRun implements Explorer.Outcome {
    private final ExploredQueue queue;
    private final Box box;
    private final Explorer.SimulatedThread loop;
    private final boolean closes;
    private final List<List<Integer>> accepted = new ArrayList<>();
    private final List<List<Integer>> taken = new ArrayList<>();

    MailboxRun(Explorer threads, BoxMaker boxes, int producers, int valuesEach, boolean closes) {
      this.closes = closes;
      queue = new ExploredQueue(threads);
      StubScheduler scheduler = new StubScheduler();
      scheduler.turn(this::turn);
      box = boxes.make(scheduler, queue, threads);
      loop = threads.thread("loop", this::task);
      queue.loop(loop);
      for (int i = 0; i < producers; i++) {
        int producer = i;
        accepted.add(new ArrayList<>());
        taken.add(new ArrayList<>());
        threads.thread("p" + i, () -> produce(producer, valuesEach));
      }
    }

    private void produce(int producer, int count) {
      for (int i = 0; i < count; i++) {
        if (box.offer(10 * producer + i)) {
          accepted.get(producer).add(10 * producer + i);
        }
      }
    }

    private void task() {
      try {
        while (true) {
          int value = box.take();
          taken.get(value / 10).add(value);
        }
      } catch (ClosedException e) {
        // Everything was taken.
      }
    }

    private void turn() {
      queue.point();
      if (closes && !box.isClosed()) {
        box.close();
        return;
      }
      if (queue.isEmpty()) {
        queue.park(Long.MAX_VALUE);
      }
      queue.drain();
    }

    @Override
    public @Nullable String violation() {
      if (!closes && (!loop.isParked() || !queue.isEmpty())) {
        return "the loop sleeps while a source is pending";
      }
      return accepted.equals(taken) ? null : "accepted " + accepted + ", taken " + taken;
    }
  }

  @FunctionalInterface
  private interface BoxMaker {
    Box make(Scheduler scheduler, ExploredQueue queue, Explorer threads);
  }

  /// What a task and its producers need.
  private interface Box {
    boolean offer(int value);

    int take();

    boolean isClosed();

    void close();
  }

  private record RealBox(Mailbox<Integer> mailbox) implements Box {
    RealBox(Scheduler scheduler, ExploredQueue queue, Explorer threads) {
      this(new Mailbox<>(scheduler, queue, "box", 8));
    }

    @Override
    public boolean offer(int value) {
      return mailbox.offer(value);
    }

    @Override
    public int take() {
      return mailbox.take();
    }

    @Override
    public boolean isClosed() {
      return mailbox.isClosed();
    }

    @Override
    public void close() {
      mailbox.close();
    }
  }

  private record RealNumbers(LongMailbox mailbox) implements Box {
    RealNumbers(Scheduler scheduler, ExploredQueue queue, Explorer threads) {
      this(new LongMailbox(scheduler, queue, "box", 8));
    }

    @Override
    public boolean offer(int value) {
      return mailbox.offer(value);
    }

    @Override
    public int take() {
      return (int) mailbox.take();
    }

    @Override
    public boolean isClosed() {
      return mailbox.isClosed();
    }

    @Override
    public void close() {
      mailbox.close();
    }
  }

  /// The real protocol over a queue whose offer can be interrupted between claiming a place and
  /// filling it; or a twin that announces a value before it is there.
  private static final class TornBox extends AwaitedInbox implements Box {
    private final Explorer threads;
    private final boolean announcesFirst;
    private final @Nullable Integer[] places = new @Nullable Integer[16];
    private int claimed;
    private int read;
    private @Nullable Integer next;

    TornBox(Scheduler scheduler, ExploredQueue queue, Explorer threads, boolean announcesFirst) {
      super(scheduler, queue, "torn");
      this.threads = threads;
      this.announcesFirst = announcesFirst;
    }

    @Override
    public boolean offer(int value) {
      boolean open = enter();
      if (open && announcesFirst) {
        announce();
      }
      if (open) {
        int place = claimed++;
        threads.point();
        places[place] = value;
      }
      if (announcesFirst) {
        leave();
        return open;
      }
      return offered(open);
    }

    @Override
    public int take() {
      await();
      int value = Objects.requireNonNull(next);
      next = null;
      return value;
    }

    @Override
    boolean fetch() {
      if (next == null && places[read] != null) {
        next = places[read];
        read++;
      }
      return next != null;
    }

    @Override
    public int capacity() {
      return places.length;
    }
  }
}
