package dev.tasko.hal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.Task;
import dev.tasko.VirtualTime;
import dev.tasko.hal.driver.Bme280;
import dev.tasko.hal.sim.SimHal;
import dev.tasko.resource.Handle;
import dev.tasko.resource.Lease;
import dev.tasko.task.CoroutineEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.agrona.DirectBuffer;
import org.agrona.LangUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ManagedI2cTest {
  private final VirtualTime time = new VirtualTime(0);
  private final List<String> trace = new ArrayList<>();
  private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4]);

  private Loop loop(CoroutineEngine engine) {
    return new Loop(new LoopConfig().virtualTime(time).engine(engine));
  }

  private SimHal hal(Loop loop) {
    return SimHal.open(
        HalConfig.virtualTime(time, loop::sleepNs, loop::callAt, 3)
            .withOption("bus.callMinNs", "0")
            .withOption("bus.callMaxNs", "0")
            .withOption("bus.tailPermille", "0"));
  }

  @ParameterizedTest
  @EnumSource(CoroutineEngine.class)
  void drivers_shareTheBusInVirtualTime(CoroutineEngine engine) {
    try (Loop loop = loop(engine);
        Hal hal = hal(loop);
        ManagedI2c i2c = new ManagedI2c(loop, hal.i2c("sim:i2c0"))) {
      Bme280 sensor = new Bme280(i2c.device(0x76));
      loop.addTask(() -> {
        sensor.start();
        sensor.measure();
        trace.add("sensor " + sensor.temperatureCentiC());
      });
      loop.addTask(() -> {
        for (int i = 0; i < 20; i++) {
          trace.add(reasonOf(i2c.device(0x77).read(buffer, 1)));
        }
      });
      loop.run();
      assertEquals("sensor 400", trace.removeLast());
      assertEquals(List.of("ADDRESS_NACK"), trace.stream().distinct().toList());
      assertFalse(i2c.isOwned());
    }
  }

  /// 4 bytes and their address take 47 clocks of 2.5 µs; in virtual time nothing else does.
  @ParameterizedTest
  @EnumSource(CoroutineEngine.class)
  void transfers_areFirstComeFirstServed(CoroutineEngine engine) {
    try (Loop loop = loop(engine);
        Hal hal = hal(loop);
        ManagedI2c i2c = new ManagedI2c(loop, hal.i2c("sim:i2c0"))) {
      for (int i = 0; i < 3; i++) {
        String name = "task " + i;
        loop.addTask(() -> {
          i2c.read(0x76, buffer, 4).orThrow();
          trace.add(name + " at " + time.nanoTime());
        });
      }
      loop.run();
      assertEquals(List.of("task 0 at 117500", "task 1 at 235000", "task 2 at 352500"), trace);
    }
  }

  @Test
  void handle_holdsTheBusOverTransfers() {
    try (Loop loop = loop(CoroutineEngine.best());
        Hal hal = hal(loop);
        ManagedI2c i2c = new ManagedI2c(loop, hal.i2c("sim:i2c0"))) {
      Handle<I2cBus, String> handle = i2c.handle("eeprom");
      loop.addTask(
          "one",
          () -> {
            try (Lease<I2cBus> bus = handle.acquire()) {
              bus.get().read(0x76, buffer, 1).orThrow();
              loop.sleepNs(1_000_000);
              bus.get().read(0x76, buffer, 1).orThrow();
              trace.add("handle of " + i2c.owner());
            }
          });
      loop.addTask(() -> {
        i2c.read(0x76, buffer, 1).orThrow();
        trace.add("other");
      });
      loop.run();
      assertEquals(List.of("handle of one", "other"), trace);
      assertNull(i2c.owner());
    }
  }

  @ParameterizedTest
  @EnumSource(CoroutineEngine.class)
  void cancel_finishesWhatIsOnTheWire(CoroutineEngine engine) {
    try (Loop loop = loop(engine);
        Hal hal = hal(loop);
        ManagedI2c i2c = new ManagedI2c(loop, hal.i2c("sim:i2c0"))) {
      Task reader =
          loop.addTask(() -> {
            trace.add(reasonOf(i2c.read(0x76, buffer, 4)) + " at " + time.nanoTime());
            i2c.delayNs(1);
            trace.add("not reached");
          });
      loop.addTask(() -> {
        reader.cancel();
        i2c.read(0x76, buffer, 4).orThrow();
        trace.add("next at " + time.nanoTime());
      });
      loop.run();
      assertEquals(List.of("DONE at 117500", "next at 235000"), trace);
      assertFalse(i2c.isOwned());
    }
  }

  /// The bus thread hangs in a transfer; the other tasks run on, and time stands still for it.
  @ParameterizedTest
  @EnumSource(CoroutineEngine.class)
  void handOver_theLoopRunsOnWhileTheBusBlocks(CoroutineEngine engine) {
    BlockingI2c bus = new BlockingI2c();
    try (Loop loop = loop(engine);
        ManagedI2c i2c = new ManagedI2c(loop, bus)) {
      loop.addTask(() -> {
        i2c.device(0x50).writeRead(buffer, 1, buffer, 2).orThrow();
        trace.add("transferred at " + time.nanoTime());
      });
      loop.addTask(() -> {
        for (int i = 0; i < 100; i++) {
          loop.yieldNow();
        }
        trace.add("yielded at " + time.nanoTime());
        bus.release.countDown();
        i2c.delayNs(1_000);
        trace.add("slept until " + time.nanoTime());
      });
      loop.run();
      assertEquals(List.of("yielded at 0", "transferred at 0", "slept until 1000"), trace);
      assertEquals("tasko-bus-blocking:i2c0: 0x50 1 2", bus.used);
    }
  }

  @Test
  void handOver_whatTheBusThrowsArrivesInTheTask() {
    BlockingI2c bus = new BlockingI2c();
    bus.release.countDown();
    bus.failure = new AssertionError("fire");
    try (Loop loop = loop(CoroutineEngine.best());
        ManagedI2c i2c = new ManagedI2c(loop, bus)) {
      loop.addTask(() -> i2c.read(0x50, buffer, 1).orThrow());
      assertSame(bus.failure, assertThrows(AssertionError.class, loop::run));
      assertFalse(i2c.isOwned());
    }
  }

  @Test
  @SuppressWarnings("try") // the explicit close is the point
  void transfer_afterTheBusWasClosedAnswersClosed() {
    BlockingI2c bus = new BlockingI2c();
    try (Loop loop = loop(CoroutineEngine.best());
        ManagedI2c i2c = new ManagedI2c(loop, bus)) {
      i2c.close();
      loop.addTask(() -> trace.add(reasonOf(i2c.write(0x50, buffer, 1))));
      loop.run();
      assertEquals(List.of("CLOSED"), trace);
      assertTrue(i2c.delaySuspends());
    }
  }

  private static String reasonOf(TransferResult result) {
    return result instanceof TransferResult.Failed failed ? failed.reason().name() : "DONE";
  }

  /// A bus that blocks its caller until it is released.
  static final class BlockingI2c implements I2cBus {
    final CountDownLatch release = new CountDownLatch(1);
    volatile @Nullable Throwable failure;
    volatile String used = "by nobody";

    @Override
    public String name() {
      return "blocking:i2c0";
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
    public TransferResult writeRead(
        int address, DirectBuffer out, int outBytes, MutableDirectBuffer in, int inBytes) {
      used =
          "%s: 0x%02x %d %d"
              .formatted(Thread.currentThread().getName(), address, outBytes, inBytes);
      try {
        release.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      if (failure != null) {
        LangUtil.rethrowUnchecked(failure);
      }
      return TransferResult.DONE;
    }
  }
}
