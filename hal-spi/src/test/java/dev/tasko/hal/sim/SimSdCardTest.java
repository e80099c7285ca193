package dev.tasko.hal.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.hal.SpiConfig;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Each rule of the card, met by a host that keeps it and by one that does not.
class SimSdCardTest {
  private static final long BYTE_NS = 400;
  private static final int NO_ANSWER = 0xFF;

  private long nowNs = 1_000;
  private SimSdCard card = new SimSdCard(CardStore.memory(1 << 20, 512), true, true, 1);

  @BeforeEach
  void powerUp() {
    card.idleClocks(74, true);
  }

  private int exchange(int mosi) {
    nowNs += BYTE_NS;
    return card.exchange(mosi, nowNs);
  }

  private void select() {
    card.select(nowNs);
  }

  private void deselect() {
    card.deselect(nowNs);
    card.idleClocks(8, true);
  }

  private void frame(int command, int argument, boolean goodCrc) {
    byte[] frame = {
      (byte) (0x40 | command),
      (byte) (argument >> 24),
      (byte) (argument >> 16),
      (byte) (argument >> 8),
      (byte) argument
    };
    for (byte value : frame) {
      exchange(value & 0xFF);
    }
    exchange(SdCrc.sealed(frame, 5) ^ (goodCrc ? 0 : 0x02));
  }

  private int answer() {
    for (int i = 0; i < 9; i++) {
      int value = exchange(0xFF);
      if ((value & 0x80) == 0) {
        return value;
      }
    }
    return NO_ANSWER;
  }

  private int command(int command, int argument) {
    select();
    frame(command, argument, true);
    int answer = answer();
    deselect();
    return answer;
  }

  private int commandWithBadCrc(int command, int argument) {
    select();
    frame(command, argument, false);
    int answer = answer();
    deselect();
    return answer;
  }

  private void makeReady() {
    command(0, 0);
    command(8, 0x1AA);
    for (int i = 0; i < 100 && operate(0x4000_0000) != 0; i++) {
      nowNs += 5_000_000;
    }
    assertEquals(0, command(13, 0));
  }

  private int operate(int argument) {
    command(55, 0);
    return command(41, argument);
  }

  private int awaitToken() {
    for (int i = 0; i < 20_000; i++) {
      int value = exchange(0xFF);
      if (value != 0xFF) {
        return value;
      }
    }
    return NO_ANSWER;
  }

  private int sendBlock(int token, int fill, boolean goodCrc) {
    byte[] content = new byte[512];
    Arrays.fill(content, (byte) fill);
    exchange(0xFF);
    exchange(token);
    for (byte value : content) {
      exchange(value & 0xFF);
    }
    int crc = SdCrc.data(content, 512) ^ (goodCrc ? 0 : 1);
    exchange(crc >> 8);
    exchange(crc & 0xFF);
    return exchange(0xFF) & 0x1F;
  }

  private int firstByteOf(int block) {
    select();
    frame(17, block, true);
    answer();
    assertEquals(0xFE, awaitToken());
    int value = exchange(0xFF);
    deselect();
    return value;
  }

  @Test
  void crc_knownVectors() {
    assertEquals(0x95, SdCrc.sealed(new byte[] {0x40, 0, 0, 0, 0}, 5));
    assertEquals(0x87, SdCrc.sealed(new byte[] {0x48, 0, 0, 1, (byte) 0xAA}, 5));
    byte[] ones = new byte[512];
    Arrays.fill(ones, (byte) 0xFF);
    assertEquals(0x7FA1, SdCrc.data(ones, 512));
  }

  @Test
  void powerUp_tooFewClocks() {
    card.powerCycle();
    card.idleClocks(73, true);
    assertEquals(NO_ANSWER, command(0, 0));
    card.powerCycle();
    card.idleClocks(74, true);
    assertEquals(0x01, command(0, 0));
  }

  @Test
  void powerUp_clocksWithDataLineLow() {
    card.powerCycle();
    card.idleClocks(70, true);
    card.idleClocks(8, false);
    assertEquals(NO_ANSWER, command(0, 0));
  }

  @Test
  void powerUp_lenient() {
    card = new SimSdCard(CardStore.memory(1 << 20, 512), true, false, 1);
    assertEquals(0x01, command(0, 0));
  }

