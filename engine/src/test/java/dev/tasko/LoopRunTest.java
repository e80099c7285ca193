package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.task.CoroutineEngine;
import dev.tasko.wakeup.Interrupt;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// How a run begins, waits and ends, and what a user's own code may throw in between.
@ParameterizedClass
@EnumSource(CoroutineEngine.class)
class LoopRunTest {
  private final CoroutineEngine engine;
  private final TracedLoop t;
  private final Loop loop;

  LoopRunTest(CoroutineEngine engine) {
    this.engine = engine;
    t = new TracedLoop(engine);
    loop = t.loop;
  }

  @AfterEach
  void close() {
    t.close();
  }

  // Names.

  @Test
  void name_isKeptByEachWayOfAddingATask() {
    List<Task> named =
        List.of(
            loop.addTask("a", () -> {}),
            loop.schedule("b", 1, () -> {}),
            loop.schedule("c", Release.perSecond(1), () -> {}),
            loop.scheduleLater("d", 1, () -> {}),
            loop.scheduleCallback("e", 1, () -> {}),
            loop.scheduleCallback("f", Release.perSecond(1), () -> {}),
            loop.runLater("g", 1, () -> {}),
            loop.runLater("h", Duration.ofSeconds(1), () -> {}),
            loop.callAt("i", 1, () -> {}));
    assertEquals(
        List.of("a", "b", "c", "d", "e", "f", "g", "h", "i"),
        named.stream().map(Task::name).toList());
  }

  // Stop.

  @Test
  void stop_endsTheRunAfterThePresentStep() {
    loop.addTask(() -> {
      loop.stop();
      t.log("a");
      loop.yieldNow();
      t.log("a again");
    });
    loop.addTask(() -> t.log("b"));
    loop.run();
    t.assertTrace("0 a", "0 b");
    loop.run();
    t.assertTrace("0 a again");
  }

  @Test
  void stop_beforeTheRunEndsItBeforeItsFirstStep() {
    loop.addTask(() -> t.log("a"));
    loop.stop();
    loop.stop();
    loop.runForever();
    t.assertTrace();
    loop.run();
    t.assertTrace("0 a");
  }

  // Waiting in real time.

  @Test
  void run_withAnAwaitedInterruptParksUntilItIsFired() throws InterruptedException {
    AtomicLong count = new AtomicLong();
    AtomicReference<Interrupt> interrupt = new AtomicReference<>();
    CountDownLatch made = new CountDownLatch(1);
    Thread runner =
        runner(real -> {
          interrupt.set(real.interrupt("edge"));
          real.addTask(() -> count.set(interrupt.get().await()));
          made.countDown();
          real.run();
        });
    made.await();
    awaitParked(runner);
    assertEquals(0, count.get());
    interrupt.get().fire();
    runner.join();
    assertEquals(1, count.get());
  }

  /// A permit that somebody left behind ends a park at once.
  @Test
  void timerWakeups_areThoseByTime() {
    try (Loop real = new Loop(new LoopConfig().engine(engine))) {
      real.callAt(real.nowNs(), () -> LockSupport.unpark(Thread.currentThread()));
      real.callAt(real.nowNs() + 20_000_000, () -> {});
      real.run();
      assertTrue(real.sleeps() >= 2, "sleeps " + real.sleeps());
      assertEquals(1, real.timerWakeups());
    }
  }

  /// The clock goes on by itself, an hour in 3600 readings: a parked loop would never come back.
  @Test
  void spinTail_isSpunAndNotParked() {
    AtomicLong clock = new AtomicLong();
    LoopConfig config =
        new LoopConfig()
            .engine(engine)
            .clock(() -> clock.addAndGet(1_000_000_000))
            .spinTail(Duration.ofHours(2));
    try (Loop spinning = new Loop(config)) {
      Task task = spinning.addTask(() -> spinning.sleep(3600));
      spinning.run();
      assertTrue(task.isDone());
      assertEquals(1, spinning.timerWakeups());
      assertTrue(clock.get() < 3700_000_000_000L, "woken at " + clock.get());
    }
  }

