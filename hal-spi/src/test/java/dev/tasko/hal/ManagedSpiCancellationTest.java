package dev.tasko.hal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.Task;
import dev.tasko.TaskFailedException;
import dev.tasko.VirtualTime;
import dev.tasko.hal.ManagedSpiTest.BlockingBus;
import dev.tasko.hal.ManagedSpiTest.Line;
import dev.tasko.hal.ManagedSpiTest.SuspendingBus;
import dev.tasko.hal.driver.Bme280;
import dev.tasko.hal.driver.SdCard;
import dev.tasko.task.Body;
import dev.tasko.task.CoroutineEngine;
import dev.tasko.task.TaskCancelledException;
import dev.tasko.task.TaskTimeoutException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A task that is to end while it uses the bus: the wire first, then the line, then the others.
@ParameterizedClass
@EnumSource(CoroutineEngine.class)
class ManagedSpiCancellationTest {
  private static final long LIMIT_NS = 5;
  private static final long WIRE_NS = 10;

  /// How the task is to end, after the limit's time.
  enum Ending {
    CANCEL,
    LIMIT
  }

  private final CoroutineEngine engine;
  private final VirtualTime time = new VirtualTime(0);
  private final Queue<String> trace = new ConcurrentLinkedQueue<>();
  private final Loop loop;
  private final Line line = new Line("D1");
  private final Line nextLine = new Line("D2");

  ManagedSpiCancellationTest(CoroutineEngine engine) {
    this.engine = engine;
    loop = new Loop(new LoopConfig().virtualTime(time).engine(engine));
  }

  @AfterEach
  void close() {
    loop.close();
  }

  private void log(String what) {
    trace.add(what);
  }

  private String levels() {
    return (line.isHigh() ? "high" : "low") + " " + (nextLine.isHigh() ? "high" : "low");
  }

  private final class BlockedWire extends BlockingBus {
    @Override
    public TransferResult transfer(SpiMessage message, SpiConfig config) {
      TransferResult result = super.transfer(message, config);
      log("wire done, lines " + levels());
      return result;
    }

    @Override
    public TransferResult idleClocks(int clocks, SpiConfig config) {
      log("clocks, lines " + levels());
      return TransferResult.DONE;
    }
  }

  private final class SlowWire extends SuspendingBus {
    SlowWire() {
      super(loop);
    }

    @Override
    public TransferResult transfer(SpiMessage message, SpiConfig config) {
      loop.sleepNs(WIRE_NS);
      log("wire done, lines " + levels());
      return TransferResult.DONE;
    }

    @Override
    public TransferResult idleClocks(int clocks, SpiConfig config) {
      loop.sleepNs(WIRE_NS);
      log("clocks, lines " + levels());
      return TransferResult.DONE;
    }
  }

  private Task user(Ending ending, Body body) {
    return loop.addTask(() -> {
      try {
        if (ending == Ending.LIMIT) {
          loop.timeoutNs(LIMIT_NS, body);
        } else {
          body.run();
        }
      } catch (TaskCancelledException | TaskTimeoutException e) {
        log("told");
      }
    });
  }

  private void next(ManagedSpi spi, SpiConfig config) {
    SpiDevice device = spi.device(nextLine, config);
    SpiMessage message = device.prepare(1);
    loop.addTask(() -> {
      device.transfer(message).orThrow();
      log("next");
    });
  }

  /// Steps without idling, so that time passes only here.
  private void steps() {
    for (int i = 0; i < 4; i++) {
      loop.doWork();
    }
  }

  private void end(Ending ending, Task user) {
    time.advance(LIMIT_NS);
    if (ending == Ending.CANCEL) {
      user.cancel();
    }
    steps();
  }

  private static Body transferAndSleep(Loop loop, SpiDevice device, Runnable log) {
    SpiMessage message = device.prepare(1);
    return () -> {
      device.transfer(message).orThrow();
      log.run();
      loop.sleepNs(1);
    };
  }

  private void assertOnTheWire(ManagedSpi spi) {
    assertEquals("low high", levels());
    assertTrue(spi.isOwned());
    assertEquals(List.of(), List.copyOf(trace));
  }

  private void assertTransferredThenNext(ManagedSpi spi, int clocks) {
    List<String> expected =
        clocks == 0
            ? List.of(
                "wire done, lines low high",
                "transferred",
                "told",
                "wire done, lines high low",
                "next")
            : List.of(
                "wire done, lines low high",
                "clocks, lines high high",
                "transferred",
                "told",
                "wire done, lines high low",
                "clocks, lines high high",
                "next");
    assertEquals(expected, List.copyOf(trace));
    assertEquals("high high", levels());
    assertFalse(spi.isOwned());
  }

