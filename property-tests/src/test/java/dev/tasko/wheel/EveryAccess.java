package dev.tasko.wheel;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.Arrays;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/// Every kind of access that can be counted, to be rewritten: each method is one case.
final class EveryAccess {
  private static final int LINE = 64;
  private static final UnsafeBuffer BUFFER =
      new UnsafeBuffer(BufferUtil.allocateDirectAligned(8 * LINE, LINE));
  private static final long ADDRESS = BUFFER.addressOffset();
  private static final long[] LONGS = new long[8 * LINE / Long.BYTES];
  private static final int[] INTS = new int[8 * LINE / Integer.BYTES];
  private static final int[] OTHER_INTS = new int[INTS.length];

  private EveryAccess() {}

  /// How many lines the case touches.
  @Retention(RetentionPolicy.RUNTIME)
  @interface Lines {
    int value();
  }

  @Lines(2)
  static long bufferReads() {
    return BUFFER.getLong(0) + BUFFER.getInt(LINE);
  }

  @Lines(2)
  static void bufferWrites() {
    BUFFER.putLong(0, 1);
    BUFFER.putInt(LINE, 1);
  }

  @Lines(2)
  static void bufferAcrossLines() {
    BUFFER.putLong(LINE - 4, 1);
  }

  @Lines(2)
  static void bufferRange() {
    BUFFER.setMemory(LINE - 1, LINE + 1, (byte) 0);
  }

  @Lines(2)
  static long addressReads() {
    return UnsafeApi.getLong(ADDRESS) + UnsafeApi.getInt(ADDRESS + LINE);
  }

  @Lines(2)
  static void addressWrites() {
    UnsafeApi.putLong(ADDRESS, 1);
    UnsafeApi.putInt(ADDRESS + LINE, 1);
  }

  @Lines(3)
  static void addressRanges() {
    UnsafeApi.setMemory(ADDRESS, 2 * LINE, (byte) 0);
    UnsafeApi.copyMemory(ADDRESS, ADDRESS + 4 * LINE, LINE);
  }

  @Lines(1)
  static long sameLineByBufferAndAddress() {
    return BUFFER.getLong(0) + UnsafeApi.getLong(ADDRESS + 8);
  }

  @Lines(2)
  static long arrayReads() {
    return LONGS[0] + INTS[0];
  }

  @Lines(2)
  static void arrayWrites() {
    LONGS[0] = 1;
    INTS[0] = 1;
  }

  @Lines(2)
  static void sameLineOfArray() {
    LONGS[8] += LONGS[15];
    INTS[16]++;
  }

  @Lines(4)
  static void nextLineOfArray() {
    LONGS[7] = LONGS[8];
    INTS[15] = INTS[16];
  }

  @Lines(16)
  static void arrayFills() {
    Arrays.fill(LONGS, 0);
    Arrays.fill(INTS, 0);
  }

  @Lines(3)
  static void arrayRangeFills() {
    Arrays.fill(LONGS, 7, 9, 0);
    Arrays.fill(INTS, 16, 32, 0);
  }

  @Lines(3)
  static void arrayCopies() {
    System.arraycopy(INTS, 0, OTHER_INTS, 8, 16);
    System.arraycopy(LONGS, 1, LONGS, 1, 0);
  }

  @Lines(1)
  static long inLambda() {
    LongUnary read = index -> LONGS[index];
    return read.apply(0);
  }

  /// A fellow that is rewritten too.
  interface LongUnary {
    long apply(int index);
  }
}
