package dev.tasko.hal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.VirtualTime;
import dev.tasko.hal.driver.Bme280;
import dev.tasko.hal.driver.RotaryEncoder;
import dev.tasko.hal.driver.SdCard;
import dev.tasko.hal.sim.SimHal;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// After warm-up, transfers and driver operations allocate nothing.
class AllocationTest {
  private static final int WARM_UP = 3_000;

  /// A suspended stack is copied without garbage once its outermost loop is compiled too.
  private static final int WARM_UP_OF_A_STACK = 150_000;

  private static final int MEASURED = 1_000;
  private static final int WINDOWS_MAX = 20;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final ManualTime time = new ManualTime();

  /// Asserts zero bytes in two windows in a row without a collection, on this thread.
  ///
  /// Compilation may move an allocation out of the way late, and a method taken back may cost a
  /// suspended stack a new chunk once, hence some tries; what an operation allocates is in all.
  private static void assertAllocatesNothing(Runnable operation) {
    assertAllocatesNothing(operation, WARM_UP);
  }

  private static void assertAllocatesNothing(Runnable operation, int warmUp) {
    repeat(operation, warmUp);
    long leastBytes = Long.MAX_VALUE;
    long previousBytes = Long.MAX_VALUE;
    for (int window = 0; window < WINDOWS_MAX && leastBytes > 0; window++) {
      long collections = collections();
      long beforeBytes = THREADS.getCurrentThreadAllocatedBytes();
      repeat(operation, MEASURED);
      long bytes = THREADS.getCurrentThreadAllocatedBytes() - beforeBytes;
      if (collections() == collections) {
        leastBytes = Math.min(leastBytes, Math.max(previousBytes, bytes));
        previousBytes = bytes;
      }
    }
    assertEquals(0, leastBytes);
  }

  private static void repeat(Runnable operation, int times) {
    for (int i = 0; i < times; i++) {
      operation.run();
    }
  }

  private static long collections() {
    long count = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      count += collector.getCollectionCount();
    }
    return count;
  }

  /// The ring to the bus thread and back; the loop steps until a transfer has come back.
  @Test
  void handOver_allocatesNothing() {
    ManagedSpiTest.BlockingBus bus = new ManagedSpiTest.BlockingBus();
    bus.release.countDown();
    LoopConfig config = new LoopConfig().virtualTime(new VirtualTime(0)).strict(false);
    try (Loop loop = new Loop(config);
        ManagedSpi spi = new ManagedSpi(loop, bus)) {
      SpiDevice device = spi.device(new ManagedSpiTest.Line("D1"), new SpiConfig(1_000_000, 0, 8));
      SpiMessage message = device.prepare(4);
      long[] transfers = new long[1];
      loop.addTask(() -> transferForEver(device, message, transfers));
      Runnable oneTransfer =
          () -> {
            long before = transfers[0];
            while (transfers[0] == before) {
              loop.step();
            }
          };
      assertAllocatesNothing(oneTransfer, WARM_UP_OF_A_STACK);
    }
  }

  private static void transferForEver(SpiDevice device, SpiMessage message, long[] transfers) {
    while (true) {
      device.transfer(message).orThrow();
      transfers[0]++;
    }
  }

  @Test
  void handOverOfI2c_allocatesNothing() {
    ManagedI2cTest.BlockingI2c bus = new ManagedI2cTest.BlockingI2c();
    bus.release.countDown();
    LoopConfig config = new LoopConfig().virtualTime(new VirtualTime(0)).strict(false);
    try (Loop loop = new Loop(config);
        ManagedI2c i2c = new ManagedI2c(loop, bus)) {
      I2cDevice device = i2c.device(0x50);
      UnsafeBuffer buffer = new UnsafeBuffer(new byte[4]);
      long[] transfers = new long[1];
      loop.addTask(() -> {
        while (true) {
          device.writeRead(buffer, 1, buffer, 2).orThrow();
          transfers[0]++;
        }
      });
      Runnable oneTransfer =
          () -> {
            long before = transfers[0];
            while (transfers[0] == before) {
              loop.step();
            }
          };
      assertAllocatesNothing(oneTransfer, WARM_UP_OF_A_STACK);
    }
  }

  @Test
  void encoder_allocatesNothing() {
    LoopConfig config = new LoopConfig().virtualTime(new VirtualTime(0)).strict(false);
    try (Loop loop = new Loop(config)) {
      HeldLine a = new HeldLine();
      HeldLine b = new HeldLine();
      RotaryEncoder encoder = new RotaryEncoder(loop, a, b, 4);
      long[] detents = new long[1];
      loop.addTask(() -> {
        while (true) {
          detents[0] += encoder.await();
        }
      });
      Runnable oneDetent =
          () -> {
            a.toggle();
            b.toggle();
            a.toggle();
            b.toggle();
            loop.step();
            loop.step();
          };
      assertAllocatesNothing(oneDetent, WARM_UP_OF_A_STACK);
      assertEquals(encoder.position() / 4, detents[0]);
    }
  }

  /// A line moved by hand.
  private static final class HeldLine implements EdgeInput {
    private boolean high = true;
    private long sequence;
    private @Nullable EdgeListener listener;

    void toggle() {
      high = !high;
      sequence++;
      if (listener != null) {
        listener.onEdge(high, sequence, sequence);
      }
    }

    @Override
    public String name() {
      return "held";
    }

    @Override
    public boolean isHigh() {
      return high;
    }

    @Override
    public void onEdge(@Nullable EdgeListener newListener) {
      listener = newListener;
    }
  }

  @Test
  void transfer_allocatesNothing() {
    SimHal hal = SimHal.open(time.config(1));
    SpiDevice device = hal.spi("sim:0").device(hal.pin("D4"), new SpiConfig(10_000_000, 0, 8));
    SpiMessage message = device.prepare(new int[] {2, 6}, new int[] {10, 0});
    assertAllocatesNothing(() -> {
      device.transfer(message).orThrow();
      try (SpiDevice.Selection scope = device.select()) {
        scope.transfer(message).orThrow();
      }
      device.idleClocks(8).orThrow();
    });
  }

  @Test
  void measure_allocatesNothing() {
    SimHal hal = SimHal.open(time.config(1));
    Bme280 sensor =
        new Bme280(hal.spi("sim:0").device(hal.pin("D4"), new SpiConfig(10_000_000, 0)));
    sensor.start();
    assertAllocatesNothing(sensor::measure);
  }

  @Test
  void measureOverI2c_allocatesNothing() {
    SimHal hal = SimHal.open(time.config(1));
    Bme280 sensor = new Bme280(hal.i2c("sim:i2c0").device(0x76));
    sensor.start();
    assertAllocatesNothing(sensor::measure);
  }

  @Test
  void readAndWrite_allocateNothing(@TempDir Path folder) {
    String image = folder.resolve("card.img").toString();
    try (SimHal hal =
        SimHal.open(
            time.config(1).withOption("sd.image", image).withOption("sd.bytes", "1048576"))) {
      SdCard card =
          new SdCard(hal.spi("sim:0").device(hal.pin("D5"), new SpiConfig(20_000_000, 0)));
      card.start();
      UnsafeBuffer block = new UnsafeBuffer(new byte[SdCard.BLOCK_BYTES]);
      assertAllocatesNothing(() -> {
        card.writeBlock(77, block, 0);
        card.readBlock(77, block, 0);
      });
    }
  }
}
