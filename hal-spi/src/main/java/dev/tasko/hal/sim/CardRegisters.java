package dev.tasko.hal.sim;

import java.util.Arrays;

/// The two sixteen-byte registers that a card sends as data.
///
/// The size is counted in coarse units, which is why an image must be a multiple of one: 512 KiB in
/// the second version of the register, 256 KiB in the first with its largest multiplier.
final class CardRegisters {
  static final int BYTES = 16;
  static final long BLOCK_CARD_UNIT_BYTES = 512 * 1024;
  static final long BYTE_CARD_UNIT_BYTES = 256 * 1024;
  static final long BYTE_CARD_MAX_BYTES = 4096 * BYTE_CARD_UNIT_BYTES;

  private CardRegisters() {}

  static int csd(long blocks, boolean blockAddressed, byte[] into) {
    Arrays.fill(into, 0, BYTES, (byte) 0);
    into[3] = 0x32;
    into[4] = 0x5B;
    into[5] = 0x59;
    if (blockAddressed) {
      storeSecondVersion(blocks * 512 / BLOCK_CARD_UNIT_BYTES - 1, into);
    } else {
      storeFirstVersion(blocks * 512 / BYTE_CARD_UNIT_BYTES - 1, into);
    }
    into[15] = (byte) SdCrc.sealed(into, BYTES - 1);
    return BYTES;
  }

  private static void storeSecondVersion(long size, byte[] into) {
    into[0] = 0x40;
    into[7] = (byte) (size >> 16 & 0x3F);
    into[8] = (byte) (size >> 8);
    into[9] = (byte) size;
  }

  /// Bits 73 to 62 hold the size, bits 49 to 47 the multiplier, here always 7.
  private static void storeFirstVersion(long size, byte[] into) {
    into[6] = (byte) (size >> 10 & 0x03);
    into[7] = (byte) (size >> 2);
    into[8] = (byte) ((size & 0x03) << 6);
    into[9] = 0x03;
    into[10] = (byte) 0x80;
  }

  static int cid(byte[] into) {
    Arrays.fill(into, 0, BYTES, (byte) 0);
    byte[] name = {'S', 'I', 'M', 'S', 'D'};
    System.arraycopy(name, 0, into, 3, name.length);
    into[8] = 0x10;
    into[12] = 1;
    into[14] = (byte) 0x91;
    into[15] = (byte) SdCrc.sealed(into, BYTES - 1);
    return BYTES;
  }
}
