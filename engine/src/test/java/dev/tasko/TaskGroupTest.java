package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.task.Body;
import dev.tasko.task.CoroutineEngine;
import dev.tasko.task.TaskCancelledException;
import dev.tasko.task.TaskTimeoutException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Waiting for other tasks, alone and in groups.
@ParameterizedClass
@EnumSource(CoroutineEngine.class)
class TaskGroupTest {
  private static final int TASK_CAPACITY = 16;

  private final TracedLoop t;
  private final Loop loop;

  TaskGroupTest(CoroutineEngine engine) {
    t = new TracedLoop(engine, new LoopConfig().strict(true).taskCapacity(TASK_CAPACITY));
    loop = t.loop;
  }

  @AfterEach
  void close() {
    t.close();
  }

  private Body sleeper(String name, long ns) {
    return () -> {
      try {
        loop.sleepNs(ns);
        t.log(name + " done");
      } catch (TaskCancelledException e) {
        t.log(name + " cancelled");
        throw e;
      }
    };
  }

  private Body failing(String message, long ns) {
    return () -> {
      loop.sleepNs(ns);
      throw new IOException(message);
    };
  }

  // Groups where there is no scope left.

  private void nested(int limits, Body body) throws Exception {
    if (limits == 0) {
      body.run();
    } else {
      loop.timeoutNs(1000, () -> nested(limits - 1, body));
    }
  }

  @Test
  void close_awaitsTheChildrenAlsoWhenEveryScopeIsInUse() {
    loop.addTask(() ->
        nested(
            Scopes.capacity(TASK_CAPACITY) - 1,
            () -> {
              try (TaskGroup group = loop.group()) {
                group.fork(sleeper("a", 50));
                loop.sleepNs(5);
                throw new IOException("left early");
              } finally {
                t.log("left");
              }
            }));
    assertEquals("left early", assertThrows(IOException.class, loop::run).getMessage());
    t.assertTrace("5 a cancelled", "5 left");
  }

  // Join.

  @Test
  void join_waitsForTheEndInOrderOfCalling() {
    Task task = loop.addTask(() -> loop.sleepNs(10));
    for (int i = 0; i < 3; i++) {
      int number = i;
      loop.addTask(() -> {
        task.join();
        t.log("joined " + number);
      });
    }
    loop.run();
    t.assertTrace("10 joined 0", "10 joined 1", "10 joined 2");
  }

  @Test
  void join_ofATaskThatHasEndedReturnsAtOnce() {
    Task task = loop.addTask(() -> {});
    loop.addTask(() -> {
      loop.sleepNs(5);
      task.join();
      t.log("joined");
    });
    loop.run();
    t.assertTrace("5 joined");
  }

  @Test
  void join_failureGoesToTheJoinerAndNotToRun() {
    Task task = loop.addTask("bad", failing("disk", 10));
    loop.addTask(() -> {
      TaskFailedException failed = assertThrows(TaskFailedException.class, task::join);
      t.log(Objects.requireNonNull(failed.getMessage()));
      assertSame(task.failure(), failed.getCause());
    });
    loop.run();
    t.assertTrace("10 join: task bad failed: java.io.IOException: disk");
  }

  @Test
  void join_failureOfATaskThatWasStartedAgainMeanwhile() {
    ScheduledTask task = loop.schedule(1, failing("disk", 10));
    loop.addTask(() -> {
      TaskFailedException failed = assertThrows(TaskFailedException.class, task::join);
      t.log(Objects.requireNonNull(failed.getMessage()));
      loop.stop();
    });
    loop.addTask(() -> {
      loop.sleepNs(10);
      t.log(task.state().name());
      task.start();
    });
    loop.run();
    t.assertTrace(
        "10 STOPPED", "10 join: task " + task.name() + " failed: java.io.IOException: disk");
  }

  @Test
  void join_failureThatNobodyWaitsForLeavesRun() {
    loop.addTask(failing("disk", 10));
    assertThrows(IOException.class, loop::run);
  }

  @Test
  void join_itselfAndACycleAreRefused() {
    AtomicReference<Task> first = new AtomicReference<>();
    Task second =
        loop.addTask(
            "second",
            () -> {
              loop.sleepNs(1);
              t.log(refusal(first.get()));
            });
    first.set(
        loop.addTask(
            "first",
            () -> {
              t.log(refusal(first.get()));
              second.join();
              t.log("joined");
            }));
    loop.run();
    t.assertTrace(
        "0 join: first -> first (expected: no task that waits for its own end)",
        "1 join: second -> first -> second (expected: no task that waits for its own end)",
        "1 joined");
  }

