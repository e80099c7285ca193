package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tasko.task.CoroutineEngine;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.NanoClock;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.junit.jupiter.api.Test;

/// The engine is chosen by what the VM was started with, and a lesser choice is said once.
class EngineChoiceTest {
  @Test
  void choice_isSaidOnceIfItIsTheLesser() throws Exception {
    List<String> said = LogCollector.during(EngineChoiceTest::makeLoops);
    String obstacle = CoroutineEngine.obstacle();
    assertEquals(
        obstacle == null
            ? List.of()
            : List.of(
                "coroutines run on platform threads (BATON), microseconds to tens of microseconds a"
                    + " switch: {0} ["
                    + obstacle
                    + "]"),
        said);
  }

  private static void makeLoops() throws Exception {
    try (URLClassLoader fresh = freshClasses()) {
      Class<?> loop = fresh.loadClass(Loop.class.getName());
      for (int i = 0; i < 3; i++) {
        ((AutoCloseable) loop.getConstructor().newInstance()).close();
      }
    }
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
