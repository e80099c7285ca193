package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.resource.Handle;
import dev.tasko.resource.Lease;
import dev.tasko.resource.ManagedResource;
import dev.tasko.resource.Semaphore;
import dev.tasko.task.Body;
import dev.tasko.task.CoroutineEngine;
import dev.tasko.task.TaskCancelledException;
import dev.tasko.task.TaskTimeoutException;
import dev.tasko.wakeup.Interrupt;
import dev.tasko.wakeup.Mailbox;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What may happen while a task ends, and to those who hear of it.
@ParameterizedClass
@EnumSource(CoroutineEngine.class)
class TaskEndTest {
  private final TracedLoop t;
  private final Loop loop;

  TaskEndTest(CoroutineEngine engine) {
    t = new TracedLoop(engine, new LoopConfig().strict(true).taskCapacity(8));
    loop = t.loop;
  }

  @AfterEach
  void close() {
    t.close();
  }

  private void logRefusal(Body operation) {
    String message = assertThrows(IllegalStateException.class, operation::run).getMessage();
    t.log(String.valueOf(message));
  }

  private static Body failing(String message) {
    return () -> {
      throw new IOException(message);
    };
  }

  // Who is told of an end is outside the task.

  @Test
  void future_whatDependsOnItIsOutsideTheTask() {
    TaskLocal<String> local = new TaskLocal<>(loop);
    ManagedResource<String, String> bus = new ManagedResource<>(loop, "bus", _ -> {}, _ -> {});
    Handle<String, String> handle = bus.handle("h");
    ResultTask<String> task = loop.call(() -> "value");
    var _ =
        task.future()
            .thenAccept(_ -> {
              assertThrows(IllegalStateException.class, () -> local.set("secret"));
              logRefusal(handle::acquire);
              logRefusal(() -> loop.sleepNs(5));
            });
    loop.run();
    String outside = ": called outside a task (expected: in a body that this loop runs)";
    t.assertTrace("0 acquire" + outside, "0 sleep" + outside);
    assertFalse(bus.isOwned());
    loop.addTask(() -> {
      loop.sleepNs(100);
      t.log(String.valueOf(local.get()));
    });
    loop.run();
    t.assertTrace("100 null");
  }

  @Test
  void errorPolicy_cannotWait() {
    loop.addTask("bad", failing("disk"))
        .errorPolicy((_, _, _) -> {
          logRefusal(() -> loop.sleepNs(5));
          return ErrorPolicy.Reaction.DISABLE;
        });
    loop.addTask(() -> {
      loop.sleepNs(100);
      t.log("slept");
    });
    loop.run();
    t.assertTrace(
        "0 sleep: called outside a task (expected: in a body that this loop runs)", "100 slept");
  }

  // Groups.

  @Test
  void group_failureIsAnotherObjectAtEachSuspensionPoint() {
    List<Throwable> thrown = new ArrayList<>();
    loop.addTask(() -> {
      try (TaskGroup group = loop.group()) {
        group.fork(failing("disk"));
        for (int i = 0; i < 3; i++) {
          thrown.add(assertThrows(TaskFailedException.class, () -> loop.sleepNs(100)));
        }
      }
    });
    loop.run();
    assertNotSame(thrown.get(0), thrown.get(1));
    assertNotSame(thrown.get(1), thrown.get(2));
    assertEquals(thrown.get(0).getMessage(), thrown.get(2).getMessage());
    assertSame(thrown.get(0).getCause(), thrown.get(2).getCause());
  }

  @Test
  void group_isNotLeftByTheResumeOfAForgottenSuspension() {
    loop.addTask(
        "owner",
        () -> {
          try (TaskGroup group = loop.group()) {
            group.fork(() -> {
              loop.shielded(() -> loop.sleepNs(50));
              t.log("child ends");
            });
            loop.sleepNs(1);
            Suspension forgotten = loop.suspend();
            loop.callAt(10, forgotten::resume);
            throw new IOException("before await");
          } finally {
            t.log("left");
          }
        });
    assertThrows(IOException.class, loop::run);
    t.assertTrace("50 child ends", "50 left");
  }

  @Test
  void group_thatCannotBeLeftUnderAMonitorIsClosedAfterIt() {
    Object monitor = new Object();
    loop.addTask(() -> {
      TaskGroup group = loop.group();
      group.fork(() -> loop.shielded(() -> loop.sleepNs(50)));
      loop.sleepNs(1);
      synchronized (monitor) {
        assertThrows(IllegalStateException.class, group::close);
      }
      assertThrows(IllegalStateException.class, group::close);
      t.log("left");
    });
    loop.run();
    t.assertTrace("50 left");
  }

  @Test
  void race_failuresOfTheLosersAreLogged() throws Exception {
    List<String> said =
        LogCollector.during(() -> {
          loop.addTask(() -> {
            try (TaskGroup race = loop.race()) {
              race.fork("early", failing("early"));
              race.fork("winner", () -> loop.sleepNs(5));
              race.fork(
                  "late",
                  () -> {
                    try {
                      loop.sleepNs(50);
                    } finally {
                      failing("late").run();
                    }
                  });
              race.join();
            }
          });
          loop.run();
        });
    assertEquals(
        List.of(
            "race: won by winner after others had failed",
            "task late failed and had lost the race"),
        said);
  }

  @Test
  void race_isNotWonByAChildThatItsCloseHasCancelled() {
    loop.addTask(() -> {
      TaskGroup race = loop.race();
      race.fork("bad", failing("disk"));
      race.fork("slow", () -> assertThrows(TaskCancelledException.class, () -> loop.sleepNs(50)));
      loop.sleepNs(1);
      assertInstanceOf(
          IOException.class, assertThrows(TaskFailedException.class, race::close).getCause());
      assertNull(race.winner());
    });
    loop.run();
  }

