package dev.tasko.hal.driver;

import org.agrona.DirectBuffer;

/// The two check sums of SD cards, by table.
///
/// Thread: any. Allocates: no.
final class SdChecksum {
  private static final byte[] SEVEN = sevenBitTable();
  private static final char[] SIXTEEN = sixteenBitTable();

  private SdChecksum() {}

  private static byte[] sevenBitTable() {
    byte[] table = new byte[256];
    for (int i = 0; i < 256; i++) {
      int crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x80) != 0 ? (crc ^ 0x89) << 1 : crc << 1;
      }
      table[i] = (byte) crc;
    }
    return table;
  }

  private static char[] sixteenBitTable() {
    char[] table = new char[256];
    for (int i = 0; i < 256; i++) {
      int crc = i << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
      }
      table[i] = (char) crc;
    }
    return table;
  }

  /// Returns the byte that ends a frame: x^7 + x^3 + 1 from zero, and a one.
  ///
  /// The sum is kept in the upper seven bits, so one look-up a byte does.
  static int frameEnd(DirectBuffer bytes, int offset, int length) {
    int crc = 0;
    for (int i = 0; i < length; i++) {
      crc = SEVEN[(crc ^ bytes.getByte(offset + i)) & 0xFF];
    }
    return (crc & 0xFF) | 1;
  }

  /// Carries a data check sum (x^16 + x^12 + x^5 + 1, starting from zero) on over more bytes.
  static int data(int crc, DirectBuffer bytes, int offset, int length) {
    int sum = crc;
    for (int i = 0; i < length; i++) {
      int index = sum >> 8 ^ (bytes.getByte(offset + i) & 0xFF);
      sum = (sum << 8 ^ SIXTEEN[index]) & 0xFFFF;
    }
    return sum;
  }
}