  /// The clock stands still, so that only the wakeup ends the spinning.
  @Test
  void spinTail_isEndedByAWakeup() throws InterruptedException {
    LoopConfig config =
        new LoopConfig().engine(engine).clock(() -> 0).spinTail(Duration.ofHours(2));
    try (Loop spinning = new Loop(config)) {
      spinning.runLater(3600, () -> t.log("never"));
      CountDownLatch spins = new CountDownLatch(1);
      spinning.addTask(spins::countDown);
      Thread stopper =
          new Thread(() -> {
            try {
              spins.await();
            } catch (InterruptedException e) {
              t.log("interrupted");
            }
            spinning.stop();
          });
      stopper.start();
      spinning.run();
      stopper.join();
      t.assertTrace();
    }
  }

  @Test
  void runForever_withNothingToDoParksAndServesPosts() throws InterruptedException {
    AtomicReference<Loop> slot = new AtomicReference<>();
    AtomicBoolean ran = new AtomicBoolean();
    CountDownLatch made = new CountDownLatch(1);
    Thread runner =
        runner(real -> {
          slot.set(real);
          made.countDown();
          real.runForever();
        });
    made.await();
    awaitParked(runner);
    assertTrue(slot.get().post(() -> ran.set(true)));
    while (!ran.get()) {
      Thread.onSpinWait();
    }
    awaitParked(runner);
    slot.get().stop();
    runner.join();
  }

  @Test
  void runForever_interruptOfTheThreadEndsIt() throws InterruptedException {
    AtomicBoolean interrupted = new AtomicBoolean();
    Thread runner =
        runner(real -> {
          real.runForever();
          interrupted.set(Thread.interrupted());
        });
    awaitParked(runner);
    runner.interrupt();
    runner.join();
    assertTrue(interrupted.get());
  }

  private Thread runner(Consumer<Loop> run) {
    Thread runner =
        new Thread(() -> {
          try (Loop real = new Loop(new LoopConfig().engine(engine))) {
            run.accept(real);
          }
        });
    runner.start();
    return runner;
  }

  private static void awaitParked(Thread thread) {
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
  }

  // What users' own code throws.

  @Test
  void post_throwsAndTheRestIsServedInTheNextStep() {
    IllegalArgumentException seeded = new IllegalArgumentException("seeded");
    loop.post(() -> {
      throw seeded;
    });
    loop.post(() -> t.log("post"));
    loop.addTask(() -> t.log("task"));
    assertSame(seeded, assertThrows(IllegalArgumentException.class, loop::run));
    t.assertTrace();
    loop.run();
    t.assertTrace("0 post", "0 task");
  }