  @Test
  void frame_badCrcOfFirstCommands() {
    assertEquals(NO_ANSWER, commandWithBadCrc(0, 0));
    assertEquals(0x01, command(0, 0));
    assertEquals(0x09, commandWithBadCrc(8, 0x1AA));
  }

  @Test
  void frame_badCrcOnlyAfterCmd59() {
    command(0, 0);
    assertEquals(0x01, commandWithBadCrc(58, 0));
    assertEquals(0x01, command(59, 1));
    assertEquals(0x09, commandWithBadCrc(58, 0));
    assertEquals(0x01, command(59, 0));
    assertEquals(0x01, commandWithBadCrc(58, 0));
  }

  @Test
  void frame_selectRisesInTheMiddle() {
    command(0, 0);
    select();
    exchange(0x40 | 58);
    exchange(0);
    exchange(0);
    deselect();
    select();
    exchange(0);
    exchange(0);
    exchange(0xFD);
    assertEquals(NO_ANSWER, answer());
    deselect();
    assertEquals(0x01, command(58, 0));
  }

  @Test
  void cmd8_echoesAndChecksTheVoltage() {
    command(0, 0);
    select();
    frame(8, 0x1AA, true);
    assertEquals(0x01, answer());
    int[] echo = {exchange(0xFF), exchange(0xFF), exchange(0xFF), exchange(0xFF)};
    assertEquals("[0, 0, 1, 170]", Arrays.toString(echo));
    deselect();
    select();
    frame(8, 0x2AA, true);
    answer();
    int[] refused = {exchange(0xFF), exchange(0xFF), exchange(0xFF), exchange(0xFF)};
    assertEquals(0, refused[2]);
  }

  @Test
  void command_beforeReady() {
    command(0, 0);
    assertEquals(0x05, command(17, 0));
    assertEquals(0x05, command(13, 0));
    assertEquals(0x05, command(41, 0));
  }

  @Test
  void operate_needsCmd8AndHostCapacity() {
    command(0, 0);
    for (int i = 0; i < 100; i++) {
      nowNs += 10_000_000;
      assertEquals(0x01, operate(0x4000_0000));
    }
    command(8, 0x1AA);
    for (int i = 0; i < 100; i++) {
      nowNs += 10_000_000;
      assertEquals(0x01, operate(0));
    }
    makeReady();
  }

  @Test
  void operate_takesMoreThanOneTry() {
    command(0, 0);
    command(8, 0x1AA);
    assertEquals(0x01, operate(0x4000_0000));
    assertEquals(0x01, operate(0x4000_0000));
  }

  @Test
  void clock_limitedUntilReady() {
    assertEquals(
        "clockHz: 400001 (expected: at most 400000)", card.refusal(new SpiConfig(400_001, 0)));
    makeReady();
    assertNull(card.refusal(new SpiConfig(25_000_000, 0)));
    assertEquals(
        "clockHz: 25000001 (expected: at most 25000000)",
        card.refusal(new SpiConfig(25_000_001, 0)));
    assertEquals("mode: 1 (expected: 0 or 3)", card.refusal(new SpiConfig(400_000, 1)));
  }

  @Test
  void command_illegalAndOutOfRange() {
    makeReady();
    assertEquals(0x04, command(1, 0));
    assertEquals(0x40, command(17, 2048));
    assertEquals(0x40, command(24, -1));
  }

  @Test
  void byteCard_misalignedAddress() {
    card = new SimSdCard(CardStore.memory(1 << 20, 512), false, true, 1);
    powerUp();
    makeReady();
    assertEquals(0x20, command(17, 100));
    assertEquals(0x40, command(16, 1024));
    assertEquals(0, command(16, 512));
    assertEquals(0, command(17, 512));
  }

  @Test
  void answer_comesAfterNoneToEightBytes() {
    command(0, 0);
    boolean[] seen = new boolean[9];
    for (int i = 0; i < 300; i++) {
      select();
      frame(58, 0, true);
      int wait = 0;
      while (exchange(0xFF) == 0xFF) {
        wait++;
      }
      seen[wait] = true;
      deselect();
    }
    for (boolean wait : seen) {
      assertTrue(wait);
    }
  }

  @Test
  void read_selectRisesInTheMiddle() {
    makeReady();
    select();
    frame(17, 0, true);
    answer();
    assertEquals(0xFE, awaitToken());
    exchange(0xFF);
    deselect();
    select();
    nowNs += 10_000_000;
    for (int i = 0; i < 600; i++) {
      assertEquals(0xFF, exchange(0xFF));
    }
  }

