package dev.tasko.hal.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.hal.HalConfig;
import dev.tasko.hal.HalException;
import dev.tasko.hal.ManualTime;
import dev.tasko.hal.SpiCapabilities;
import dev.tasko.hal.SpiConfig;
import dev.tasko.hal.SpiDevice;
import dev.tasko.hal.SpiMessage;
import dev.tasko.hal.TransferResult;
import dev.tasko.hal.TransferResult.Failed;
import dev.tasko.hal.TransferResult.Reason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SimSpiBusTest {
  private static final SpiConfig ONE_MHZ = new SpiConfig(1_000_000, 0);

  private final ManualTime time = new ManualTime();
  private final SimHal hal = SimHal.open(exact(time.config(1)));
  private final SimSpiBus bus = hal.bus();

  /// Every call costs 10 µs, select 2 µs.
  private static HalConfig exact(HalConfig config) {
    return config
        .withOption("bus.callMinNs", "10000")
        .withOption("bus.callMaxNs", "10000")
        .withOption("bus.tailPermille", "0")
        .withOption("bus.selectNs", "2000");
  }

  private static SpiMessage readId() {
    SpiMessage message = SpiMessage.prepare(SpiCapabilities.COMMON, 2);
    message.tx().putByte(0, (byte) 0xD0);
    return message;
  }

  private static void assertFailed(Failed expected, TransferResult result) {
    assertEquals(expected, result);
    assertFalse(result.isDone());
    HalException thrown = assertThrows(HalException.class, result::orThrow);
    assertSame(result, thrown.failed());
  }

  @Test
  void transfer_wireTiming() {
    long startNs = time.nanoTime();
    hal.pin("D4").select();
    assertSame(TransferResult.DONE, bus.transfer(readId(), ONE_MHZ));
    assertEquals(10_000 + 2_000 + 16_000, time.nanoTime() - startNs);
    startNs = time.nanoTime();
    assertSame(TransferResult.DONE, bus.transfer(readId(), new SpiConfig(3_000_000, 0)));
    assertEquals(10_000 + 5_334, time.nanoTime() - startNs, "16 clocks of 333.3 ns, no new select");
  }

  @Test
  void transfer_segmentDelays() {
    SpiDevice device = bus.device(hal.pin("D6"), ONE_MHZ);
    SpiMessage message = device.prepare(new int[] {1, 2, 3}, new int[] {5, 0, 100});
    long startNs = time.nanoTime();
    device.transfer(message).orThrow();
    assertEquals(10_000 + 2_000 + 48_000 + 105_000, time.nanoTime() - startNs);
  }

  @Test
  void transfer_bytesCarryTheirTimeOnTheWire() {
    List<Long> seenNs = new ArrayList<>();
    bus.attach(hal.pin("D7"), new Recorder(seenNs));
    SpiDevice device = bus.device(hal.pin("D7"), ONE_MHZ);
    long startNs = time.nanoTime();
    device.transfer(device.prepare(new int[] {2, 1}, new int[] {50, 0})).orThrow();
    long firstNs = startNs + 12_000;
    assertEquals(List.of(firstNs, firstNs + 8_000, firstNs + 16_000 + 50_000), seenNs);
  }

  @Test
  void idleClocks_wireTiming() {
    long startNs = time.nanoTime();
    bus.idleClocks(80, new SpiConfig(400_000, 0)).orThrow();
    assertEquals(10_000 + 200_000, time.nanoTime() - startNs);
  }

  @Test
  void callOverhead_hasTheConfiguredShape() {
    SimHal typical = SimHal.open(time.config(11));
    SpiMessage message = readId();
    typical.pin("D4").select();
    int tail = 0;
    for (int i = 0; i < 20_000; i++) {
      long startNs = time.nanoTime();
      typical.bus().transfer(message, new SpiConfig(10_000_000, 0)).orThrow();
      long callNs = time.nanoTime() - startNs - 1_600 - (i == 0 ? 1_000 : 0);
      assertTrue(callNs >= 10_000 && callNs <= 300_000, "callNs " + callNs);
      tail += callNs > 20_000 ? 1 : 0;
    }
    assertTrue(tail > 40 && tail < 160, "calls in the tail: " + tail);
  }

  @Test
  void transfer_nobodySelected() {
    assertFailed(
        new Failed("sim:0", "-", Reason.NOT_SELECTED, "selected: none (expected: one device)"),
        bus.transfer(readId(), ONE_MHZ));
  }

  @Test
  void transfer_twoSelected() {
    hal.pin("D4").select();
    hal.pin("D5").select();
    SpiMessage message = readId();
    assertFailed(
        new Failed("sim:0", "D4+D5", Reason.BUS_CONFLICT, "selected: 2 devices (expected: one)"),
        bus.transfer(message, ONE_MHZ));
    assertEquals(0, message.rx().getByte(1));
  }

  @Test
  void transfer_secondSelectDuringTheFirst() {
    hal.pin("D4").select();
    time.whileWaiting(delayNs -> hal.pin("D5").select());
    SpiMessage message = readId();
    assertFailed(
        new Failed(
            "sim:0",
            "D4+D5",
            Reason.BUS_CONFLICT,
            "D5 changed during a transfer (expected: after it)"),
        bus.transfer(message, ONE_MHZ));
    assertEquals(0, message.rx().getByte(1), "nothing was exchanged");
  }

  @Test
  void transfer_ownSelectRisesDuringIt() {
    hal.pin("D4").select();
    time.whileWaiting(delayNs -> hal.pin("D4").deselect());
    Failed failed = assertInstanceOf(Failed.class, bus.transfer(readId(), ONE_MHZ));
    assertEquals("D4", failed.device());
    assertEquals(Reason.BUS_CONFLICT, failed.reason());
  }

  @Test
  void transfer_duringAnother() {
    hal.pin("D4").select();
    TransferResult[] inner = new TransferResult[1];
    time.whileWaiting(delayNs -> inner[0] = bus.transfer(readId(), ONE_MHZ));
    SpiMessage message = readId();
    bus.transfer(message, ONE_MHZ).orThrow();
    assertEquals(0x60, message.rx().getByte(1));
    assertFailed(
        new Failed(
            "sim:0", "-", Reason.BUS_CONFLICT, "transfer: begun while another is on the wire"),
        inner[0]);
  }

  @Test
  void transfer_delayThrows() {
    SpiDevice device = bus.device(hal.pin("D4"), ONE_MHZ);
    time.whileWaiting(delayNs -> {
      throw new IllegalStateException("cancelled");
    });
    assertThrows(IllegalStateException.class, () -> device.transfer(readId()));
    time.whileWaiting(delayNs -> {});
    assertFalse(hal.pin("D4").isSelected());
    SpiMessage message = readId();
    device.transfer(message).orThrow();
    assertEquals(0x60, message.rx().getByte(1));
  }

  @Test
  void transfer_afterCardWithoutReleaseClocks() {
    SpiDevice sloppyCard = bus.device(hal.pin("D5"), new SpiConfig(400_000, 0));
    SpiDevice sensor = bus.device(hal.pin("D4"), ONE_MHZ);
    sloppyCard.transfer(sloppyCard.prepare(4)).orThrow();
    assertFailed(
        new Failed(
            "sim:0",
            "D4+D5",
            Reason.BUS_CONFLICT,
            "D5 still drives the receive line (expected: 8 clocks after its deselect)"),
        sensor.transfer(readId()));
    sensor.transfer(readId()).orThrow();
    SpiDevice goodCard = bus.device(hal.pin("D5"), new SpiConfig(400_000, 0, 8));
    goodCard.transfer(goodCard.prepare(4)).orThrow();
    sensor.transfer(readId()).orThrow();
  }

  @Test
  void idleClocks_whileSelected() {
    hal.pin("D4").select();
    assertFailed(
        new Failed(
            "sim:0", "D4", Reason.BUS_CONFLICT, "idleClocks: selected (expected: no device)"),
        bus.idleClocks(8, ONE_MHZ));
  }

  @Test
  void transfer_unsupportedConfig() {
    hal.pin("D4").select();
    assertFailed(
        new Failed("sim:0", "D4", Reason.UNSUPPORTED, "mode: 2 (expected: 0 or 3)"),
        bus.transfer(readId(), new SpiConfig(1_000_000, 2)));
    assertFailed(
        new Failed(
            "sim:0", "D4", Reason.UNSUPPORTED, "clockHz: 20000000 (expected: at most 10000000)"),
        bus.transfer(readId(), new SpiConfig(20_000_000, 0)));
  }

  @Test
  void transfer_closed() {
    SpiDevice device = bus.device(hal.pin("D4"), ONE_MHZ);
    hal.close();
    hal.close();
    Failed closed = new Failed("sim:0", "-", Reason.CLOSED, "hal: closed (expected: open)");
    assertFailed(closed, device.transfer(readId()));
    assertFailed(closed, device.idleClocks(8));
  }

  @Test
  void injected_failureAndStall() {
    SpiDevice device = bus.device(hal.pin("D4"), ONE_MHZ);
    bus.injectFailures(Reason.TIMEOUT, 1);
    assertFailed(new Failed("sim:0", "D4", Reason.TIMEOUT, "injected"), device.transfer(readId()));
    device.transfer(readId()).orThrow();
    bus.injectStall(10_000_000_000L);
    long startNs = time.nanoTime();
    device.transfer(readId()).orThrow();
    assertEquals(10_000_000_000L + 28_000, time.nanoTime() - startNs);
  }

  @Test
  void select_scopeKeepsTheDeviceSelected() {
    SpiDevice device = bus.device(hal.pin("D4"), ONE_MHZ);
    SpiDevice.Selection first;
    try (SpiDevice.Selection scope = device.select()) {
      first = scope;
      scope.transfer(readId()).orThrow();
      assertTrue(hal.pin("D4").isSelected());
      assertEquals(
          "select: sim:0/D4 is selected (expected: close the selection first)",
          assertThrows(IllegalStateException.class, device::select).getMessage());
      assertThrows(IllegalStateException.class, () -> device.transfer(readId()));
      assertThrows(IllegalStateException.class, () -> device.idleClocks(8));
      assertThrows(IllegalStateException.class, () -> device.configure(ONE_MHZ));
    }
    assertFalse(hal.pin("D4").isSelected());
    assertEquals(
        "transfer: the selection of sim:0/D4 is closed (expected: an open one)",
        assertThrows(IllegalStateException.class, () -> first.transfer(readId())).getMessage());
    assertSame(first, device.select());
  }

  @Test
  void pin_stuckLow() {
    SpiDevice device = bus.device(hal.pin("D4"), ONE_MHZ);
    time.whileWaiting(delayNs -> hal.pin("D4").stick(true));
    HalException failure = assertThrows(HalException.class, () -> device.transfer(readId()));
    assertEquals(
        new Failed("-", "D4", Reason.LINE_STUCK, "level: low (expected: high)"), failure.failed());
    assertEquals("- D4: LINE_STUCK: level: low (expected: high)", failure.getMessage());
    assertTrue(hal.pin("D4").isSelected());
  }

  /// Notes when each byte arrives.
  private record Recorder(List<Long> seenNs) implements SimPeripheral {
    @Override
    public void select(long nowNs) {}

    @Override
    public int exchange(int mosi, long nowNs) {
      seenNs.add(nowNs);
      return 0;
    }

    @Override
    public void deselect(long nowNs) {}

    @Override
    public void idleClocks(int clocks, boolean mosiHigh) {}

    @Override
    public boolean holdsMiso() {
      return false;
    }

    @Override
    public @Nullable String refusal(SpiConfig config) {
      return null;
    }
  }
}
