package dev.tasko.examples.station;

import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;

/// A block of the log: up to fifteen readings behind a header, or the log's first block, which
/// tells what the readings are to be compared with.
///
/// ```text
///   0 magic   4 run   8 sequence   12 count of readings   16 readings ...          508 CRC-32C
///                     0 = first block                     16 ms a row of the series
/// ```
///
/// The run number tells this log from what an earlier one left on the card.
final class LogBlock {
  static final int BYTES = 512;
  static final int READINGS = 15;

  private static final int MAGIC_VALUE = 0x54_53_4B_4F;
  private static final int MAGIC = 0;
  private static final int RUN = 4;
  private static final int SEQUENCE = 8;
  private static final int COUNT = 12;
  private static final int PAYLOAD = 16;
  private static final int CRC = 508;

  private final byte[] bytes = new byte[BYTES];
  private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
  private final CRC32C crc = new CRC32C();

  UnsafeBuffer buffer() {
    return buffer;
  }

  byte[] bytes() {
    return bytes;
  }

  /// Makes it the first block of a log.
  void begin(int run, long rowMs) {
    fill(run, 0, 0);
    buffer.putLong(PAYLOAD, rowMs);
    seal();
  }

  void fill(int run, int sequence, int count) {
    buffer.setMemory(0, BYTES, (byte) 0);
    buffer.putInt(MAGIC, MAGIC_VALUE);
    buffer.putInt(RUN, run);
    buffer.putInt(SEQUENCE, sequence);
    buffer.putInt(COUNT, count);
  }

  void seal() {
    buffer.putInt(CRC, checksum());
  }

  boolean isSealed() {
    return buffer.getInt(MAGIC) == MAGIC_VALUE && buffer.getInt(CRC) == checksum();
  }

  boolean isOf(int run, int sequence) {
    return isSealed() && run() == run && buffer.getInt(SEQUENCE) == sequence;
  }

  int run() {
    return buffer.getInt(RUN);
  }

  int count() {
    return buffer.getInt(COUNT);
  }

  long rowMs() {
    return buffer.getLong(PAYLOAD);
  }

  static int readingOffset(int index) {
    return PAYLOAD + index * Reading.BYTES;
  }

  private int checksum() {
    crc.reset();
    crc.update(bytes, 0, CRC);
    return (int) crc.getValue();
  }
}