  @Test
  void read_tokenTakesTime() {
    makeReady();
    select();
    frame(17, 0, true);
    answer();
    long startNs = nowNs;
    assertEquals(0xFE, awaitToken());
    assertTrue(nowNs - startNs > 20_000, "waited " + (nowNs - startNs));
  }

  @Test
  void readMany_stoppedByCmd12WithStuffByte() {
    makeReady();
    select();
    frame(18, 2046, true);
    answer();
    for (int block = 0; block < 2; block++) {
      assertEquals(0xFE, awaitToken());
      for (int i = 0; i < 514; i++) {
        exchange(0xFF);
      }
    }
    assertEquals(0x08, awaitToken(), "beyond the last block comes an error token");
    frame(12, 0, true);
    assertEquals(0x7F, exchange(0xFF), "a byte that looks like an answer and is none");
    assertEquals(0, answer());
  }

  @Test
  void write_badDataCrc() {
    makeReady();
    command(59, 1);
    select();
    frame(24, 5, true);
    assertEquals(0, answer());
    assertEquals(0x0B, sendBlock(0xFE, 0x77, false));
    assertEquals(0xFF, exchange(0xFF), "a refused block keeps nobody busy");
    deselect();
    assertEquals(0, firstByteOf(5));
  }

  @Test
  void write_crcUncheckedBeforeCmd59() {
    makeReady();
    select();
    frame(24, 5, true);
    answer();
    assertEquals(0x05, sendBlock(0xFE, 0x77, false));
  }

  @Test
  void write_wrongTokenOrBeforeTheAnswer() {
    makeReady();
    select();
    frame(24, 5, true);
    answer();
    assertNotEquals(0x05, sendBlock(0xFC, 0x77, true));
    deselect();
    assertEquals(0, firstByteOf(5));
  }

  @Test
  void write_selectRisesInTheMiddle() {
    makeReady();
    select();
    frame(24, 5, true);
    answer();
    exchange(0xFE);
    for (int i = 0; i < 300; i++) {
      exchange(0x77);
    }
    deselect();
    assertEquals(0, firstByteOf(5));
  }

  @Test
  void write_busyAcrossDeselect() {
    makeReady();
    card.injectBusy(3_000_000);
    select();
    frame(24, 5, true);
    answer();
    assertEquals(0x05, sendBlock(0xFE, 0x77, true));
    assertEquals(0x00, exchange(0xFF));
    deselect();
    assertEquals(NO_ANSWER, busyCommand(), "a busy card hears nothing");
    nowNs += 4_000_000;
    assertEquals(0, command(13, 0));
    assertEquals(0x77, firstByteOf(5));
  }

  /// Sends a frame to a busy card and expects a low line throughout.
  private int busyCommand() {
    select();
    frame(13, 0, true);
    for (int i = 0; i < 9; i++) {
      assertEquals(0, exchange(0xFF));
    }
    deselect();
    return NO_ANSWER;
  }

  @Test
  void writeMany_untilStopToken() {
    makeReady();
    select();
    frame(25, 10, true);
    answer();
    for (int i = 0; i < 3; i++) {
      assertEquals(0x05, sendBlock(0xFC, 0x30 + i, true));
      awaitFree();
    }
    exchange(0xFD);
    exchange(0xFF);
    assertEquals(0x00, exchange(0xFF));
    awaitFree();
    deselect();
    assertEquals(0x30, firstByteOf(10));
    assertEquals(0x32, firstByteOf(12));
    assertEquals(0, firstByteOf(13));
  }

  private void awaitFree() {
    while (exchange(0xFF) == 0) {
      nowNs += 100_000;
    }
  }

  @Test
  void deselect_holdsTheLineForEightClocks() {
    select();
    exchange(0xFF);
    card.deselect(nowNs);
    assertTrue(card.holdsMiso());
    card.idleClocks(8, false);
    assertFalse(card.holdsMiso());
  }

  @Test
  void registers_sealed() {
    byte[] register = new byte[16];
    CardRegisters.csd(2048, true, register);
    assertEquals(register[15] & 0xFF, SdCrc.sealed(register, 15));
    CardRegisters.cid(register);
    assertEquals(register[15] & 0xFF, SdCrc.sealed(register, 15));
  }
}