  @Test
  void onStranded_throwsAndTheLoopLives() {
    VirtualTime time = new VirtualTime(0);
    LoopConfig config = new LoopConfig().engine(engine).virtualTime(time);
    config.onStranded(tasks -> {
      throw new IllegalArgumentException(tasks.toString());
    });
    try (Loop strict = new Loop(config)) {
      AtomicReference<Suspension> slot = new AtomicReference<>();
      Task waits =
          strict.addTask(
              "waits",
              () -> {
                Suspension suspension = strict.suspend();
                slot.set(suspension);
                suspension.await();
              });
      IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class, strict::run);
      assertEquals("[waits]", thrown.getMessage());
      slot.get().resume();
      strict.run();
      assertTrue(waits.isDone());
    }
  }

  @Test
  void sleeper_throwsAndTheLoopLives() {
    VirtualTime time = new VirtualTime(0);
    AtomicBoolean broken = new AtomicBoolean(true);
    LoopConfig config =
        new LoopConfig()
            .engine(engine)
            .clock(time)
            .sleeper(deadlineNs -> {
              if (broken.getAndSet(false)) {
                throw new UnsupportedOperationException("seeded");
              }
              time.sleepUntil(deadlineNs);
            });
    try (Loop odd = new Loop(config)) {
      odd.addTask(() -> {
        odd.sleepNs(10);
        t.log("slept");
      });
      assertThrows(UnsupportedOperationException.class, odd::run);
      odd.run();
    }
    t.assertTrace("0 slept");
    assertEquals(10, time.nanoTime());
  }

  @Test
  void idleStrategy_replacesSleepAndMayThrow() {
    VirtualTime time = new VirtualTime(0);
    StringBuilder idled = new StringBuilder();
    IdleStrategy strategy =
        new IdleStrategy() {
          @Override
          public void idle(int workCount) {
            idled.append(workCount).append(' ');
            time.advance(1);
            if (time.nanoTime() == 3) {
              throw new UnsupportedOperationException("seeded");
            }
          }

          @Override
          public void idle() {}

          @Override
          public void reset() {}
        };
    LoopConfig config = new LoopConfig().engine(engine).clock(time).idleStrategy(strategy);
    try (Loop busy = new Loop(config)) {
      busy.runLater(Duration.ofNanos(5), () -> t.log("ran at " + time.nanoTime()));
      assertThrows(UnsupportedOperationException.class, busy::run);
      busy.run();
      assertEquals("1 0 0 0 0 1 ", idled.toString());
      assertEquals(0, busy.sleeps());
    }
    t.assertTrace("0 ran at 5");
  }

  @Test
  void strictPass_exceptionKeepsTheOthers() {
    try (TracedLoop strict = new TracedLoop(engine, new LoopConfig().compat(Compat.STRICT))) {
      for (int i = 0; i < 3; i++) {
        int number = i;
        strict.loop.runLater(
            Duration.ofNanos(5),
            () -> {
              strict.log("task " + number);
              if (number == 1) {
                throw new IllegalArgumentException("seeded");
              }
            });
      }
      assertThrows(IllegalArgumentException.class, strict.loop::run);
      strict.assertTrace("5 task 0", "5 task 1");
      strict.loop.run();
      strict.assertTrace("5 task 2");
    }
  }

  @Test
  void callback_throwsOnceAndIsStopped() {
    ScheduledTask task =
        loop.scheduleCallback(
            1000,
            () -> {
              throw new IllegalArgumentException("seeded");
            });
    assertThrows(IllegalArgumentException.class, loop::run);
    assertEquals(Task.State.STOPPED, task.state());
    loop.run();
    assertEquals(1, task.activations());
  }

  // Closing.

  @Test
  void close_runsAcceptedPostsAndDropsWhatHasNotStarted() {
    loop.post(() -> t.log("post"));
    loop.addTask(() -> t.log("task"));
    loop.callAt(5, () -> t.log("callback"));
    loop.close();
    t.assertTrace("0 post");
    assertFalse(loop.post(() -> t.log("late")));
  }

  @Test
  void close_postsThatThrowDoNotKeepTheOthers() {
    loop.post(() -> {
      throw new IllegalArgumentException("1");
    });
    loop.post(() -> t.log("2"));
    loop.post(() -> {
      throw new IllegalArgumentException("3");
    });
    IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class, loop::close);
    assertEquals("1", thrown.getMessage());
    assertEquals("3", thrown.getSuppressed()[0].getMessage());
    t.assertTrace("0 2");
  }

  // Agrona's agent.

  @Test
  void agent_dutyCycleDoesNotSleepAndCloseCloses() {
    t.logIdle();
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    AgentInvoker invoker = new AgentInvoker(failure::set, null, loop);
    invoker.start();
    loop.addTask(() -> {
      t.log("a");
      loop.sleepNs(10);
      t.log("b");
    });
    assertEquals(1, invoker.invoke());
    assertEquals(0, invoker.invoke());
    t.time.advance(10);
    assertEquals(1, invoker.invoke());
    invoker.close();
    assertThrows(IllegalStateException.class, loop::step);
    t.assertTrace("0 a", "10 b");
    assertEquals("tasko", loop.roleName());
  }
}
