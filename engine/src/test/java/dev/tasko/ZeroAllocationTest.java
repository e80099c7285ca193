package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.resource.Handle;
import dev.tasko.resource.Lease;
import dev.tasko.resource.ManagedResource;
import dev.tasko.task.Body;
import dev.tasko.task.CoroutineEngine;
import dev.tasko.wakeup.Interrupt;
import dev.tasko.wakeup.LongMailbox;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The steady state of a loop allocates nothing: callbacks, sleeping coroutines, interrupts of its
/// own and of another thread, values from another thread and from task to task, a task's own value,
/// a contended resource, time limits that are not reached and shields.
class ZeroAllocationTest {
  private static final int TURNS = 1_000_000;
  private static final int WARM_UP = 200_000;
  private static final int TASKS_OF_A_KIND = 3;
  private static final int TURNS_BETWEEN_BOXES = 100_000;
  private static final int TURNS_BETWEEN_FIRINGS = 16;
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Body sleepShort = this::sleepShort;
  private final Body sleepInAShield = this::sleepInAShield;
  private final VirtualTime time = new VirtualTime(0);
  private final AtomicBoolean firing = new AtomicBoolean(true);
  private final AtomicLong turnsTaken = new AtomicLong();
  private final Loop loop;
  private final Channel<String> channel;
  private final LongMailbox numbers;
  private final TaskLocal<String> local;
  private long served;
  private long received;
  private long taken;
  private long works;
  private long misses;
  private long blamed;
  private long overruns;
  private volatile @Nullable Integer box;

  ZeroAllocationTest() {
    TracedLoop.assumeWorks(CoroutineEngine.CONTINUATION);
    loop = new Loop(new LoopConfig().virtualTime(time).strict(false));
    Interrupt own = loop.interrupt("own");
    Interrupt foreign = loop.interrupt("foreign");
    channel = loop.channel("channel", 2);
    numbers = loop.longMailbox("numbers", 8);
    local = new TaskLocal<>(loop);
    ManagedResource<String, String> bus =
        new ManagedResource<>(loop, "bus", argument -> {}, argument -> {});
    for (int i = 0; i < TASKS_OF_A_KIND; i++) {
      Handle<String, String> handle = bus.handle("h");
      loop.scheduleCallback(1e6 / (i + 1), () -> served++);
      loop.schedule(1e6 / (i + 2), () -> loop.sleepNs(300));
      loop.schedule(1e6 / (i + 3), () -> useTwice(handle));
      loop.schedule(1e6 / (i + 4), this::sleepWithinALimit);
    }
    loop.scheduleCallback(7e5, own::fire);
    loop.scheduleCallback("late", promised(MissedTicks.REPHASE), this::workNowAndThen);
    loop.schedule("skips", promised(MissedTicks.SKIP), this::sleepNowAndThen);
    loop.addTask(() -> awaitForEver(own));
    loop.addTask(() -> awaitForEver(foreign));
    loop.schedule(5e5, this::sendMoreThanThereIsRoomFor);
    loop.addTask(this::receiveForEver);
    loop.addTask(this::takeForEver);
    Thread firer = new Thread(() -> fireNowAndThen(foreign));
    firer.setDaemon(true);
    firer.start();
  }

  /// Kept most of the time; the handlers read all there is.
  private Release promised(MissedTicks policy) {
    return new Release(ns(1_700), ns(300), ns(1_000), ns(400))
        .withMissedTicks(policy)
        .withMissHandler(this::readMiss)
        .withOverrunHandler(task -> overruns += task.runNs() > 400 ? 1 : 0);
  }

  private static Duration ns(long ns) {
    return Duration.ofNanos(ns);
  }

  private void readMiss(DeadlineMiss miss) {
    misses++;
    served += miss.latenessNs() + miss.culpritRunNs() + miss.task().releaseNs();
    if (miss.culprit().equals("late")) {
      blamed++;
    }
    served += miss.culpritSite().length();
  }

  private void workNowAndThen() {
    works++;
    time.advance(works % 64 == 0 ? 5_000 : 20);
  }

  private void sleepNowAndThen() {
    works++;
    loop.sleepNs(works % 63 == 0 ? 4_000 : 20);
  }

  @AfterEach
  void close() {
    firing.set(false);
    loop.close();
  }

  /// Often, but not so often that virtual time, which waits for wakeups, stands still.
  private void fireNowAndThen(Interrupt interrupt) {
    long fired = 0;
    while (firing.get()) {
      if (turnsTaken.get() - fired >= TURNS_BETWEEN_FIRINGS) {
        fired = turnsTaken.get();
        interrupt.fire();
        numbers.offer(fired);
      }
      Thread.onSpinWait();
    }
  }

  private void useTwice(Handle<String, String> handle) {
    for (int i = 0; i < 2; i++) {
      try (Lease<String> lease = i == 0 ? handle.acquire() : handle.acquire(LIMIT)) {
        served += lease.get().length();
        loop.sleepNs(200);
      }
    }
  }

  private void sleepShort() {
    loop.sleepNs(100);
  }

  private void sleepInAShield() throws Exception {
    loop.shielded(sleepShort);
  }

  private void sleepWithinALimit() throws Exception {
    loop.timeoutNs(1_000_000, sleepInAShield);
  }

  /// Both wait: the receiver until the first value, the sender for room.
  private void sendMoreThanThereIsRoomFor() {
    for (int i = 0; i < 5; i++) {
      channel.send("value");
    }
  }

  private void receiveForEver() {
    while (true) {
      local.set(channel.receive());
      received += Objects.requireNonNull(local.get()).length();
    }
  }

  private void takeForEver() {
    while (true) {
      numbers.take();
      taken++;
    }
  }

  private void awaitForEver(Interrupt interrupt) {
    while (true) {
      // Not `served += interrupt.await()`, which reads the sum before it waits.
      long count = interrupt.await();
      served += count;
    }
  }

  @Test
  void turns_allocateNothing() {
    turn(WARM_UP, 0);
    long servedBefore = served;
    long receivedBefore = received;
    long takenBefore = taken;
    long timeBefore = time.nanoTime();
    assertEquals(
        0, AllocationWindows.leastBytes(0, () -> turn(TURNS, 0)), "bytes in " + TURNS + " turns");
    assertTrue(served - servedBefore > TURNS / 2, "served " + (served - servedBefore));
    assertTrue(received - receivedBefore > TURNS / 10, "received " + (received - receivedBefore));
    assertTrue(taken - takenBefore > 10, "taken " + (taken - takenBefore));
    assertTrue(time.nanoTime() - timeBefore > TURNS * 10L, "time has passed");
    assertTrue(misses > 100 && blamed > 10 && overruns > 10, "misses " + misses + ", " + blamed);
  }

  /// The measurement sees sixteen bytes now and then among a million turns.
  @Test
  void turns_boxedIntegersAreSeen() {
    turn(WARM_UP, TURNS_BETWEEN_BOXES);
    long expected = 16L * TURNS / TURNS_BETWEEN_BOXES;
    assertEquals(
        expected, AllocationWindows.leastBytes(expected, () -> turn(TURNS, TURNS_BETWEEN_BOXES)));
  }

  @SuppressWarnings("UnnecessaryBoxedVariable")
  private void turn(int count, int turnsBetweenBoxes) {
    for (int i = 1; i <= count; i++) {
      loop.step();
      turnsTaken.lazySet(turnsTaken.getPlain() + 1);
      if (turnsBetweenBoxes > 0 && i % turnsBetweenBoxes == 0) {
        box = Integer.valueOf(i);
      }
    }
  }

  @Override
  public String toString() {
    return "box " + box;
  }
}
