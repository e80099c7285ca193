package dev.tasko.wakeup;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Producers fire and post in bursts of random length at a real loop; a task for each awaits its
/// interrupt. After a burst a producer waits until the loop has done all of it, so that the next
/// one meets the loop as it goes to sleep, or parks for a moment, so that it meets it asleep. A
/// wakeup that is lost leaves both waiting for each other and counts as a stall.
final class Soak {
  private static final int BURST_MAX = 128;
  private static final int POST_CAPACITY = 1024;

  /// What a soak found.
  ///
  /// @param lost firings and posts made but not counted
  /// @param reordered posts that did not run right after their predecessor
  /// @param stalls bursts that the loop did not do in time
  record Figures(
      int producers,
      long wakeups,
      long posts,
      long lost,
      long reordered,
      long stalls,
      long sleeps,
      double seconds) {
    @Override
    public String toString() {
      return "%d producers, %,d wakeups (%,d posts), %,d lost, %,d reordered, %,d stalls, %,d sleeps, %.1f s"
          .formatted(producers, wakeups, posts, lost, reordered, stalls, sleeps, seconds);
    }
  }

  private final Loop loop = new Loop(new LoopConfig().postCapacity(POST_CAPACITY).strict(false));
  private final Producer[] producers;
  private final long dropOneIn;
  private final long stallNs;
  private int running;

  private Soak(int producerCount, long wakeups, long dropOneIn, long stallNs) {
    this.dropOneIn = dropOneIn;
    this.stallNs = stallNs;
    producers = new Producer[producerCount];
    running = producerCount;
    for (int i = 0; i < producerCount; i++) {
      producers[i] = new Producer(loop.interrupt("edge" + i), i + 1, wakeups / producerCount);
    }
  }

  /// Runs one.
  ///
  /// @param wakeups of all producers together
  /// @param dropOneIn how many firings, and posts, there are to one that is counted but not made
  /// @param stallNs how long a producer waits for the loop
  static Figures run(int producerCount, long wakeups, long dropOneIn, long stallNs)
      throws InterruptedException {
    Soak soak = new Soak(producerCount, wakeups, dropOneIn, stallNs);
    long startNs = System.nanoTime();
    try (Loop loop = soak.loop) {
      for (Producer producer : soak.producers) {
        loop.addTask(producer::count);
        producer.thread.start();
      }
      loop.runForever();
      for (Producer producer : soak.producers) {
        producer.thread.join();
      }
    }
    return soak.figures((System.nanoTime() - startNs) * 1e-9);
  }

  private Figures figures(double seconds) {
    long wakeups = 0;
    long posts = 0;
    long lost = 0;
    long reordered = 0;
    long stalls = 0;
    for (Producer producer : producers) {
      wakeups += producer.fired + producer.posted;
      posts += producer.posted;
      lost += producer.fired - producer.counted.get() + producer.posted - producer.ran.get();
      reordered += producer.reordered;
      stalls += producer.stalls;
    }
    return new Figures(
        producers.length, wakeups, posts, lost, reordered, stalls, loop.sleeps(), seconds);
  }

  /// Runs on the loop after everything else that the producer has sent.
  private void onProducerDone() {
    running--;
    if (running == 0) {
      loop.runLater(Duration.ofMillis(1), loop::stop);
    }
  }

  private final class Producer {
    private final Interrupt interrupt;
    private final long wakeups;
    private final Thread thread = Thread.ofPlatform().unstarted(this::produce);
    private final AtomicLong counted = new AtomicLong();
    private final AtomicLong ran = new AtomicLong();
    private long random;

    // By the producer.
    private long fired;
    private long posted;
    private long stalls;

    // By the loop.
    private long reordered;
    private long lastPost;

    Producer(Interrupt interrupt, long seed, long wakeups) {
      this.interrupt = interrupt;
      this.wakeups = wakeups;
      random = seed * 0x9E3779B97F4A7C15L;
    }

    // The loop's side.

    void count() {
      while (true) {
        counted.setRelease(counted.getPlain() + interrupt.await());
      }
    }

    private void onPost(long number) {
      ran.setRelease(ran.getPlain() + 1);
      if (number != lastPost + 1) {
        reordered++;
      }
      lastPost = number;
    }

    // The producer's side.

    private void produce() {
      while (fired + posted < wakeups) {
        for (long left = nextRandom() % BURST_MAX; left >= 0; left--) {
          if (nextRandom() % 4 == 0) {
            post();
          } else {
            fire();
          }
        }
        waitAWhile();
      }
      postSurely(Soak.this::onProducerDone);
    }

    private void fire() {
      fired++;
      if (fired % dropOneIn != 0) {
        interrupt.fire();
      }
    }

    private void post() {
      posted++;
      long number = posted;
      if (posted % dropOneIn != 0) {
        postSurely(() -> onPost(number));
      }
    }

    private void postSurely(Runnable work) {
      while (!loop.post(work)) {
        giveWay();
      }
    }

    private void waitAWhile() {
      long choice = nextRandom() % 4;
      if (choice == 0) {
        LockSupport.parkNanos(1);
      } else {
        waitUntilDone();
        for (long spins = nextRandom() % 512; spins > 0; spins--) {
          Thread.onSpinWait();
        }
      }
    }

    private void waitUntilDone() {
      long startNs = System.nanoTime();
      while (counted.getAcquire() < fired || ran.getAcquire() < posted) {
        if (System.nanoTime() - startNs > stallNs) {
          stalls++;
          return;
        }
        giveWay();
      }
    }

    /// There may be more threads than processors.
    @SuppressWarnings("ThreadPriorityCheck")
    private static void giveWay() {
      Thread.yield();
    }

    private long nextRandom() {
      random ^= random << 13;
      random ^= random >>> 7;
      random ^= random << 17;
      return random >>> 1;
    }
  }
}
