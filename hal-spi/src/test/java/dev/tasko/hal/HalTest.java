package dev.tasko.hal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.hal.driver.Bme280;
import dev.tasko.hal.driver.SdCard;
import dev.tasko.hal.sim.SimHal;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class HalTest {
  @Test
  void provider_foundByName() {
    HalProvider provider = HalProvider.named("sim");
    assertEquals("sim", provider.name());
    try (Hal hal = provider.open(new ManualTime().config(1))) {
      assertSame(hal.spi("sim:0"), hal.spi("sim:0"));
      assertSame(hal.pin("D4"), hal.pin("D4"));
      assertSame(hal.edges("BUTTON"), hal.edges("BUTTON"));
      assertTrue(hal.spi("sim:0").delaySuspends());
    }
  }

  @Test
  void openNs_isWhenTheBoardsTimeBegan() {
    ManualTime time = new ManualTime();
    long openNs = time.nanoTime();
    try (SimHal hal = SimHal.open(time.config(1))) {
      time.delayNs(1_000_000);
      assertEquals(openNs, hal.openNs());
    }
  }

  @Test
  void pin_selectIsLow() {
    DigitalPin pin = SimHal.open(new ManualTime().config(1)).pin("D9");
    Consumer<DigitalPin> onAcquire = DigitalPin::select;
    Consumer<DigitalPin> onRelease = DigitalPin::deselect;
    assertTrue(pin.isHigh());
    onAcquire.accept(pin);
    assertTrue(pin.isSelected());
    assertFalse(pin.isHigh());
    onRelease.accept(pin);
    assertFalse(pin.isSelected());
  }

  @Test
  void message_layout() {
    SpiMessage message =
        SpiMessage.prepare(SpiCapabilities.COMMON, new int[] {3, 4093}, new int[] {7, 9});
    assertEquals(4096, message.bytes());
    assertEquals(4096, message.tx().capacity());
    assertEquals(4096, message.rx().capacity());
    assertEquals(0, message.tx().addressOffset() % 64);
    assertEquals(0, message.rx().addressOffset() % 64);
    assertEquals(2, message.segments());
    assertEquals(4093, message.segmentBytes(1));
    assertEquals(9, message.delayAfterUs(1));
    assertEquals(16_000, message.totalDelayNs());
    assertSame(message.tx(), message.tx());
  }

  @Test
  void config_clocksRoundedUp() {
    assertEquals(334, new SpiConfig(3_000_000, 0).clocksNs(1));
    assertEquals(80_000_000_000L, new SpiConfig(1, 0).wireNs(10));
  }

  @Test
  void delay_blockingIsNeverEarlyAndKeepsTheInterrupt() {
    Delay delay = Delay.blocking();
    for (long delayNs : new long[] {-1, 0, 1_000, 50_000, 2_000_000}) {
      long startNs = System.nanoTime();
      delay.delayNs(delayNs);
      assertTrue(System.nanoTime() - startNs >= delayNs);
    }
    Thread.currentThread().interrupt();
    long startNs = System.nanoTime();
    delay.delayNs(2_000_000);
    assertTrue(System.nanoTime() - startNs >= 2_000_000);
    assertTrue(Thread.interrupted());
  }

  /// The same program with the same seed takes the same virtual time to the nanosecond.
  @Test
  void run_repeatsBySeed() {
    assertEquals(runNs(5), runNs(5));
    assertTrue(runNs(5) != runNs(6));
  }

  private static long runNs(long seed) {
    ManualTime time = new ManualTime();
    long startNs = time.nanoTime();
    SimHal hal = SimHal.open(time.config(seed));
    SpiBus bus = hal.spi("sim:0");
    Bme280 sensor = new Bme280(bus.device(hal.pin("D4"), new SpiConfig(10_000_000, 3)));
    SdCard card = new SdCard(bus.device(hal.pin("D5"), new SpiConfig(25_000_000, 3)));
    UnsafeBuffer block = new UnsafeBuffer(new byte[512]);
    sensor.start();
    card.start();
    for (int i = 0; i < 20; i++) {
      sensor.measure();
      block.putLong(0, sensor.pressurePaQ8());
      card.writeBlock(i, block, 0);
    }
    return time.nanoTime() - startNs;
  }

  @Test
  void realTime_driversOnTheBoard() {
    try (SimHal hal = SimHal.open(HalConfig.realTime())) {
      assertFalse(hal.bus().delaySuspends());
      Bme280 sensor = new Bme280(hal.bus().device(hal.pin("D4"), new SpiConfig(10_000_000, 0)));
      sensor.start();
      long startNs = System.nanoTime();
      sensor.measure();
      assertTrue(System.nanoTime() - startNs >= Bme280.MAX_MEASURE_NS);
      assertEquals(400, sensor.temperatureCentiC());
    }
  }
}
