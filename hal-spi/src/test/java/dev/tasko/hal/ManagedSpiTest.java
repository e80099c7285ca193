package dev.tasko.hal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.VirtualTime;
import dev.tasko.hal.driver.Bme280;
import dev.tasko.hal.driver.SdCard;
import dev.tasko.resource.Handle;
import dev.tasko.resource.Lease;
import dev.tasko.task.CoroutineEngine;
import dev.tasko.task.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.LangUtil;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManagedSpiTest {
  private static final SpiConfig CONFIG = new SpiConfig(8_000_000, 0);

  private final VirtualTime time = new VirtualTime(0);
  private final List<String> trace = new ArrayList<>();

  private Loop loop(CoroutineEngine engine) {
    return new Loop(new LoopConfig().virtualTime(time).engine(engine));
  }

  @ParameterizedTest
  @EnumSource(CoroutineEngine.class)
  void c25_chipSelectIsLowExactlyWhileTheHandleIsHeld(CoroutineEngine engine) {
    try (Loop loop = loop(engine);
        ManagedSpi spi = new ManagedSpi(loop, new SuspendingBus(loop))) {
      Line sdcardLine = new Line("D1");
      Line screenLine = new Line("D2");
      Handle<SpiBus, DigitalPin> sdcard = spi.csHandle(sdcardLine);
      Handle<SpiBus, DigitalPin> screen = spi.csHandle(screenLine);
      assertTrue(sdcardLine.isHigh());
      assertTrue(screenLine.isHigh());
      loop.addTask(() -> holdForTwoSteps(loop, sdcard, sdcardLine, screenLine));
      loop.addTask(() -> holdForTwoSteps(loop, screen, screenLine, sdcardLine));
      loop.step();
      assertTrue(sdcard.isActive());
      assertFalse(screen.isActive());
      loop.step();
      loop.step();
      assertFalse(sdcard.isActive());
      loop.step();
      assertTrue(screen.isActive());
      loop.run();
      assertTrue(sdcardLine.isHigh());
      assertTrue(screenLine.isHigh());
    }
  }

  private static void holdForTwoSteps(
      Loop loop, Handle<SpiBus, DigitalPin> handle, Line own, Line other) {
    try (Lease<SpiBus> _ = handle.acquire()) {
      for (int i = 0; i < 2; i++) {
        assertFalse(own.isHigh());
        assertTrue(other.isHigh());
        loop.yieldNow();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(CoroutineEngine.class)
  void drivers_shareTheSimulatedBusInVirtualTime(CoroutineEngine engine) {
    try (Loop loop = loop(engine);
        Hal hal =
            HalProvider.named("sim")
                .open(HalConfig.virtualTime(time, loop::sleepNs, loop::callAt, 3));
        ManagedSpi spi = new ManagedSpi(loop, hal.spi("sim:0"))) {
      Bme280 sensor = new Bme280(spi.device(hal.pin("D4"), CONFIG));
      SdCard card = new SdCard(spi.device(hal.pin("D5"), CONFIG));
      UnsafeBuffer block = new UnsafeBuffer(new byte[SdCard.BLOCK_BYTES]);
      UnsafeBuffer back = new UnsafeBuffer(new byte[SdCard.BLOCK_BYTES]);
      block.putInt(100, 12345);
      loop.addTask(() -> {
        sensor.start();
        for (int i = 0; i < 20; i++) {
          sensor.measure();
        }
        trace.add("sensor " + sensor.temperatureCentiC());
      });
      loop.addTask(() -> {
        card.start();
        for (int i = 0; i < 20; i++) {
          card.writeBlock(i, block, 0);
          card.readBlock(i, back, 0);
          assertEquals(0, block.compareTo(back));
        }
        trace.add("card " + card.blocks());
      });
      loop.run();
      assertEquals(List.of("card 2048", "sensor 400"), trace);
    }
  }

  /// The bus thread hangs in a transfer; the other tasks run on, and time stands still for it.
  @ParameterizedTest
  @EnumSource(CoroutineEngine.class)
  void handOver_theLoopRunsOnWhileTheBusBlocks(CoroutineEngine engine) {
    BlockingBus bus = new BlockingBus();
    try (Loop loop = loop(engine);
        ManagedSpi spi = new ManagedSpi(loop, bus)) {
      SpiDevice device = spi.device(new Line("D1"), CONFIG);
      SpiMessage message = device.prepare(4);
      loop.addTask(() -> {
        device.transfer(message).orThrow();
        trace.add("transferred at " + time.nanoTime());
      });
      loop.addTask(() -> {
        for (int i = 0; i < 100; i++) {
          loop.yieldNow();
        }
        trace.add("yielded at " + time.nanoTime());
        bus.release.countDown();
        loop.sleepNs(1_000);
        trace.add("slept until " + time.nanoTime());
      });
      loop.run();
      assertEquals(List.of("yielded at 0", "transferred at 0", "slept until 1000"), trace);
      assertEquals("tasko-bus-blocking:0", bus.usedBy);
    }
  }

  @ParameterizedTest
  @EnumSource(CoroutineEngine.class)
  void handOver_whatTheBusThrowsArrivesInTheTask(CoroutineEngine engine) {
    for (Throwable failure :
        List.of(new IllegalStateException("fire"), new AssertionError("fire"))) {
      BlockingBus bus = new BlockingBus();
      bus.release.countDown();
      bus.failure = failure;
      Line line = new Line("D1");
      try (Loop loop = loop(engine);
          ManagedSpi spi = new ManagedSpi(loop, bus)) {
        SpiDevice device = spi.device(line, CONFIG);
        SpiMessage message = device.prepare(4);
        loop.addTask(() -> device.transfer(message).orThrow());
        assertSame(failure, assertThrows(failure.getClass(), loop::run));
        assertFalse(spi.isOwned());
        assertTrue(line.isHigh());
        bus.failure = null;
        loop.addTask(() -> device.transfer(message).orThrow());
        loop.run();
        assertEquals(2, bus.transfers.get());
      }
    }
  }

  /// A task that may not suspend keeps the bus until the wire is done; the next one finds it in
  /// order.
  @ParameterizedTest
  @EnumSource(CoroutineEngine.class)
  void handOver_refusedWaitLeavesTheBusInOrder(CoroutineEngine engine) {
    BlockingBus bus = new BlockingBus();
    bus.release.countDown();
    try (Loop loop = new Loop(new LoopConfig().virtualTime(time).engine(engine).strict(true));
        ManagedSpi spi = new ManagedSpi(loop, bus)) {
      SpiDevice device = spi.device(new Line("D1"), CONFIG);
      SpiMessage message = device.prepare(4);
      Object monitor = new Object();
      loop.addTask(() -> {
        synchronized (monitor) {
          device.transfer(message).orThrow();
        }
      });
      loop.addTask(() -> device.transfer(message).orThrow());
      assertThrows(IllegalStateException.class, loop::run);
      loop.run();
      assertEquals(2, bus.transfers.get());
      assertFalse(spi.isOwned());
    }
  }

  @ParameterizedTest
  @EnumSource(CoroutineEngine.class)
  void close_ofTheBusBeforeTheLoopAnswersClosed(CoroutineEngine engine) {
    BlockingBus bus = new BlockingBus();
    bus.release.countDown();
    Line line = new Line("D1");
    ManagedSpi spi;
    try (Loop loop = loop(engine)) {
      spi = new ManagedSpi(loop, bus);
      SpiDevice device = spi.device(line, new SpiConfig(1_000_000, 0, 8));
      SpiMessage message = device.prepare(4);
      loop.addTask(() -> trace.add(device.transfer(message).toString()));
      loop.step();
      spi.close();
      loop.addTask(() -> trace.add(reasonOf(device.transfer(message))));
    }
    assertFalse(spi.isOwned());
    assertTrue(line.isHigh());
  }

  @Test
  @SuppressWarnings("try") // the explicit close is the point
  void transfer_afterTheBusWasClosedAnswersClosed() {
    BlockingBus bus = new BlockingBus();
    try (Loop loop = loop(CoroutineEngine.best());
        ManagedSpi spi = new ManagedSpi(loop, bus)) {
      SpiDevice device = spi.device(new Line("D1"), CONFIG);
      SpiMessage message = device.prepare(4);
      spi.close();
      loop.addTask(() -> trace.add(reasonOf(device.transfer(message))));
      loop.run();
      assertEquals(List.of("CLOSED"), trace);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void csHandle_refusesAPinOfOtherHardware(boolean realTime) {
    HalConfig config =
        realTime
            ? HalConfig.realTime()
            : HalConfig.virtualTime(time, delayNs -> {}, (atNs, action) -> {}, 1);
    try (Loop loop = loop(CoroutineEngine.best());
        Hal hal = HalProvider.named("sim").open(config);
        ManagedSpi spi = new ManagedSpi(loop, hal.spi("sim:0"))) {
      Line foreign = new Line("X1");
      String message =
          assertThrows(IllegalArgumentException.class, () -> spi.csHandle(foreign)).getMessage();
      assertEquals("select: X1 (expected: a pin of the simulated hardware)", message);
      // One that is its own, but has no device, is a socket without a chip.
      SpiDevice empty = spi.device(hal.pin("D6"), CONFIG);
      loop.addTask(() -> trace.add(reasonOf(empty.transfer(empty.prepare(1)))));
      loop.run();
      assertEquals(List.of("DONE"), trace);
    }
  }

  private static String reasonOf(TransferResult result) {
    return result instanceof TransferResult.Failed failed ? failed.reason().name() : "DONE";
  }

  /// Closing the loop waits for the wire: the message belongs to it until then.
  @ParameterizedTest
  @EnumSource(CoroutineEngine.class)
  void close_waitsForTheWireAndRaisesTheSelect(CoroutineEngine engine) {
    BlockingBus bus = new BlockingBus();
    Line line = new Line("D1");
    Loop loop = loop(engine);
    try (ManagedSpi spi = new ManagedSpi(loop, bus)) {
      SpiDevice device = spi.device(line, CONFIG);
      SpiMessage message = device.prepare(4);
      loop.addTask(() -> device.transfer(message).orThrow());
      loop.step();
      assertFalse(line.isHigh());
      bus.release.countDown();
      loop.close();
      assertEquals(1, bus.transfers.get());
      assertTrue(line.isHigh());
      assertFalse(spi.isOwned());
    }
  }

  @Test
  void selection_holdsTheBusUntilItIsClosed() {
    try (Loop loop = loop(CoroutineEngine.best());
        ManagedSpi spi = new ManagedSpi(loop, new SuspendingBus(loop))) {
      Line line = new Line("D1");
      SpiDevice first = spi.device(line, CONFIG);
      SpiDevice second = spi.device(new Line("D2"), CONFIG);
      SpiMessage message = first.prepare(1);
      loop.addTask(
          "first",
          () -> {
            SpiDevice.Selection kept = first.select();
            kept.transfer(message).orThrow();
            loop.yieldNow();
            assertFalse(line.isHigh());
            assertEquals("first", spi.owner());
            trace.add("first");
            kept.close();
            kept.close();
            assertThrows(IllegalStateException.class, () -> kept.transfer(message));
          });
      loop.addTask(() -> {
        second.transfer(message).orThrow();
        trace.add("second");
      });
      loop.run();
      assertEquals(List.of("first", "second"), trace);
      assertTrue(line.isHigh());
    }
  }

  @ParameterizedTest
  @EnumSource(CoroutineEngine.class)
  void selection_thatItsTaskLeavesOpenEndsWithTheTask(CoroutineEngine engine) {
    try (Loop loop = loop(engine);
        ManagedSpi spi = new ManagedSpi(loop, new SuspendingBus(loop))) {
      Line line = new Line("D1");
      SpiDevice left = spi.device(line, CONFIG);
      SpiDevice other = spi.device(new Line("D2"), CONFIG);
      SpiMessage message = left.prepare(1);
      loop.addTask(() -> left.select().transfer(message).orThrow());
      loop.addTask(() -> {
        other.transfer(message).orThrow();
        trace.add("line of the other " + line.isHigh());
      });
      IllegalStateException thrown = assertThrows(IllegalStateException.class, loop::run);
      assertTrue(String.valueOf(thrown.getMessage()).contains("not given back"), thrown::toString);
      loop.run();
      assertEquals(List.of("line of the other true"), trace);
      loop.addTask(() -> {
        try (SpiDevice.Selection again = left.select()) {
          again.transfer(message).orThrow();
        }
        trace.add("again");
      });
      loop.run();
      assertEquals(List.of("line of the other true", "again"), trace);
      assertTrue(line.isHigh());
    }
  }

  @Test
  void handOver_preparesTheThreadOfTheBus() {
    List<String> prepared = new CopyOnWriteArrayList<>();
    BlockingBus bus = new BlockingBus();
    bus.release.countDown();
    Threads.prepareBy(() -> prepared.add(Thread.currentThread().getName()));
    try (Loop loop = new Loop(new LoopConfig());
        ManagedSpi spi = new ManagedSpi(loop, bus)) {
      SpiDevice device = spi.device(new Line("D1"), CONFIG);
      loop.addTask(() -> device.transfer(device.prepare(1)).orThrow());
      loop.run();
      assertEquals(1, prepared.size());
      assertTrue(prepared.getFirst().startsWith("tasko-bus-"), prepared::toString);
    } finally {
      Threads.prepareBy(() -> {});
    }
  }

  /// An output line that is just a level.
  static final class Line implements DigitalPin {
    private final String name;
    private volatile boolean high;

    Line(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void setHigh(boolean level) {
      high = level;
    }

    @Override
    public boolean isHigh() {
      return high;
    }
  }

  /// A bus without devices whose delays suspend the task.
  static class SuspendingBus implements SpiBus {
    private final Loop loop;

    SuspendingBus(Loop loop) {
      this.loop = loop;
    }

    @Override
    public String name() {
      return "suspending:0";
    }

    @Override
    public SpiCapabilities capabilities() {
      return SpiCapabilities.COMMON;
    }

    @Override
    public boolean delaySuspends() {
      return true;
    }

    @Override
    public NanoClock clock() {
      return loop::nowNs;
    }

    @Override
    public void delayNs(long delayNs) {
      loop.sleepNs(delayNs);
    }

    @Override
    public TransferResult transfer(SpiMessage message, SpiConfig config) {
      loop.yieldNow();
      return TransferResult.DONE;
    }

    @Override
    public TransferResult idleClocks(int clocks, SpiConfig config) {
      return TransferResult.DONE;
    }
  }

  /// A bus that blocks its caller until it is released.
  static class BlockingBus implements SpiBus {
    final CountDownLatch release = new CountDownLatch(1);
    volatile @Nullable Throwable failure;
    volatile String usedBy = "nobody";
    final AtomicInteger transfers = new AtomicInteger();

    @Override
    public String name() {
      return "blocking:0";
    }

    @Override
    public SpiCapabilities capabilities() {
      return SpiCapabilities.COMMON;
    }

    @Override
    public boolean delaySuspends() {
      return false;
    }

    @Override
    public NanoClock clock() {
      return System::nanoTime;
    }

    @Override
    public void delayNs(long delayNs) {
      throw new AssertionError("delayNs: the loop's own timers should wait");
    }

    @Override
    public TransferResult transfer(SpiMessage message, SpiConfig config) {
      usedBy = Thread.currentThread().getName();
      try {
        release.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      transfers.incrementAndGet();
      if (failure != null) {
        LangUtil.rethrowUnchecked(failure);
      }
      return TransferResult.DONE;
    }

    @Override
    public TransferResult idleClocks(int clocks, SpiConfig config) {
      return TransferResult.DONE;
    }
  }
}