  /// An owner cannot end before its children, whether it already waits for them or not.
  @Test
  void join_aCycleThroughAGroupIsRefused() {
    AtomicReference<Task> owner = new AtomicReference<>();
    AtomicReference<Task> sibling = new AtomicReference<>();
    AtomicReference<Task> outside = new AtomicReference<>();
    owner.set(
        loop.addTask(
            "owner",
            () -> {
              try (TaskGroup group = loop.group()) {
                Task child =
                    group.fork(
                        "child",
                        () -> {
                          t.log(refusal(owner.get()));
                          t.log(refusal(outside.get()));
                          sibling.get().join();
                          t.log("joined the sibling");
                        });
                sibling.set(
                    group.fork(
                        "sibling",
                        () -> {
                          loop.sleepNs(1);
                          t.log(refusal(child));
                          try (TaskGroup inner = loop.group()) {
                            inner.fork("inner", () -> t.log(refusal(owner.get())));
                            inner.join();
                          }
                        }));
                group.join();
              }
            }));
    outside.set(loop.addTask("outside", () -> owner.get().join()));
    loop.run();
    t.assertTrace(
        "0 join: child -> owner -> child (expected: no task that waits for its own end)",
        "0 join: child -> outside -> owner -> child (expected: no task that waits for its own end)",
        "1 join: sibling -> child -> sibling (expected: no task that waits for its own end)",
        "1 join: inner -> owner -> sibling -> inner (expected: no task that waits for its own end)",
        "1 joined the sibling");
  }

  /// Whom many wait for in many ways is looked at once.
  @Test
  void join_manyWaysToTheSameTaskAreSearchedOnce() {
    try (Loop wide = new Loop(new LoopConfig().virtualTime(t.time).taskCapacity(256))) {
      Task other = wide.addTask(() -> wide.sleepNs(20));
      Task last =
          wide.addTask(() -> {
            wide.sleepNs(10);
            other.join();
            t.log("joined");
          });
      for (int level = 0; level < 40; level++) {
        Task before = last;
        last =
            wide.addTask(() -> {
              try (TaskGroup group = wide.group()) {
                group.fork(before::join);
                group.fork(before::join);
                group.join();
              }
            });
      }
      wide.run();
    }
    t.assertTrace("20 joined");
  }

  private static String refusal(Task task) {
    return Objects.requireNonNull(
        assertThrows(IllegalStateException.class, task::join).getMessage());
  }

  @Test
  void join_thatWasGivenUpIsNoPartOfACycle() {
    AtomicReference<Task> first = new AtomicReference<>();
    Task second =
        loop.addTask(
            "second",
            () -> {
              loop.sleepNs(5);
              first.get().join();
              t.log("joined");
            });
    first.set(
        loop.addTask(
            "first",
            () -> {
              assertThrows(TaskTimeoutException.class, () -> loop.timeoutNs(2, second::join));
              loop.sleepNs(10);
            }));
    loop.run();
    t.assertTrace("12 joined");
  }

  @Test
  void join_ofATaskOfAnotherLoopIsRefused() {
    try (Loop other = new Loop(new LoopConfig().virtualTime(t.time))) {
      Task foreign = other.addTask("foreign", () -> {});
      loop.addTask(() -> t.log(refusal(foreign)));
      loop.run();
      t.assertTrace("0 join: called outside a task (expected: in a body that this loop runs)");
      other.run();
    }
  }

  @Test
  void cancel_itselfIsRefused() {
    AtomicReference<Task> self = new AtomicReference<>();
    self.set(
        loop.addTask(
            "self",
            () ->
                t.log(
                    Objects.requireNonNull(
                        assertThrows(IllegalStateException.class, () -> self.get().cancel())
                            .getMessage()))));
    loop.run();
    t.assertTrace(
        "0 cancel: task self cancels itself (expected: another task; return or throw instead)");
  }

  @Test
  void join_thatWasBrokenOffIsInNoCycle() {
    AtomicReference<Task> second = new AtomicReference<>();
    Task first =
        loop.addTask(() -> {
          loop.sleepNs(10);
          second.get().join();
          t.log("joined");
        });
    second.set(
        loop.addTask(() -> {
          assertThrows(TaskTimeoutException.class, () -> loop.timeoutNs(2, first::join));
          loop.sleepNs(20);
        }));
    loop.run();
    t.assertTrace("22 joined");
  }

