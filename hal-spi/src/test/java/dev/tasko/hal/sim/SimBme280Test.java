package dev.tasko.hal.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SimBme280Test {
  private static final int FORCE_1_1 = 0x20 | 0x04 | 1;
  private static final int NORMAL_1_1 = 0x20 | 0x04 | 3;
  private static final long MS = 1_000_000;

  private long nowNs = 5_000;
  private double celsius = 20;
  private final SimBme280 sensor = new SimBme280(new Air(), 1, nowNs);

  /// Air whose temperature the test changes.
  private final class Air implements SimEnvironment {
    @Override
    public double pressureHpa(long atNs) {
      return 1000;
    }

    @Override
    public double temperatureC(long atNs) {
      return celsius;
    }

    @Override
    public double humidityPercent(long atNs) {
      return 40;
    }
  }

  private int[] transfer(int... mosi) {
    int[] miso = new int[mosi.length];
    sensor.select(nowNs);
    for (int i = 0; i < mosi.length; i++) {
      miso[i] = sensor.exchange(mosi[i], nowNs);
      nowNs += 800;
    }
    sensor.deselect(nowNs);
    return miso;
  }

  private int read(int register) {
    return transfer(register | 0x80, 0)[1];
  }

  private void write(int register, int value) {
    transfer(register & 0x7F, value);
  }

  private int read20(int register) {
    int[] bytes = transfer(register | 0x80, 0, 0, 0);
    return bytes[1] << 12 | bytes[2] << 4 | bytes[3] >> 4;
  }

  private void awaitStart() {
    nowNs += 2 * MS;
  }

  @Test
  void id_anyTime() {
    assertEquals(0x60, read(0xD0));
  }

  @Test
  void reset_hidesTrimmingFor2Ms() {
    assertEquals(1, read(0xF3));
    assertEquals(0, read(0x88));
    awaitStart();
    assertEquals(0, read(0xF3));
    assertEquals(27504 & 0xFF, read(0x88));
    write(0xF4, 0x24);
    write(0xE0, 0xB5);
    assertEquals(0x24, read(0xF4), "another value than B6 resets nothing");
    write(0xE0, 0xB6);
    assertEquals(0, read(0xF4));
    assertEquals(1, read(0xF3));
    write(0xF4, 0x24);
    assertEquals(0, read(0xF4), "lost while the trimming is copied");
  }

  @Test
  void humiditySetting_actsWithCtrlMeas() {
    awaitStart();
    write(0xF4, FORCE_1_1);
    nowNs += 20 * MS;
    write(0xF2, 1);
    assertEquals(1, read(0xF2));
    write(0xF5, 0);
    assertEquals(0x80, read(0xFD), "skipped so far");
    write(0xF4, FORCE_1_1);
    nowNs += 20 * MS;
    assertNotEquals(0x80, read(0xFD));
  }

  @Test
  void forced_measuresOnceAndSleeps() {
    awaitStart();
    write(0xF2, 1);
    write(0xF4, FORCE_1_1);
    assertEquals(0x08, read(0xF3));
    assertEquals(1, read(0xF4) & 3);
    assertEquals(0x80000, read20(0xF7), "no value yet");
    nowNs += 9_300_000;
    assertEquals(0, read(0xF3));
    assertEquals(0, read(0xF4) & 3);
    int code = read20(0xFA);
    celsius = 30;
    nowNs += 1000 * MS;
    assertEquals(code, read20(0xFA), "asleep");
  }

  @Test
  void forced_measuringTimeWithinTheDataSheet() {
    awaitStart();
    write(0xF2, 1);
    for (int i = 0; i < 100; i++) {
      write(0xF4, FORCE_1_1);
      long startNs = nowNs;
      while (read(0xF3) != 0) {
        nowNs += 10_000;
      }
      long elapsedNs = nowNs - startNs;
      assertTrue(elapsedNs >= 7_990_000 && elapsedNs <= 9_320_000, "elapsedNs " + elapsedNs);
    }
  }

  @Test
  void ctrlMeas_waitsForTheRunningMeasurement() {
    awaitStart();
    write(0xF4, FORCE_1_1);
    write(0xF4, 0xB5);
    assertEquals(FORCE_1_1, read(0xF4));
    nowNs += 8 * MS;
    assertEquals(0xB5, read(0xF4));
    assertEquals(0x08, read(0xF3));
  }

  @Test
  void skipped_channels() {
    awaitStart();
    write(0xF4, 0x20 | 1);
    nowNs += 20 * MS;
    assertEquals(0x80000, read20(0xF7));
    assertNotEquals(0x80000, read20(0xFA));
    assertEquals(0x80, read(0xFD));
    assertEquals(0x00, read(0xFE));
  }

  @Test
  void normal_repeatsAndStandsBy() {
    awaitStart();
    write(0xF5, 0xA0);
    write(0xF4, NORMAL_1_1);
    nowNs += 20 * MS;
    int first = read20(0xFA);
    celsius = 25;
    assertEquals(first, read20(0xFA), "standing by for a second");
    nowNs += 1_100 * MS;
    assertTrue(read20(0xFA) > first);
    celsius = 15;
    nowNs += 100_000_000 * MS;
    assertTrue(read20(0xFA) < first, "after a day");
    write(0xF5, 0);
    assertEquals(0xA0, read(0xF5), "not taken in normal mode");
  }

  @Test
  void filter_followsSlowly() {
    awaitStart();
    write(0xF5, 0x04 << 2);
    write(0xF4, FORCE_1_1);
    nowNs += 20 * MS;
    int before = read20(0xFA);
    celsius = 36;
    write(0xF4, FORCE_1_1);
    nowNs += 20 * MS;
    int after = read20(0xFA);
    int fullStep = 16 * 3173;
    assertEquals(fullStep / 16.0, after - before, 40.0, "one sixteenth of the step");
  }

  @Test
  void resolution_growsWithSamples() {
    awaitStart();
    write(0xF4, FORCE_1_1);
    nowNs += 20 * MS;
    assertEquals(0, read20(0xFA) % 16, "16 bits for one sample");
  }

  @Test
  void burst_isOneMeasurement() {
    awaitStart();
    write(0xF4, FORCE_1_1);
    nowNs += 20 * MS;
    int before = read20(0xFA);
    celsius = 50;
    write(0xF4, FORCE_1_1);
    nowNs += 5 * MS;
    sensor.select(nowNs);
    sensor.exchange(0xF7, nowNs);
    int[] bytes = new int[6];
    for (int i = 0; i < 6; i++) {
      nowNs += 3 * MS;
      bytes[i] = sensor.exchange(0, nowNs);
    }
    sensor.deselect(nowNs);
    assertEquals(before, bytes[3] << 12 | bytes[4] << 4 | bytes[5] >> 4);
    assertTrue(read20(0xFA) > before);
  }

  @Test
  void write_pairsWithoutAutoIncrement() {
    awaitStart();
    transfer(0x72, 0x03, 0x75, 0x40, 0x74, 0x24);
    assertEquals(3, read(0xF2));
    assertEquals(0x40, read(0xF5));
    assertEquals(0x24, read(0xF4));
    transfer(0x72, 0x01, 0x74);
    assertEquals(1, read(0xF2));
    assertEquals(0x24, read(0xF4), "a pair cut off is dropped");
  }

  @Test
  void read_autoIncrements() {
    awaitStart();
    int[] bytes = transfer(0x88, 0, 0, 0, 0);
    assertEquals(27504, bytes[1] | bytes[2] << 8);
    assertEquals(26435, bytes[3] | bytes[4] << 8);
  }
}
