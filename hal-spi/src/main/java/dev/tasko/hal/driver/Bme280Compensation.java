package dev.tasko.hal.driver;

import org.agrona.DirectBuffer;

/// Turns the converter codes of one BME280 into physical values, in integers.
///
/// Formulas: Bosch Sensortec, BST-BME280-DS002, section 4.2.3: 32 bits for temperature and
/// humidity, 64 bits for pressure. For the data sheet's example of pressure they give 25767233 when
/// executed, which is 100653.25 Pa, although the figure printed beside them ends in 36.
///
/// Thread: one. Allocates: no.
final class Bme280Compensation {
  private int t1;
  private int t2;
  private int t3;
  private final int[] p = new int[10];
  private int h1;
  private int h2;
  private int h3;
  private int h4;
  private int h5;
  private int h6;
  private int fine;

  /// Takes the trimming.
  ///
  /// @param low registers 0x88 to 0xA1, from an offset
  /// @param high registers 0xE1 to 0xE7, from an offset
  void load(DirectBuffer low, int lowOffset, DirectBuffer high, int highOffset) {
    t1 = unsigned16(low, lowOffset);
    t2 = signed16(low, lowOffset + 2);
    t3 = signed16(low, lowOffset + 4);
    p[1] = unsigned16(low, lowOffset + 6);
    for (int i = 2; i <= 9; i++) {
      p[i] = signed16(low, lowOffset + 4 + 2 * i);
    }
    h1 = low.getByte(lowOffset + 25) & 0xFF;
    h2 = signed16(high, highOffset);
    h3 = high.getByte(highOffset + 2) & 0xFF;
    int shared = high.getByte(highOffset + 4);
    h4 = high.getByte(highOffset + 3) * 16 | (shared & 0x0F);
    h5 = high.getByte(highOffset + 5) * 16 | (shared >> 4 & 0x0F);
    h6 = high.getByte(highOffset + 6);
  }

  /// Returns whether the trimming has been read at all: an unprogrammed or absent part gives zeros.
  boolean isPlausible() {
    return t1 != 0 && t1 != 0xFFFF && p[1] != 0 && p[1] != 0xFFFF;
  }

  /// Returns hundredths of a degree Celsius, and keeps the finer value for the other two.
  int temperatureCentiC(int code) {
    int first = (((code >> 3) - (t1 << 1)) * t2) >> 11;
    int offset = (code >> 4) - t1;
    int second = (((offset * offset) >> 12) * t3) >> 14;
    fine = first + second;
    return (fine * 5 + 128) >> 8;
  }

  /// Returns the fine temperature of the last call for the temperature.
  int fineTemperature() {
    return fine;
  }

  /// Returns pascals times 256, at the last temperature; 0 if the trimming allows no division.
  long pressurePaQ8(int code) {
    long a = fine - 128_000L;
    long b = a * a * p[6] + ((a * p[5]) << 17) + ((long) p[4] << 35);
    long scale = ((a * a * p[3]) >> 8) + ((a * p[2]) << 12);
    scale = (((1L << 47) + scale) * p[1]) >> 33;
    if (scale == 0) {
      return 0;
    }
    long raw = (((1_048_576L - code) << 31) - b) * 3125 / scale;
    long square = (p[9] * (raw >> 13) * (raw >> 13)) >> 25;
    long linear = (p[8] * raw) >> 19;
    return ((raw + square + linear) >> 8) + ((long) p[7] << 4);
  }

  /// Returns percent times 1024, at the last temperature.
  int humidityQ10(int code) {
    int t = fine - 76_800;
    int linear = ((code << 14) - (h4 << 20) - h5 * t + 16_384) >> 15;
    int slope = ((((t * h6) >> 10) * (((t * h3) >> 11) + 32_768)) >> 10) + 2_097_152;
    int value = linear * ((slope * h2 + 8192) >> 14);
    value -= ((((value >> 15) * (value >> 15)) >> 7) * h1) >> 4;
    return Math.clamp(value, 0, 419_430_400) >> 12;
  }

  private static int unsigned16(DirectBuffer from, int offset) {
    return (from.getByte(offset) & 0xFF) | (from.getByte(offset + 1) & 0xFF) << 8;
  }

  private static int signed16(DirectBuffer from, int offset) {
    return (short) unsigned16(from, offset);
  }
}