  // Results.

  @Test
  void result_isWaitedFor() {
    ResultTask<Integer> task =
        loop.call(() -> {
          loop.sleepNs(3);
          return 42;
        });
    loop.addTask(() -> t.log("got " + task.result()));
    loop.run();
    t.assertTrace("3 got 42");
  }

  @Test
  void future_isCompletedWithValueOrFailure() {
    var good = loop.call(() -> 42).future();
    var bad =
        loop.<Integer>call(
                () -> {
                  throw new IOException("disk");
                })
            .future();
    loop.run();
    assertEquals(42, good.join());
    CompletionException thrown = assertThrows(CompletionException.class, bad::join);
    assertEquals("java.io.IOException: disk", thrown.getMessage());
  }

  @Test
  void future_askedForAfterTheEndIsComplete() {
    ResultTask<String> task = loop.call(() -> "x");
    loop.run();
    assertEquals("x", task.future().join());
  }

  @Test
  void future_ofATaskThatTheLoopClosesOnFails() {
    ResultTask<String> task = loop.call(() -> "x");
    var future = task.future();
    loop.close();
    assertThrows(CompletionException.class, future::join);
  }

  // Groups.

  private void inTask(Body body) {
    loop.addTask(
        "owner",
        () -> {
          try {
            body.run();
            t.log("owner done");
          } catch (TaskFailedException e) {
            t.log("owner: " + e.getMessage() + " " + List.of(e.getSuppressed()));
          } catch (TaskTimeoutException | TaskCancelledException e) {
            t.log("owner: " + e.getClass().getSimpleName());
            throw e;
          }
        });
  }

  @Test
  void group_joinWaitsForAll() {
    inTask(() -> {
      try (TaskGroup group = loop.group()) {
        group.fork("a", sleeper("a", 10));
        group.fork("b", sleeper("b", 5));
        ResultTask<Integer> sum = group.call(() -> 1 + 1);
        group.join();
        t.log("sum " + sum.result());
      }
    });
    loop.run();
    t.assertTrace("5 b done", "10 a done", "10 sum 2", "10 owner done");
  }

  @Test
  void group_firstFailureCancelsTheOthersAndCarriesTheirs() {
    inTask(() -> {
      try (TaskGroup group = loop.group()) {
        group.fork("a", sleeper("a", 10));
        group.fork("bad", failing("disk", 5));
        group.fork(
            "worse",
            () -> {
              assertThrows(TaskCancelledException.class, () -> loop.sleepNs(100));
              throw new IllegalStateException("wire");
            });
        group.join();
      }
    });
    loop.run();
    t.assertTrace(
        "5 a cancelled",
        "5 owner: join: task bad failed: java.io.IOException: disk"
            + " [java.lang.IllegalStateException: wire]");
  }

  @Test
  void group_failureEndsTheOwnersOwnWait() {
    inTask(() -> {
      try (TaskGroup group = loop.group()) {
        group.fork("bad", failing("disk", 5));
        loop.sleepNs(1000);
      }
    });
    loop.run();
    t.assertTrace("5 owner: join: task bad failed: java.io.IOException: disk []");
    assertEquals(5, t.time.nanoTime());
  }

  /// The last child is cancelled before it begins, which ends the join at the same time.
  @Test
  void group_failureToldByJoinIsNotToldByTheNextWait() {
    inTask(() -> {
      try (TaskGroup group = loop.group()) {
        group.fork(
            "bad",
            () -> {
              throw new IOException("disk");
            });
        group.fork("never", sleeper("never", 5));
        assertThrows(TaskFailedException.class, group::join);
        loop.sleepNs(3);
        t.log("goes on");
      }
    });
    loop.run();
    t.assertTrace("3 goes on", "3 owner done");
  }

  @Test
  void group_failureThatTheOwnerNeverWaitsForIsThrownByClose() {
    inTask(() -> {
      try (TaskGroup group = loop.group()) {
        Task bad =
            group.fork(
                "bad",
                () -> {
                  throw new IOException("disk");
                });
        loop.shielded(() -> loop.sleepNs(5));
        assertTrue(bad.isDone());
      }
    });
    loop.run();
    t.assertTrace("5 owner: join: task bad failed: java.io.IOException: disk []");
  }