  // Results.

  @Test
  void await_ofAResultThatIsGivenUpLeavesItToTheOthers() {
    ResultTask<String> task =
        loop.call(() -> {
          loop.sleepNs(50);
          return "value";
        });
    loop.addTask(() ->
        assertThrows(
            TaskTimeoutException.class, () -> loop.timeoutNs(10, () -> loop.await(task.future()))));
    loop.addTask(() -> t.log(String.valueOf(loop.await(task.future()))));
    loop.run();
    t.assertTrace("50 value");
  }

  @Test
  void future_thatIsCancelledDoesNotTakeTheFailure() {
    ResultTask<String> task =
        loop.call(() -> {
          loop.sleepNs(50);
          throw new IOException("disk");
        });
    CompletableFuture<?> future = task.future();
    loop.callAt(10, () -> future.cancel(true));
    assertThrows(IOException.class, loop::run);
  }

  // Cancellation with something gone wrong on the way out.

  private Body withBrokenValve(long ns) {
    return () -> {
      try (AutoCloseable _ = () -> failing("valve did not shut").run()) {
        loop.sleepNs(ns);
      }
    };
  }

  @Test
  void cancel_whatGoesWrongOnTheWayOutIsLogged() throws Exception {
    Task task = loop.addTask("valve", withBrokenValve(100));
    loop.callAt(10, task::cancel);
    assertEquals(List.of("task valve failed and was cancelled"), LogCollector.during(loop::run));
  }

  @Test
  void close_whatGoesWrongOnTheWayOutIsThrown() {
    Task task = loop.addTask("valve", withBrokenValve(100));
    loop.step();
    Throwable thrown = assertThrows(TaskCancelledException.class, loop::close);
    assertEquals("valve did not shut", thrown.getSuppressed()[0].getMessage());
    assertSame(thrown, task.failure());
    assertEquals(1, task.failures());
  }

  @Test
  void close_bodiesMayCancelAndCloseOnTheirWayOut() {
    Mailbox<String> mailbox = loop.mailbox("m", 2);
    Task helper = loop.addTask("helper", () -> loop.sleepNs(100));
    loop.addTask(() -> {
      try {
        loop.sleepNs(100);
      } finally {
        helper.cancel();
        mailbox.close();
        t.log("out");
      }
    });
    loop.step();
    loop.close();
    t.assertTrace("100 out");
    helper.cancel();
    mailbox.close();
  }

  @Test
  void close_aBodyThatEndsWellHasEndedWell() {
    ResultTask<String> task =
        loop.call(() -> {
          assertThrows(TaskCancelledException.class, () -> loop.sleepNs(100));
          return "saved";
        });
    CompletableFuture<?> future = task.future();
    loop.step();
    loop.close();
    assertEquals("saved", future.join());
  }

  // Stops, threads, refusals.

  @Test
  void stop_isNotLostByAnExceptionInTheSameStep() {
    loop.addTask(() -> {
      loop.stop();
      throw new IOException("disk");
    });
    loop.schedule(1e9, () -> t.log("runs"));
    assertThrows(IOException.class, loop::runForever);
    t.assertTrace();
    loop.runForever();
    t.assertTrace();
  }

  @Test
  void otherThreads_areRefused() throws Exception {
    Semaphore semaphore = new Semaphore(loop, "s", 1);
    Interrupt interrupt = loop.interrupt("i");
    ResultTask<String> task = loop.call(() -> "value");
    loop.step();
    FutureTask<String> foreign =
        new FutureTask<>(() -> {
          assertThrows(IllegalStateException.class, semaphore::release);
          assertThrows(IllegalStateException.class, semaphore::tryAcquire);
          assertThrows(IllegalStateException.class, interrupt::take);
          assertThrows(IllegalStateException.class, task::future);
          return "refused";
        });
    Thread thread = new Thread(foreign);
    thread.start();
    assertEquals("refused", foreign.get());
    assertEquals(1, semaphore.available());
  }

  @Test
  void await_thatIsRefusedLeavesTheSuspensionToBeAwaited() {
    Object monitor = new Object();
    loop.addTask(() -> {
      Suspension suspension = loop.suspend();
      synchronized (monitor) {
        assertThrows(IllegalStateException.class, suspension::await);
      }
      assertThrows(IllegalStateException.class, loop::suspend);
      loop.callAt(10, suspension::resume);
      suspension.await();
      t.log("resumed");
    });
    loop.run();
    t.assertTrace("10 resumed");
  }

  /// Code of the user's names what is taken.
  @Test
  void body_whatCannotBeNamedIsGivenBackToo() {
    Object nameless =
        new Object() {
          @Override
          public String toString() {
            throw new IllegalArgumentException("no name");
          }
        };
    ManagedResource<String, Object> bus = new ManagedResource<>(loop, "bus", _ -> {}, _ -> {});
    loop.addTask("forgetful", () -> hold(bus.handle(nameless)));
    String message = assertThrows(IllegalStateException.class, loop::run).getMessage();
    assertTrue(String.valueOf(message).contains("something that cannot be named"), message);
    assertFalse(bus.isOwned());
  }

  @SuppressWarnings("MustBeClosedChecker")
  private static void hold(Handle<String, Object> handle) {
    Lease<String> lease = handle.acquire();
    assertEquals("bus", lease.get());
  }
}
