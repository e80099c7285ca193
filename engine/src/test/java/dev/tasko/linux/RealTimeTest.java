package dev.tasko.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.Loop;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// What the kernel says before, during and after. Each on a thread of its own, which takes its
/// settings with it.
@EnabledOnOs(OS.LINUX)
class RealTimeTest {
  private static <T> T onOwnThread(Callable<T> work) throws Exception {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, "real-time-test");
    thread.start();
    thread.join();
    return task.get();
  }

  private static String state() {
    byte[] affinity = new byte[LibC.AFFINITY_BYTES];
    LibC.readAffinity(affinity);
    return LibC.timerSlackNs()
        + " "
        + LibC.scheduler()
        + " "
        + LibC.priority()
        + " "
        + List.of(affinity[0], affinity[1]);
  }

  private static int anAllowedProcessor() {
    return RealTime.processors().nextSetBit(0);
  }

  @Test
  void enter_grantsOrSaysWhyNotAndCloseUndoesAll() throws Exception {
    onOwnThread(() -> {
      String before = state();
      int processor = anAllowedProcessor();
      RealTimeConfig config =
          new RealTimeConfig().processor(processor).priority(10).lockMemory(false);
      try (RealTime realTime = RealTime.enter(config)) {
        // Newer kernels give a thread under SCHED_FIFO none at all.
        assertTrue(LibC.timerSlackNs() <= 1);
        byte[] affinity = new byte[LibC.AFFINITY_BYTES];
        LibC.readAffinity(affinity);
        byte[] expected = new byte[LibC.AFFINITY_BYTES];
        expected[processor / Byte.SIZE] = (byte) (1 << processor % Byte.SIZE);
        assertArrayEquals(expected, affinity);
        assertEquals("{" + processor + "}", RealTime.processors().toString());
        RealTime.Setting priority = realTime.settings().get(2);
        assertEquals(priority.isGranted() ? LibC.SCHED_FIFO : LibC.SCHED_OTHER, LibC.scheduler());
        assertEquals(priority.isGranted() ? 10 : 0, LibC.priority());
        assertEquals(priority.isGranted(), realTime.isComplete());
      }
      assertEquals(before, state());
      return before;
    });
  }

  @Test
  void undoInherited_givesAThreadWhatItsMakerHadBefore() throws Exception {
    onOwnThread(() -> {
      String before = state();
      RealTimeConfig config =
          new RealTimeConfig().processor(anAllowedProcessor()).priority(10).lockMemory(false);
      try (RealTime realTime = RealTime.enter(config)) {
        String entered = state();
        List<String> made =
            onOwnThread(() -> List.of(state(), String.valueOf(RealTime.undoInherited()), state()));
        assertEquals(List.of("true", before), made.subList(1, 3));
        assertEquals(entered, state());
        assertTrue(RealTime.undoInherited());
        assertEquals(entered, state());
        assertTrue(realTime.settings().get(1).isGranted());
      }
      assertEquals(before, onOwnThread(RealTimeTest::state));
      return before;
    });
  }

  /// A thread that began inside and runs its first statement after the end.
  @Test
  void undoInherited_afterTheOtherHasClosed() throws Exception {
    onOwnThread(() -> {
      String before = state();
      CountDownLatch closed = new CountDownLatch(1);
      FutureTask<String> child =
          new FutureTask<>(() -> {
            closed.await();
            assertTrue(RealTime.undoInherited());
            return state();
          });
      try (RealTime realTime =
          RealTime.enter(
              new RealTimeConfig()
                  .processor(anAllowedProcessor())
                  .priority(10)
                  .lockMemory(false))) {
        new Thread(child, "child").start();
        assertTrue(realTime.settings().get(1).isGranted());
      }
      closed.countDown();
      assertEquals(before, child.get());
      return before;
    });
  }

  @Test
  void offload_runsAsBeforeEntering() throws Exception {
    onOwnThread(() -> {
      String before = state();
      RealTimeConfig config =
          new RealTimeConfig().processor(anAllowedProcessor()).priority(10).lockMemory(false);
      AtomicReference<String> offloaded = new AtomicReference<>();
      try (RealTime realTime = RealTime.enter(config);
          Loop loop = new Loop()) {
        loop.addTask(() -> offloaded.set(loop.offload(RealTimeTest::state)));
        loop.run();
        assertTrue(realTime.settings().get(1).isGranted());
      }
      assertEquals(before, offloaded.get());
      return before;
    });
  }

  @Test
  void enter_whatTheKernelRefusesIsNamedAndNothingElseIsLost() throws Exception {
    onOwnThread(() -> {
      RealTimeConfig config = new RealTimeConfig().processor(1023).priority(0).lockMemory(false);
      try (RealTime realTime = RealTime.enter(config)) {
        assertEquals(
            "[timer slack 1 ns, processor 1023: refused, not possible on this machine]",
            realTime.toString());
        assertFalse(realTime.isComplete());
        assertTrue(realTime.settings().getFirst().isGranted());
        assertNotNull(realTime.settings().get(1).obstacle());
      }
      return config;
    });
  }

  @Test
  void memory_mayBeLockedByWhoIsCapable() {
    assertTrue(LibC.isCapable("Name:\tx\nCapEff:\t0000000000004000\n", LibC.CAP_IPC_LOCK));
    assertFalse(LibC.isCapable("CapPrm:\tffff\nCapEff:\t000001ffffffbfff\n", LibC.CAP_IPC_LOCK));
    assertFalse(LibC.isCapable("", LibC.CAP_IPC_LOCK));
  }

  @Test
  void close_onAnotherThreadIsRefused() throws Exception {
    RealTime foreign =
        onOwnThread(() -> RealTime.enter(new RealTimeConfig().priority(0).lockMemory(false)));
    assertEquals(
        "close: called on thread "
            + Thread.currentThread().getName()
            + " (expected: real-time-test)",
        assertThrows(IllegalStateException.class, foreign::close).getMessage());
  }

  @Test
  void badInput_isRefused() {
    RealTimeConfig config = new RealTimeConfig();
    assertRefused("timerSlackNs: 0 (expected: >= 1)", () -> config.timerSlackNs(0));
    assertRefused("processor: -1 (expected: 0 to 1023)", () -> config.processor(-1));
    assertRefused("processor: 1024 (expected: 0 to 1023)", () -> config.processor(1024));
    assertRefused("priority: 100 (expected: 0 to 99)", () -> config.priority(100));
    assertRefused("priority: -1 (expected: 0 to 99)", () -> config.priority(-1));
  }

  private static void assertRefused(String message, Runnable attempt) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, attempt::run).getMessage());
  }
}
