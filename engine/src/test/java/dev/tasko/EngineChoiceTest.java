package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tasko.task.CoroutineEngine;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.agrona.concurrent.NanoClock;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.junit.jupiter.api.Test;

/// The engine is chosen by what the VM was started with, and a lesser choice is said once.
class EngineChoiceTest {
  @Test
  void choice_isSaidOnceIfItIsTheLesser() throws Exception {
    List<String> said = new ArrayList<>();
    Handler handler = collector(said);
    Logger logger = Logger.getLogger("dev.tasko");
    logger.addHandler(handler);
    try (URLClassLoader fresh = freshClasses()) {
      Class<?> loop = fresh.loadClass(Loop.class.getName());
      for (int i = 0; i < 3; i++) {
        ((AutoCloseable) loop.getConstructor().newInstance()).close();
      }
    } finally {
      logger.removeHandler(handler);
    }
    String obstacle = CoroutineEngine.obstacle();
    assertEquals(
        obstacle == null
            ? List.of()
            : List.of(
                "coroutines run on platform threads (BATON), some microseconds a switch: {0} ["
                    + obstacle
                    + "]"),
        said);
  }

  /// As in a VM that has not made a loop yet.
  private static URLClassLoader freshClasses() {
    List<URL> places = new ArrayList<>();
    for (Class<?> member :
        List.of(
            Loop.class,
            NanoClock.class,
            MpscVarHandleArrayQueue.class,
            MessagePassingQueue.class)) {
      places.add(member.getProtectionDomain().getCodeSource().getLocation());
    }
    return new URLClassLoader(places.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
  }

  private static Handler collector(List<String> said) {
    return new Handler() {
      @Override
      public void publish(LogRecord record) {
        said.add(record.getMessage() + " " + List.of(record.getParameters()));
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  @Test
  void continuation_withoutTheFlagIsRefusedWithTheRemedy() {
    assumeTrue(CoroutineEngine.obstacle() != null);
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> new LoopConfig().engine(CoroutineEngine.CONTINUATION));
    assertEquals(
        "engine: CONTINUATION (expected: BATON, as jdk.internal.vm is not exported; start java"
            + " with --add-exports java.base/jdk.internal.vm=ALL-UNNAMED)",
        refused.getMessage());
  }
}