  @Test
  void group_leftWithLiveChildrenCancelsThemAndSaysSo() {
    inTask(() -> {
      IllegalStateException left =
          assertThrows(
              IllegalStateException.class,
              () -> {
                try (TaskGroup group = loop.group()) {
                  group.fork("a", sleeper("a", 10));
                  loop.sleepNs(1);
                }
              });
      t.log(Objects.requireNonNull(left.getMessage()));
    });
    loop.run();
    t.assertTrace(
        "1 a cancelled",
        "1 close: the group of task owner is left with [a] alive (expected: join first); they are"
            + " cancelled",
        "1 owner done");
  }

  @Test
  void group_forgottenIsClosedWithItsOwner() {
    loop.addTask(
        "owner",
        () -> {
          TaskGroup group = loop.group();
          group.fork("a", sleeper("a", 10));
          loop.sleepNs(1);
        });
    assertThrows(IllegalStateException.class, loop::run);
    t.assertTrace("1 a cancelled");
    assertEquals(0, loop.tasks().size());
  }

  @Test
  void group_cancelOfTheOwnerCancelsTheChildrenFirst() {
    inTask(() -> {
      try (TaskGroup group = loop.group()) {
        group.fork("a", sleeper("a", 100));
        group.fork("never", () -> loop.sleepNs(100));
        group.join();
      }
    });
    loop.callAt(
        5, () -> loop.tasks().stream().filter(x -> x.name().equals("owner")).forEach(Task::cancel));
    loop.run();
    t.assertTrace("5 a cancelled", "5 owner: TaskCancelledException");
  }

  @Test
  void group_timeLimitOfTheOwnerCancelsTheChildren() {
    inTask(() ->
        loop.timeoutNs(
            5,
            () -> {
              try (TaskGroup group = loop.group()) {
                group.fork("a", sleeper("a", 100));
                group.join();
              }
            }));
    assertThrows(TaskTimeoutException.class, loop::run);
    t.assertTrace("5 a cancelled", "5 owner: TaskTimeoutException");
  }

  @Test
  void group_childThatCleansUpIsWaitedFor() {
    inTask(() -> {
      try (TaskGroup group = loop.group()) {
        group.fork(() -> {
          try {
            loop.sleepNs(100);
          } finally {
            loop.shielded(() -> loop.sleepNs(20));
            t.log("cleaned up");
          }
        });
        group.fork("bad", failing("disk", 5));
        group.join();
      }
    });
    loop.run();
    t.assertTrace("25 cleaned up", "25 owner: join: task bad failed: java.io.IOException: disk []");
  }

  private Body leavesGroupThatCleansUpUntil25() {
    return () -> {
      try (TaskGroup group = loop.group()) {
        group.fork(() -> {
          try {
            loop.sleepNs(100);
          } finally {
            loop.shielded(() -> loop.sleepNs(20));
            t.log("cleaned up");
          }
        });
        group.fork("bad", failing("disk", 5));
        assertThrows(TaskFailedException.class, () -> loop.sleepNs(100));
      }
    };
  }

  /// It waits from 5 to 25.
  @Test
  void close_isNotBrokenOffByCancel() {
    inTask(() -> {
      leavesGroupThatCleansUpUntil25().run();
      loop.sleepNs(1);
    });
    loop.callAt(
        10,
        () -> loop.tasks().stream().filter(x -> x.name().equals("owner")).forEach(Task::cancel));
    loop.run();
    t.assertTrace("25 cleaned up", "25 owner: TaskCancelledException");
  }

  @Test
  void close_isNotBrokenOffByATimeLimit() {
    inTask(() ->
        loop.timeoutNs(
            10,
            () -> {
              leavesGroupThatCleansUpUntil25().run();
              loop.sleepNs(1);
            }));
    assertThrows(TaskTimeoutException.class, loop::run);
    t.assertTrace("25 cleaned up", "25 owner: TaskTimeoutException");
  }

  @Test
  void group_childThatIsCancelledIsNoFailure() {
    inTask(() -> {
      try (TaskGroup group = loop.group()) {
        Task a = group.fork("a", sleeper("a", 100));
        group.fork("b", sleeper("b", 10));
        loop.sleepNs(1);
        a.cancel();
        group.join();
      }
    });
    loop.run();
    t.assertTrace("1 a cancelled", "10 b done", "10 owner done");
  }