  private static Set<Ending> endings() {
    return EnumSet.allOf(Ending.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8})
  void end_onTheWireOfABlockingBusComesAfterIt(int clocks) {
    SpiConfig config = new SpiConfig(1_000_000, 0, clocks);
    for (Ending ending : endings()) {
      trace.clear();
      BlockedWire bus = new BlockedWire();
      try (ManagedSpi spi = new ManagedSpi(loop, bus)) {
        SpiDevice device = spi.device(line, config);
        Task user = user(ending, transferAndSleep(loop, device, () -> log("transferred")));
        next(spi, config);
        steps();
        end(ending, user);
        assertOnTheWire(spi);
        bus.release.countDown();
        loop.run();
        assertTransferredThenNext(spi, clocks);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8})
  void end_onTheWireInVirtualTimeComesAfterIt(int clocks) {
    SpiConfig config = new SpiConfig(1_000_000, 0, clocks);
    for (Ending ending : endings()) {
      trace.clear();
      try (ManagedSpi spi = new ManagedSpi(loop, new SlowWire())) {
        SpiDevice device = spi.device(line, config);
        Task user = user(ending, transferAndSleep(loop, device, () -> log("transferred")));
        next(spi, config);
        steps();
        end(ending, user);
        assertOnTheWire(spi);
        loop.run();
        assertTransferredThenNext(spi, clocks);
      }
    }
  }

  /// The second transfer is not begun, since the wait before it throws.
  @ParameterizedTest
  @EnumSource(Ending.class)
  void end_inASelectionIsToldBetweenItsTransfers(Ending ending) {
    SpiConfig config = new SpiConfig(1_000_000, 0, 8);
    try (ManagedSpi spi = new ManagedSpi(loop, new SlowWire())) {
      SpiDevice device = spi.device(line, config);
      SpiMessage message = device.prepare(1);
      Task user =
          user(
              ending,
              () -> {
                try (SpiDevice.Selection selection = device.select()) {
                  selection.transfer(message).orThrow();
                  log("first");
                  device.delayNs(1);
                  selection.transfer(message).orThrow();
                  log("second");
                }
              });
      next(spi, config);
      steps();
      end(ending, user);
      assertOnTheWire(spi);
      loop.run();
      assertEquals(
          List.of(
              "wire done, lines low high",
              "first",
              "clocks, lines high high",
              "told",
              "wire done, lines high low",
              "clocks, lines high high",
              "next"),
          List.copyOf(trace));
      assertFalse(spi.isOwned());
    }
  }

  @ParameterizedTest
  @EnumSource(Ending.class)
  void end_inTheQueueOfTheBusTouchesNoLine(Ending ending) {
    SpiConfig config = new SpiConfig(1_000_000, 0);
    try (ManagedSpi spi = new ManagedSpi(loop, new SlowWire())) {
      next(spi, config);
      SpiDevice device = spi.device(line, config);
      Task user = user(ending, transferAndSleep(loop, device, () -> log("transferred")));
      steps();
      end(ending, user);
      loop.run();
      assertEquals(List.of("told", "wire done, lines high low", "next"), List.copyOf(trace));
      assertFalse(spi.isOwned());
    }
  }

  /// Cancels a block write after each step that it takes, the bus being shared with a sensor.
  @Test
  void cancel_ofABlockWriteAtEachOfItsStepsLeavesOldOrNew() {
    byte[] before = filled(0x55);
    byte[] after = filled(0xAA);
    int cancelled = 0;
    int written = 0;
    boolean goesOn = true;
    for (int steps = 0; goesOn; steps++) {
      CardRun run = new CardRun(engine, before, after);
      goesOn = run.cancelAfter(steps);
      cancelled++;
      byte[] found = run.readBack();
      boolean isNew = Arrays.equals(after, found);
      assertTrue(isNew || Arrays.equals(before, found), "after step " + steps);
      written += isNew ? 1 : 0;
      run.loop.close();
    }
    System.out.println("sd card: cancelled at " + cancelled + " steps, " + written + " times new");
    assertTrue(written > 1 && written < cancelled);
  }

  private static byte[] filled(int value) {
    byte[] bytes = new byte[SdCard.BLOCK_BYTES];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static final class CardRun {
    private static final int BLOCK = 7;
    private static final int OTHER_BLOCK = 8;

    private final VirtualTime time = new VirtualTime(0);
    final Loop loop;
    private final SdCard card;
    private final Bme280 sensor;
    private final byte[] before;
    private final byte[] after;
    private boolean measuring = true;
    private @Nullable Task writer;

    CardRun(CoroutineEngine engine, byte[] before, byte[] after) {
      loop = new Loop(new LoopConfig().virtualTime(time).engine(engine));
      this.before = before;
      this.after = after;
      Hal hal =
          HalProvider.named("sim")
              .open(HalConfig.virtualTime(time, loop::sleepNs, loop::callAt, 3));
      ManagedSpi spi = new ManagedSpi(loop, hal.spi("sim:0"));
      SpiConfig config = new SpiConfig(8_000_000, 0);
      card = new SdCard(spi.device(hal.pin("D5"), config));
      sensor = new Bme280(spi.device(hal.pin("D4"), config));
    }

    /// Returns whether the task was still writing then.
    boolean cancelAfter(int steps) {
      loop.addTask(() -> {
        card.start();
        card.writeBlock(BLOCK, new UnsafeBuffer(before), 0);
        sensor.start();
      });
      loop.run();
      loop.addTask(this::measure);
      Task writes = loop.addTask(() -> card.writeBlock(BLOCK, new UnsafeBuffer(after), 0));
      for (int i = 0; i < steps; i++) {
        loop.step();
      }
      boolean inTime = !writes.isDone();
      writes.cancel();
      writer = writes;
      return inTime;
    }

    private void measure() {
      while (measuring) {
        sensor.measure();
      }
    }

    /// The driver is used by one task at a time.
    private void awaitWriter() {
      Task writes = Objects.requireNonNull(writer);
      try {
        writes.join();
      } catch (TaskFailedException e) {
        assertInstanceOf(TaskCancelledException.class, e.getCause());
      }
    }

    /// By another task, which uses the card for more.
    byte[] readBack() {
      UnsafeBuffer block = new UnsafeBuffer(new byte[SdCard.BLOCK_BYTES]);
      UnsafeBuffer other = new UnsafeBuffer(new byte[SdCard.BLOCK_BYTES]);
      loop.addTask(() -> {
        awaitWriter();
        card.readBlock(BLOCK, block, 0);
        card.writeBlock(OTHER_BLOCK, new UnsafeBuffer(after), 0);
        card.readBlock(OTHER_BLOCK, other, 0);
        measuring = false;
      });
      loop.run();
      assertEquals(0, other.compareTo(new UnsafeBuffer(after)));
      return block.byteArray();
    }
  }
}
