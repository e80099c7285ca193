package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.task.Body;
import dev.tasko.task.CoroutineEngine;
import dev.tasko.task.TaskCancelledException;
import dev.tasko.task.TaskTimeoutException;
import dev.tasko.wakeup.LongMailbox;
import dev.tasko.wakeup.Mailbox;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A task that waits for a value, or to give one, and is ended at each moment of its wait: nothing
/// is lost and no place is leaked. Served and ended at the same time, it was served.
@ParameterizedClass
@EnumSource(CoroutineEngine.class)
class WaitEndedEarlyTest {
  private static final long END_NS = 1000;

  private final TracedLoop t;
  private final Loop loop;
  private final Channel<String> full;
  private final Channel<String> empty;
  private final Mailbox<String> mailbox;
  private final LongMailbox numbers;
  private final CompletableFuture<String> stage = new CompletableFuture<>();
  private @Nullable Object got;

  WaitEndedEarlyTest(CoroutineEngine engine) {
    t = new TracedLoop(engine, new LoopConfig().strict(true));
    loop = t.loop;
    full = loop.channel("full", 1);
    assertTrue(full.trySend("first"));
    empty = loop.channel("empty", 1);
    mailbox = loop.mailbox("m", 2);
    numbers = loop.longMailbox("n", 2);
  }

  @AfterEach
  void close() {
    t.close();
  }

  /// Each wait, what serves it, and what is to be found then.
  enum Wait {
    SEND {
      @Override
      void in(WaitEndedEarlyTest test) {
        test.full.send("second");
        test.got = "place";
      }

      @Override
      void serve(WaitEndedEarlyTest test) {
        assertEquals("first", test.full.tryReceive());
      }

      @Override
      void assertServed(WaitEndedEarlyTest test) {
        assertEquals("place", test.got);
        assertEquals("second", test.full.tryReceive());
        assertNull(test.full.tryReceive());
      }

      @Override
      void assertUntouched(WaitEndedEarlyTest test) {
        assertEquals("first", test.full.tryReceive());
        assertNull(test.full.tryReceive());
        assertTrue(test.full.trySend("third"));
        assertFalse(test.full.trySend("fourth"));
      }
    },
    RECEIVE {
      @Override
      void in(WaitEndedEarlyTest test) {
        test.got = test.empty.receive();
      }

      @Override
      void serve(WaitEndedEarlyTest test) {
        assertTrue(test.empty.trySend("v"));
      }

      @Override
      void assertServed(WaitEndedEarlyTest test) {
        assertEquals("v", test.got);
        assertNull(test.empty.tryReceive());
      }

      @Override
      void assertUntouched(WaitEndedEarlyTest test) {
        assertTrue(test.empty.trySend("v"));
        assertEquals(1, test.empty.size());
      }
    },
    TAKE {
      @Override
      void in(WaitEndedEarlyTest test) {
        test.got = test.mailbox.take();
      }

      @Override
      void serve(WaitEndedEarlyTest test) {
        assertTrue(test.mailbox.offer("v"));
      }

      // The loop may have been closed before it took the value.
      @Override
      void assertServed(WaitEndedEarlyTest test) {
        assertEquals("v", test.got == null ? test.mailbox.poll() : test.got);
        assertNull(test.mailbox.poll());
      }

      @Override
      void assertUntouched(WaitEndedEarlyTest test) {
        assertEquals(!test.mailbox.isClosed(), test.mailbox.offer("v"));
        test.stepIfOpen();
        assertEquals(test.mailbox.isClosed() ? null : "v", test.mailbox.poll());
      }
    },
    TAKE_LONG {
      @Override
      void in(WaitEndedEarlyTest test) {
        test.got = test.numbers.take();
      }

      @Override
      void serve(WaitEndedEarlyTest test) {
        assertTrue(test.numbers.offer(5));
      }

      @Override
      void assertServed(WaitEndedEarlyTest test) {
        assertEquals(5L, test.got == null ? test.numbers.poll(-1) : test.got);
        assertEquals(-1, test.numbers.poll(-1));
      }

      @Override
      void assertUntouched(WaitEndedEarlyTest test) {
        assertEquals(!test.numbers.isClosed(), test.numbers.offer(5));
        test.stepIfOpen();
        assertEquals(test.numbers.isClosed() ? -1 : 5, test.numbers.poll(-1));
      }
    },
    STAGE {
      @Override
      void in(WaitEndedEarlyTest test) throws Exception {
        test.got = test.loop.await(test.stage);
      }

      @Override
      void serve(WaitEndedEarlyTest test) {
        assertTrue(test.stage.complete("v"));
      }

      @Override
      void assertServed(WaitEndedEarlyTest test) {
        assertEquals("v", test.stage.join());
      }

      @Override
      void assertUntouched(WaitEndedEarlyTest test) {
        assertTrue(test.stage.isCancelled());
      }
    };

