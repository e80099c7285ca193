package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tasko.resource.Handle;
import dev.tasko.resource.Lease;
import dev.tasko.resource.ManagedResource;
import org.agrona.concurrent.NanoClock;
import org.junit.jupiter.api.Test;

/// How often the loop looks at the time. A reading costs about as much as all else in an
/// activation, so the benchmarks' targets count them.
class ClockReadsTest {
  private static final long PERIOD_NS = 1_000_000;
  private static final int TURNS = 10;

  private final CountingClock clock = new CountingClock();

  @Test
  void activation_readsTwice() {
    try (Loop loop = loop(Compat.TASKO)) {
      loop.scheduleCallback(1000, () -> {});
      assertEquals(2, readsOfTurn(loop));
    }
  }

  @Test
  void activation_readsTwiceIfStrict() {
    try (Loop loop = loop(Compat.STRICT)) {
      loop.scheduleCallback(1000, () -> {});
      loop.scheduleCallback(1000, () -> {});
      assertEquals(4, readsOfTurn(loop));
    }
  }

  @Test
  void sleep_readsTwice() {
    try (Loop loop = loop(Compat.TASKO)) {
      loop.addTask(() -> {
        while (true) {
          loop.sleepNs(PERIOD_NS);
        }
      });
      assertEquals(2, readsOfTurn(loop));
    }
  }

  @Test
  void yield_doesNotRead() {
    try (Loop loop = loop(Compat.TASKO)) {
      loop.addTask(() -> {
        while (true) {
          loop.yieldNow();
        }
      });
      assertEquals(0, readsOfTurn(loop));
    }
  }

  @Test
  void handOver_readsTwiceForScheduledTasks() {
    try (Loop loop = loop(Compat.TASKO)) {
      ManagedResource<String, String> resource = resource(loop);
      loop.schedule(1, () -> useForEver(loop, resource.handle("one")));
      loop.schedule(1, () -> useForEver(loop, resource.handle("other")));
      assertEquals(2, readsOfTurn(loop));
    }
  }

  @Test
  void handOver_doesNotReadForTasksThatCannotTellTheirWaits() {
    try (Loop loop = loop(Compat.TASKO)) {
      ManagedResource<String, String> resource = resource(loop);
      loop.addTask(() -> useForEver(loop, resource.handle("one")));
      loop.addTask(() -> useForEver(loop, resource.handle("other")));
      assertEquals(0, readsOfTurn(loop));
    }
  }

  private static ManagedResource<String, String> resource(Loop loop) {
    return new ManagedResource<>(loop, "bus", argument -> {}, argument -> {});
  }

  private static void useForEver(Loop loop, Handle<String, String> handle) {
    try (Lease<String> _ = handle.acquire()) {
      loop.yieldNow();
    }
    while (true) {
      try (Lease<String> _ = handle.acquire()) {
        Thread.onSpinWait();
      }
    }
  }

  private Loop loop(Compat compat) {
    return new Loop(new LoopConfig().clock(clock).compat(compat));
  }

  /// In the steady state, in which each turn does one thing for each task.
  private long readsOfTurn(Loop loop) {
    turnSomeTimes(loop);
    long before = clock.reads;
    turnSomeTimes(loop);
    return (clock.reads - before) / TURNS;
  }

  private void turnSomeTimes(Loop loop) {
    for (int i = 0; i < TURNS; i++) {
      clock.nowNs += PERIOD_NS;
      loop.doWork();
    }
  }

  private static final class CountingClock implements NanoClock {
    long nowNs;
    long reads;

    @Override
    public long nanoTime() {
      reads++;
      return nowNs;
    }
  }
}
