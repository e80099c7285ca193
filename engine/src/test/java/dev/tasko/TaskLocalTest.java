package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tasko.task.CoroutineEngine;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A value for each task, and who inherits it.
@ParameterizedClass
@EnumSource(CoroutineEngine.class)
class TaskLocalTest {
  private final TracedLoop t;
  private final Loop loop;
  private final TaskLocal<String> local;

  TaskLocalTest(CoroutineEngine engine) {
    t = new TracedLoop(engine, new LoopConfig().taskCapacity(4).strict(true));
    loop = t.loop;
    local = new TaskLocal<>(loop);
  }

  @AfterEach
  void close() {
    t.close();
  }

  private void setAndTell(String value) {
    local.set(value);
    loop.sleepNs(10);
    t.log(value + " has " + local.get());
  }

  @Test
  void get_eachTaskItsOwn() {
    loop.addTask(() -> setAndTell("a"));
    loop.addTask(() -> setAndTell("b"));
    loop.addTask(() -> {
      loop.yieldNow();
      assertNull(local.get());
    });
    loop.run();
    t.assertTrace("10 a has a", "10 b has b");
  }

  @Test
  void get_inACallback() {
    loop.callAt(
        5,
        () -> {
          local.set("c");
          t.log("callback has " + local.get());
        });
    loop.run();
    t.assertTrace("5 callback has c");
  }

  /// There are four places, so each is used many times.
  @Test
  void get_nothingOfAnOldTask() {
    TaskLocal<Integer> another = new TaskLocal<>(loop);
    for (int i = 0; i < 12; i++) {
      int number = i;
      loop.addTask(() -> {
        assertNull(local.get());
        assertNull(another.get());
        local.set("task " + number);
        another.set(number);
        loop.sleepNs(1);
        assertEquals("task " + number, local.get());
      });
      loop.run();
    }
  }

  @Test
  void get_ofAScheduledTaskUntilItIsStopped() {
    ScheduledTask[] task = new ScheduledTask[1];
    task[0] =
        loop.schedule(
            1e9,
            () -> {
              t.log("finds " + local.get());
              local.set("kept");
              if (t.time.nanoTime() % 2 == 1) {
                task[0].stop();
              }
            });
    loop.run();
    task[0].start();
    loop.run();
    t.assertTrace("0 finds null", "1 finds kept", "1 finds null");
  }

  @Test
  void withInitial_onceForEachTask() {
    AtomicInteger made = new AtomicInteger();
    TaskLocal<Integer> counted = TaskLocal.withInitial(loop, made::incrementAndGet);
    for (int i = 1; i <= 2; i++) {
      int number = i;
      loop.addTask(() -> {
        assertEquals(number, counted.get());
        assertEquals(number, counted.get());
      });
    }
    loop.addTask(() -> {
      counted.set(70);
      assertEquals(70, counted.get());
      counted.remove();
      assertEquals(3, counted.get());
    });
    loop.run();
    assertEquals(3, made.get());
  }

  @Test
  void fork_inheritsACopy() {
    TaskLocal<String> later = new TaskLocal<>(loop);
    loop.addTask(() -> {
      local.set("parent");
      try (TaskGroup group = loop.group()) {
        group.fork(() -> {
          t.log("child has " + local.get());
          local.set("child");
          later.set("later");
          loop.sleepNs(5);
          t.log("child has " + local.get());
        });
        local.set("parent's next");
        loop.sleepNs(3);
        t.log("parent has " + local.get() + ", " + later.get());
        group.join();
      }
    });
    loop.run();
    t.assertTrace("0 child has parent", "3 parent has parent's next, null", "5 child has child");
  }

  @Test
  void addTask_inheritsNothing() {
    loop.addTask(() -> {
      local.set("a");
      loop.addTask(() -> t.log("added has " + local.get()));
      loop.call(() -> {
        t.log("called has " + local.get());
        return 1;
      });
    });
    loop.run();
    t.assertTrace("0 added has null", "0 called has null");
  }
}