    abstract void in(WaitEndedEarlyTest test) throws Exception;

    abstract void serve(WaitEndedEarlyTest test);

    abstract void assertServed(WaitEndedEarlyTest test);

    abstract void assertUntouched(WaitEndedEarlyTest test);
  }

  private void stepIfOpen() {
    if (!mailbox.isClosed()) {
      loop.step();
    }
  }

  private Task wait(Wait wait) {
    return loop.addTask("waits", () -> waitAndGoOn(wait));
  }

  private Task waitWithin(Wait wait) {
    return loop.addTask("waits", () -> loop.timeoutNs(END_NS, () -> waitAndGoOn(wait)));
  }

  private void waitAndGoOn(Wait wait) throws Exception {
    try {
      wait.in(this);
      t.log("served");
      loop.sleepNs(1);
      t.log("goes on");
    } catch (TaskCancelledException | TaskTimeoutException e) {
      t.log(e.getClass().getSimpleName());
      throw e;
    }
  }

  private void runToTimeout() {
    try {
      loop.run();
    } catch (TaskTimeoutException e) {
      t.log("out of run");
    }
  }

  @ParameterizedTest
  @EnumSource(Wait.class)
  void cancel_whileItWaits(Wait wait) {
    Task task = wait(wait);
    loop.callAt(END_NS, task::cancel);
    loop.run();
    t.assertTrace("1000 TaskCancelledException");
    wait.assertUntouched(this);
  }

  @ParameterizedTest
  @EnumSource(Wait.class)
  void cancel_afterItWasServed(Wait wait) {
    Task task = wait(wait);
    loop.callAt(
        END_NS,
        () -> {
          wait.serve(this);
          task.cancel();
        });
    loop.run();
    t.assertTrace("1000 served", "1000 TaskCancelledException");
    wait.assertServed(this);
  }

  @ParameterizedTest
  @EnumSource(Wait.class)
  void cancel_andThenServed(Wait wait) {
    Task task = wait(wait);
    loop.callAt(
        END_NS,
        () -> {
          task.cancel();
          wait.serve(this);
        });
    loop.run();
    t.assertTrace("1000 served", "1000 TaskCancelledException");
    wait.assertServed(this);
  }

  /// It does not even begin to wait.
  @ParameterizedTest
  @EnumSource(Wait.class)
  void cancel_beforeItWaits(Wait wait) {
    Task task =
        loop.addTask(
            "waits",
            () -> {
              try {
                loop.sleepNs(END_NS);
              } finally {
                waitAndGoOn(wait);
              }
            });
    loop.callAt(END_NS / 2, task::cancel);
    loop.run();
    t.assertTrace("500 TaskCancelledException");
    if (wait == Wait.STAGE) {
      assertFalse(stage.isDone());
    } else {
      wait.assertUntouched(this);
    }
  }

  @ParameterizedTest
  @EnumSource(Wait.class)
  void limit_whileItWaits(Wait wait) {
    waitWithin(wait);
    runToTimeout();
    t.assertTrace("1000 TaskTimeoutException", "1000 out of run");
    wait.assertUntouched(this);
  }

  @ParameterizedTest
  @EnumSource(Wait.class)
  void limit_afterItWasServed(Wait wait) {
    loop.callAt(END_NS, () -> wait.serve(this));
    waitWithin(wait);
    runToTimeout();
    t.assertTrace("1000 served", "1000 TaskTimeoutException", "1000 out of run");
    wait.assertServed(this);
  }

  @ParameterizedTest
  @EnumSource(Wait.class)
  void limit_andThenServed(Wait wait) {
    waitWithin(wait);
    loop.callAt(END_NS, () -> wait.serve(this));
    runToTimeout();
    t.assertTrace("1000 served", "1000 TaskTimeoutException", "1000 out of run");
    wait.assertServed(this);
  }

  @ParameterizedTest
  @EnumSource(Wait.class)
  void shielded_waitsOn(Wait wait) {
    Task task =
        loop.addTask(
            "waits",
            () -> {
              Body block = () -> waitAndGoOn(wait);
              loop.shielded(block);
              waitAndGoOn(wait);
            });
    loop.callAt(END_NS, task::cancel);
    loop.callAt(2 * END_NS, () -> wait.serve(this));
    loop.run();
    t.assertTrace("2000 served", "2001 goes on", "2001 TaskCancelledException");
    wait.assertServed(this);
  }

  @ParameterizedTest
  @EnumSource(Wait.class)
  void close_whileItWaits(Wait wait) {
    wait(wait);
    loop.step();
    loop.close();
    t.assertTrace("0 TaskCancelledException");
    assertNull(got);
    wait.assertUntouched(this);
  }

  @ParameterizedTest
  @EnumSource(Wait.class)
  void close_afterItWasServed(Wait wait) {
    wait(wait);
    loop.step();
    wait.serve(this);
    loop.close();
    wait.assertServed(this);
  }
}
