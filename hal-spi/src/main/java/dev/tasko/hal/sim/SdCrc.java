package dev.tasko.hal.sim;

/// The check sums of the card's own side, computed bit by bit as the definition says.
///
/// Drivers use tables; that both agree is part of what the round trip proves.
final class SdCrc {
  private SdCrc() {}

  /// The byte that ends a frame or a register: x^7 + x^3 + 1 over the bytes before it, then a one.
  static int sealed(byte[] bytes, int length) {
    int crc = 0;
    for (int i = 0; i < length; i++) {
      for (int bit = 7; bit >= 0; bit--) {
        int feedback = (crc >> 6 ^ bytes[i] >> bit) & 1;
        crc = (crc << 1 ^ feedback * 0x09) & 0x7F;
      }
    }
    return crc << 1 | 1;
  }

  /// x^16 + x^12 + x^5 + 1 from zero.
  static int data(byte[] bytes, int length) {
    int crc = 0;
    for (int i = 0; i < length; i++) {
      crc ^= (bytes[i] & 0xFF) << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) != 0 ? (crc << 1 ^ 0x1021) & 0xFFFF : crc << 1;
      }
    }
    return crc;
  }
}
