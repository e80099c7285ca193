package dev.tasko.hal.driver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.hal.HalConfig;
import dev.tasko.hal.HalException;
import dev.tasko.hal.ManualTime;
import dev.tasko.hal.SpiBus;
import dev.tasko.hal.SpiCapabilities;
import dev.tasko.hal.SpiConfig;
import dev.tasko.hal.SpiDevice;
import dev.tasko.hal.SpiMessage;
import dev.tasko.hal.TransferResult;
import dev.tasko.hal.TransferResult.Reason;
import dev.tasko.hal.sim.SimHal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SdCardTest {
  private final ManualTime time = new ManualTime();
  private SimHal hal = SimHal.open(time.config(1));
  private final UnsafeBuffer block = new UnsafeBuffer(new byte[512]);

  private SdCard started(HalConfig config) {
    hal = SimHal.open(config);
    SdCard card = new SdCard(device());
    card.start();
    return card;
  }

  private SpiDevice device() {
    return hal.spi("sim:0").device(hal.pin("D5"), new SpiConfig(20_000_000, 0));
  }

  private static byte[] randomBlock(long seed) {
    byte[] bytes = new byte[512];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void checksum_knownVectors() {
    UnsafeBuffer text = new UnsafeBuffer("123456789".getBytes(StandardCharsets.US_ASCII));
    assertEquals(0x31C3, SdChecksum.data(0, text, 0, 9));
    byte[] ones = new byte[512];
    Arrays.fill(ones, (byte) 0xFF);
    assertEquals(0x7FA1, SdChecksum.data(0, new UnsafeBuffer(ones), 0, 512));
    int[][] frames = {
      {0x40, 0, 0, 0, 0, 0x95},
      {0x48, 0, 0, 1, 0xAA, 0x87},
      {0x77, 0, 0, 0, 0, 0x65},
      {0x69, 0x40, 0, 0, 0, 0x77},
      {0x7A, 0, 0, 0, 0, 0xFD},
      {0x7B, 0, 0, 0, 1, 0x83},
      {0x51, 0, 0, 0, 0, 0x55}
    };
    for (int[] frame : frames) {
      UnsafeBuffer bytes = new UnsafeBuffer(new byte[5]);
      for (int i = 0; i < 5; i++) {
        bytes.putByte(i, (byte) frame[i]);
      }
      assertEquals(frame[5], SdChecksum.frameEnd(bytes, 0, 5));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"block", "byte"})
  void start_findsAddressingAndSize(String addressing) {
    SdCard card =
        started(
            time.config(5)
                .withOption("sd.addressing", addressing)
                .withOption("sd.bytes", "3145728"));
    assertEquals(addressing.equals("block"), card.isBlockAddressed());
    assertEquals(6144, card.blocks());
  }

  @ParameterizedTest
  @ValueSource(strings = {"block", "byte"})
  void writeRead_manySeeds(String addressing) {
    for (int seed = 0; seed < 60; seed++) {
      SdCard card = started(time.config(seed).withOption("sd.addressing", addressing));
      for (int i = 0; i < 6; i++) {
        long index = (i * 409L + seed) % card.blocks();
        byte[] content = randomBlock(seed * 31L + i);
        card.writeBlock(index, new UnsafeBuffer(content), 0);
        card.readBlock(index, block, 0);
        assertArrayEquals(content, block.byteArray(), "seed " + seed + " block " + index);
      }
    }
  }

  @Test
  void write_reachesTheImageAndSurvivesReopening(@TempDir Path folder) throws IOException {
    Path image = folder.resolve("card.img");
    HalConfig config =
        time.config(2).withOption("sd.image", image.toString()).withOption("sd.bytes", "1048576");
    byte[] content = randomBlock(9);
    SdCard card = started(config);
    card.writeBlock(2047, new UnsafeBuffer(content), 0);
    hal.close();
    byte[] file = Files.readAllBytes(image);
    assertEquals(1_048_576, file.length);
    assertArrayEquals(content, Arrays.copyOfRange(file, 2047 * 512, 2048 * 512));
    SdCard again = started(config);
    again.readBlock(2047, block, 0);
    assertArrayEquals(content, block.byteArray());
    hal.close();
  }

  @Test
  void write_freesTheBusWhileTheCardIsBusy() {
    SdCard card = started(time.config(3));
    hal.card().injectBusy(20_000_000);
    Bme280 sensor =
        new Bme280(hal.spi("sim:0").device(hal.pin("D4"), new SpiConfig(10_000_000, 0)));
    boolean[] once = new boolean[1];
    time.whileWaiting(delayNs -> {
      boolean between = delayNs == 250_000 && hal.card().isBusy();
      if (between && !once[0]) {
        once[0] = true;
        sensor.start();
        sensor.measure();
      }
    });
    card.writeBlock(1, block, 0);
    assertTrue(once[0]);
    assertEquals(101_660.0, sensor.pressurePaQ8() / 256.0, 0.2);
  }

  @Test
  void read_retriesBadChecksum() {
    SdCard card = started(time.config(4));
    card.writeBlock(7, new UnsafeBuffer(randomBlock(7)), 0);
    hal.card().injectCorruptReads(2);
    card.readBlock(7, block, 0);
    assertArrayEquals(randomBlock(7), block.byteArray());
    hal.card().injectCorruptReads(3);
    DriverException failure =
        assertThrows(DriverException.class, () -> card.readBlock(7, block, 0));
    assertEquals(
        "sim:0/D5: CMD17: block 7: bad check sum 3 times (expected: a good one)",
        failure.getMessage());
  }

  @Test
  void write_retriesRefusedChecksum() {
    SdCard card = started(time.config(4));
    hal.card().injectCorruptWrites(2);
    card.writeBlock(8, new UnsafeBuffer(randomBlock(8)), 0);
    card.readBlock(8, block, 0);
    assertArrayEquals(randomBlock(8), block.byteArray());
    hal.card().injectCorruptWrites(3);
    DriverException failure =
        assertThrows(DriverException.class, () -> card.writeBlock(8, block, 0));
    assertEquals(
        "sim:0/D5: CMD24: block 8: check sum refused 3 times (expected: accepted)",
        failure.getMessage());
  }

  @Test
  void write_failsInsideTheCard() {
    SdCard card = started(time.config(4));
    hal.card().injectWriteErrors(1);
    DriverException failure =
        assertThrows(DriverException.class, () -> card.writeBlock(8, block, 0));
    assertEquals("sim:0/D5: CMD24: block 8: response 0x0d (expected: 0x05)", failure.getMessage());
    card.writeBlock(8, block, 0);
  }

  @Test
  void write_takenButNotStored() {
    SdCard card = started(time.config(4));
    hal.card().injectProgramErrors(1);
    DriverException failure =
        assertThrows(DriverException.class, () -> card.writeBlock(8, block, 0));
    assertEquals(
        "sim:0/D5: CMD13: block 8: status 0x0004 (expected: 0, stored)", failure.getMessage());
    card.writeBlock(8, block, 0);
  }

  /// The failure belongs to the block that was broken off, not to the next one.
  @Test
  void write_brokenOffAndNotStoredIsToldOnce() {
    SdCard card = started(time.config(4));
    hal.card().injectProgramErrors(1);
    breakOffWrite(card, new UnsafeBuffer(randomBlock(9)));
    assertEquals(
        "sim:0/D5: CMD13: block 9: status 0x0004 (expected: 0, stored)",
        assertThrows(DriverException.class, () -> card.writeBlock(8, block, 0)).getMessage());
    card.writeBlock(8, block, 0);
  }

  /// Whatever keeps the loop for a second keeps the driver from looking, and the card is not to
  /// blame.
  @Test
  void wait_thatTheLoopMadeLateIsNoFaultOfTheCard() {
    hal = SimHal.open(time.config(4));
    SdCard card = new SdCard(device());
    time.whileWaiting(delayNs -> stall());
    card.start();
    card.writeBlock(8, new UnsafeBuffer(randomBlock(8)), 0);
    card.readBlock(8, block, 0);
    assertArrayEquals(randomBlock(8), block.byteArray());
  }

  private void stall() {
    time.whileWaiting(delayNs -> {});
    time.delayNs(2_000_000_000);
    time.whileWaiting(delayNs -> stall());
  }

  @Test
  void write_cardStaysBusy() {
    SdCard card = started(time.config(4));
    hal.card().injectBusy(Long.MAX_VALUE);
    DriverException failure =
        assertThrows(DriverException.class, () -> card.writeBlock(8, block, 0));
    assertEquals("busy", failure.step());
    assertFalse(hal.pin("D5").isSelected());
    assertEquals(
        "sim:0/D5: CMD17: busy (expected: idle; the card did not hear the command)",
        assertThrows(DriverException.class, () -> card.readBlock(8, block, 0)).getMessage());
    hal.card().powerCycle();
    card.start();
    card.readBlock(8, block, 0);
  }

  @Test
  void start_afterABrokenWriteWaitsUntilItIsStored() {
    SdCard card = started(time.config(4));
    breakOffWrite(card, new UnsafeBuffer(randomBlock(9)));
    card.start();
    card.readBlock(9, block, 0);
    assertArrayEquals(randomBlock(9), block.byteArray());
  }

  /// While the card stores the block.
  private void breakOffWrite(SdCard card, UnsafeBuffer content) {
    hal.card().injectBusy(20_000_000);
    time.whileWaiting(delayNs -> {
      if (delayNs == 250_000 && hal.card().isBusy()) {
        throw new CancellationException("the task was cancelled");
      }
    });
    assertThrows(CancellationException.class, () -> card.writeBlock(9, content, 0));
    time.whileWaiting(delayNs -> {});
    assertTrue(hal.card().isBusy());
  }

  /// Of another process, say, that was ended at once.
  @Test
  void start_whileTheCardStoresWhatSomebodyElseWrote() {
    breakOffWrite(started(time.config(4)), new UnsafeBuffer(randomBlock(9)));
    SdCard later = new SdCard(hal.spi("sim:0").device(hal.pin("D5"), new SpiConfig(20_000_000, 0)));
    later.start();
    later.readBlock(9, block, 0);
    assertArrayEquals(randomBlock(9), block.byteArray());
  }

  @Test
  void start_emptySocket() {
    SdCard card = new SdCard(hal.spi("sim:0").device(hal.pin("D6"), new SpiConfig(20_000_000, 0)));
    assertEquals(
        "sim:0/D6: CMD0: answer 0xff (expected: 0x01)",
        assertThrows(DriverException.class, card::start).getMessage());
  }

  @Test
  void readBlock_cardLostPower() {
    SdCard card = started(time.config(4));
    hal.card().powerCycle();
    HalException failure = assertThrows(HalException.class, () -> card.readBlock(8, block, 0));
    assertEquals(Reason.UNSUPPORTED, failure.failed().reason());
    card.start();
    card.readBlock(8, block, 0);
  }

  @Test
  void block_outOfRange() {
    SdCard card = started(time.config(4));
    assertEquals(
        "block: 2048 (expected: 0 to 2047)",
        assertThrows(IllegalArgumentException.class, () -> card.readBlock(2048, block, 0))
            .getMessage());
    assertEquals(
        "block: -1 (expected: 0 to 2047)",
        assertThrows(IllegalArgumentException.class, () -> card.writeBlock(-1, block, 0))
            .getMessage());
  }

  @Test
  void transfers_everyFailureReleasesTheCard() {
    for (int failing = 1; failing < 8; failing++) {
      SdCard card = started(time.config(4));
      int[] countdown = {failing};
      time.whileWaiting(delayNs -> {
        if (--countdown[0] == 0) {
          hal.bus().injectFailures(Reason.TIMEOUT, 1);
        }
      });
      try {
        card.writeBlock(3, block, 0);
        card.readBlock(3, block, 0);
      } catch (HalException e) {
        assertEquals(Reason.TIMEOUT, e.failed().reason());
      }
      time.whileWaiting(delayNs -> {});
      hal.bus().injectFailures(Reason.TIMEOUT, 0);
      assertFalse(hal.pin("D5").isSelected(), "call " + failing);
      // Also if the card still stores what was broken off.
      card.writeBlock(4, block, 0);
    }
  }

  @Test
  void read_cancelledLeavesTheBusUsable() {
    for (int cancelled = 1; cancelled <= 3; cancelled++) {
      SdCard card = started(time.config(4));
      Bme280 sensor =
          new Bme280(hal.spi("sim:0").device(hal.pin("D4"), new SpiConfig(10_000_000, 0)));
      int[] countdown = {cancelled};
      time.whileWaiting(delayNs -> {
        if (--countdown[0] == 0) {
          throw new CancellationException("the task was cancelled");
        }
      });
      assertThrows(CancellationException.class, () -> card.readBlock(3, block, 0));
      time.whileWaiting(delayNs -> {});
      assertFalse(hal.pin("D5").isSelected());
      sensor.start();
      card.readBlock(3, block, 0);
    }
  }

  @Test
  void card_deviceThatCannotStaySelected() {
    SpiCapabilities capabilities = new SpiCapabilities(4096, 32, true, false);
    assertEquals(
        "device: sim:0/D5 cannot hold its select (expected: one that can)",
        assertThrows(IllegalArgumentException.class, () -> onPoorBus(time.config(1), capabilities))
            .getMessage());
  }

  @Test
  void start_busWithoutIdleClocks() {
    SpiCapabilities capabilities = new SpiCapabilities(4096, 32, false, true);
    assertEquals(
        "sim:0/D5: CMD0: answer 0xff (expected: 0x01)",
        assertThrows(DriverException.class, onPoorBus(time.config(1), capabilities)::start)
            .getMessage());
    SdCard card = onPoorBus(time.config(1).withOption("sd.strictPowerUp", "false"), capabilities);
    card.start();
    card.writeBlock(3, new UnsafeBuffer(randomBlock(3)), 0);
    card.readBlock(3, block, 0);
    assertArrayEquals(randomBlock(3), block.byteArray());
  }

  private SdCard onPoorBus(HalConfig config, SpiCapabilities capabilities) {
    hal = SimHal.open(config);
    return new SdCard(
        new PoorBus(hal.bus(), capabilities).device(hal.pin("D5"), new SpiConfig(20_000_000, 0)));
  }

  /// A bus whose controller drives chip select itself and clocks only while it is low.
  private record PoorBus(SpiBus rich, SpiCapabilities capabilities) implements SpiBus {
    @Override
    public String name() {
      return rich.name();
    }

    @Override
    public boolean delaySuspends() {
      return rich.delaySuspends();
    }

    @Override
    public NanoClock clock() {
      return rich.clock();
    }

    @Override
    public void delayNs(long delayNs) {
      rich.delayNs(delayNs);
    }

    @Override
    public TransferResult transfer(SpiMessage message, SpiConfig config) {
      return rich.transfer(message, config);
    }

    @Override
    public TransferResult idleClocks(int clocks, SpiConfig config) {
      throw new AssertionError("bug: not supported by this bus");
    }
  }
}