  @Test
  void group_nestsAndInnerFailureEndsInnerOnly() {
    inTask(() -> {
      try (TaskGroup outer = loop.group()) {
        outer.fork("a", sleeper("a", 10));
        assertThrows(
            TaskFailedException.class,
            () -> {
              try (TaskGroup inner = loop.group()) {
                inner.fork("bad", failing("disk", 2));
                inner.fork("b", sleeper("b", 10));
                inner.join();
              }
            });
        t.log("inner over");
        outer.join();
      }
    });
    loop.run();
    t.assertTrace("2 b cancelled", "2 inner over", "10 a done", "10 owner done");
  }

  /// The child's record comes before the owner's, and so it is unwound first.
  @Test
  void close_ofTheLoopIsNoFailureOfTheGroup() {
    loop.addTask(() -> {});
    inTask(() -> {
      loop.yieldNow();
      try (TaskGroup group = loop.group()) {
        group.fork("a", sleeper("a", 100));
        group.join();
      }
    });
    t.standStill();
    for (int i = 0; i < 3; i++) {
      loop.step();
    }
    loop.close();
    t.assertTrace("0 a cancelled", "0 owner: TaskCancelledException");
  }

  @Test
  void close_ofTheLoopEndsAChildThatHasNotBegunOnce() {
    loop.addTask(
        "owner",
        () -> {
          try (TaskGroup group = loop.group()) {
            group.fork(() -> t.log("never"));
            group.join();
          }
        });
    loop.step();
    loop.close();
    t.assertTrace();
    assertEquals(0, loop.tasks().size());
  }

  @Test
  void group_closedAfterTheLimitAroundItEndsWithItsOwnBrackets() {
    AtomicReference<TaskGroup> kept = new AtomicReference<>();
    inTask(() -> {
      loop.timeoutNs(5, () -> kept.set(loop.group()));
      try (TaskGroup group = kept.get()) {
        group.fork("a", sleeper("a", 10));
        group.join();
      }
    });
    loop.run();
    t.assertTrace("10 a done", "10 owner done");
  }

  @Test
  @SuppressWarnings("try") // the explicit close is the point
  void group_closedBeforeTheLimitInsideItLeavesTheLimitInForce() {
    inTask(() -> {
      try (TaskGroup group = loop.group()) {
        assertThrows(
            TaskTimeoutException.class,
            () ->
                loop.timeoutNs(
                    5,
                    () -> {
                      group.close();
                      loop.sleepNs(10);
                    }));
      }
      loop.sleepNs(10);
    });
    loop.run();
    t.assertTrace("15 owner done");
  }

  @Test
  void race_firstThatEndsWellCancelsTheOthers() {
    inTask(() -> {
      try (TaskGroup group = loop.race()) {
        group.fork("bad", failing("disk", 1));
        Task b = group.fork("b", sleeper("b", 5));
        group.fork("c", sleeper("c", 10));
        assertNull(group.winner());
        group.join();
        assertSame(b, group.winner());
      }
    });
    loop.run();
    t.assertTrace("5 b done", "5 c cancelled", "5 owner done");
  }

  @Test
  void race_failsWhenAllFail() {
    inTask(() -> {
      try (TaskGroup group = loop.race()) {
        group.fork("bad", failing("disk", 1));
        group.fork("worse", failing("wire", 2));
        group.join();
      }
    });
    loop.run();
    t.assertTrace(
        "2 owner: join: task bad failed: java.io.IOException: disk [java.io.IOException: wire]");
  }

  @Test
  void group_misuseIsRefused() {
    assertThrows(IllegalStateException.class, loop::group);
    AtomicReference<TaskGroup> kept = new AtomicReference<>();
    inTask(() -> {
      try (TaskGroup group = loop.group()) {
        kept.set(group);
        Task child =
            group.fork(
                "child",
                () -> {
                  t.log(message(group::join));
                  t.log(message(group::close));
                });
        group.join();
        assertTrue(child.isDone());
      }
      kept.get().close();
      t.log(message(kept.get()::join));
      t.log(message(() -> kept.get().fork(() -> {})));
    });
    loop.run();
    t.assertTrace(
        "0 join: called by task child (expected: task owner, which made the group)",
        "0 close: called by task child (expected: task owner, which made the group)",
        "0 join: the group is closed (expected: open)",
        "0 fork: the group of task owner is closed (expected: open)",
        "0 owner done");
  }

  private static String message(Runnable attempt) {
    return Objects.requireNonNull(
        assertThrows(IllegalStateException.class, attempt::run).getMessage());
  }
}
