package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.task.CoroutineEngine;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Blocking calls beside the loop.
@ParameterizedClass
@EnumSource(CoroutineEngine.class)
@Timeout(60)
class OffloadTest {
  private static final int THREADS = 2;

  private final CoroutineEngine engine;
  private final TracedLoop t;
  private final Loop loop;
  private final CountDownLatch never = new CountDownLatch(1);

  OffloadTest(CoroutineEngine engine) {
    this.engine = engine;
    t =
        new TracedLoop(
            engine, new LoopConfig().taskCapacity(16).offloadThreads(THREADS).strict(true));
    loop = t.loop;
  }

  @AfterEach
  void close() {
    t.close();
  }

  @Test
  void offload_runsElsewhereAndReturnsTheValue() {
    loop.addTask(() -> {
      Thread thread = loop.offload(Thread::currentThread);
      assertTrue(thread.getName().startsWith("tasko-offload-"), thread::getName);
      assertTrue(thread.isDaemon());
      assertNull(loop.<@Nullable Object>offload(() -> null));
      t.log("done");
    });
    loop.run();
    t.assertTrace("0 done");
  }

  @Test
  void offload_failureStaysWhatItIs() {
    IOException checked = new IOException("gone");
    StackOverflowError error = new StackOverflowError();
    loop.addTask(() -> {
      assertSame(checked, assertThrows(IOException.class, () -> loop.offload(failing(checked))));
      assertSame(error, assertThrows(StackOverflowError.class, () -> loop.offload(failing(error))));
      t.log("goes on");
    });
    loop.run();
    t.assertTrace("0 goes on");
  }

  private static java.util.concurrent.Callable<String> failing(Throwable thrown) {
    return () -> {
      if (thrown instanceof Exception checked) {
        throw checked;
      }
      throw (Error) thrown;
    };
  }

  /// The timer is due while the call goes on, and fires when it has ended.
  @Test
  void offload_virtualTimeStandsStill() {
    CountDownLatch other = new CountDownLatch(1);
    loop.runLater(Duration.ofSeconds(5), () -> t.log("timer"));
    loop.addTask(() -> {
      loop.offload(() -> {
        other.await();
        return 1;
      });
      t.log("called");
    });
    loop.addTask(() -> {
      loop.yieldNow();
      other.countDown();
    });
    loop.run();
    t.assertTrace("0 called", "5000000000 timer");
  }

  /// More calls than threads: each runs, no more than there are threads at a time.
  @Test
  void offload_boundedNumberOfThreads() {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<ResultTask<Thread>> tasks = new ArrayList<>();
    for (int i = 0; i < 3 * THREADS; i++) {
      tasks.add(
          loop.call(() ->
              loop.offload(() -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                running.decrementAndGet();
                return Thread.currentThread();
              })));
    }
    loop.run();
    assertEquals(
        THREADS, tasks.stream().map(task -> task.future().join()).distinct().count(), "threads");
    assertTrue(most.get() <= THREADS, () -> "at a time: " + most);
  }

  @Test
  void cancel_interruptsTheCallAndLeavesAtOnce() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    Task task = loop.addTask(() -> loop.offload(() -> blockUntilInterrupted(begun, interrupted)));
    Thread canceller = postWhen(begun, task::cancel);
    loop.run();
    canceller.join();
    interrupted.await();
    assertTrue(task.isCancelled() && task.isDone());
  }

  private int blockUntilInterrupted(CountDownLatch begun, CountDownLatch interrupted) {
    begun.countDown();
    try {
      never.await();
    } catch (InterruptedException e) {
      interrupted.countDown();
    }
    return 1;
  }

  private Thread postWhen(CountDownLatch latch, Runnable work) {
    return Thread.ofPlatform()
        .start(() -> {
          try {
            latch.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          loop.post(work);
        });
  }

  /// Time passes while the call goes on, as the loop's clock says.
  @Test
  void limit_interruptsTheCall() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    try (Loop real = new Loop(new LoopConfig().engine(engine))) {
      Task task =
          real.addTask(() -> {
            try {
              real.timeout(
                  Duration.ofMillis(1),
                  () ->
                      real.offload(
                          () -> blockUntilInterrupted(new CountDownLatch(1), interrupted)));
            } catch (dev.tasko.task.TaskTimeoutException e) {
              t.log("over its limit");
            }
          });
      real.run();
      assertTrue(task.isDone());
    }
    t.assertTrace("0 over its limit");
  }

  /// A call that has not begun when its task is cancelled never does.
  @Test
  void cancel_takesTheCallOutOfTheQueue() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(THREADS);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicReference<@Nullable String> ran = new AtomicReference<>();
    for (int i = 0; i < THREADS; i++) {
      loop.addTask(() ->
          loop.offload(() -> {
            begun.countDown();
            goOn.await();
            return 1;
          }));
    }
    Task queued =
        loop.addTask(() ->
            loop.offload(() -> {
              ran.set("ran");
              return 1;
            }));
    Thread canceller =
        postWhen(
            begun,
            () -> {
              queued.cancel();
              loop.addTask(goOn::countDown);
            });
    loop.run();
    canceller.join();
    assertNull(ran.get());
  }

  /// Nothing is begun for a task that may not wait.
  @Test
  void offload_cancelledTaskBeginsNothing() {
    AtomicReference<@Nullable String> ran = new AtomicReference<>();
    Task task =
        loop.addTask(() -> {
          try {
            loop.sleepNs(10);
          } finally {
            loop.offload(() -> {
              ran.set("ran");
              return 1;
            });
          }
        });
    loop.callAt(5, task::cancel);
    loop.run();
    assertTrue(task.isDone());
    assertNull(ran.get());
  }

  @Test
  void close_endsTheThreads() throws InterruptedException {
    AtomicReference<@Nullable Thread> idle = new AtomicReference<>();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    loop.addTask(() -> {
      idle.set(loop.offload(Thread::currentThread));
      loop.offload(() -> blockUntilInterrupted(begun, interrupted));
    });
    Thread stopper = postWhen(begun, loop::stop);
    loop.run();
    stopper.join();
    loop.close();
    interrupted.await();
    Thread thread = java.util.Objects.requireNonNull(idle.get());
    thread.join(Duration.ofSeconds(20));
    assertFalse(thread.isAlive());
  }

  @Test
  void close_namesACallThatGoesOn() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicReference<@Nullable Thread> stubborn = new AtomicReference<>();
    loop.addTask(() ->
        loop.offload(() -> {
          stubborn.set(Thread.currentThread());
          begun.countDown();
          awaitWhateverHappens();
          return 1;
        }));
    Thread stopper = postWhen(begun, loop::stop);
    loop.run();
    stopper.join();
    List<String> said = LogCollector.during(loop::close);
    assertEquals(
        List.of(
            "close: the call on {0} goes on although it was interrupted; it is left to itself"
                + " [tasko-offload-0]"),
        said);
    never.countDown();
    java.util.Objects.requireNonNull(stubborn.get()).join();
  }

  private void awaitWhateverHappens() {
    while (never.getCount() > 0) {
      try {
        never.await();
      } catch (InterruptedException e) {
        // It ignores that.
      }
    }
  }
}
