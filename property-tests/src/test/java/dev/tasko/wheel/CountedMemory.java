package dev.tasko.wheel;

import java.util.Arrays;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/// What stands in for each memory access of a class that [AccessRewriter] rewrote: the same access,
/// reported to [CacheLines]. These methods are all the kinds that can be counted.
final class CountedMemory {
  private CountedMemory() {}

  // UnsafeBuffer

  static long getLong(UnsafeBuffer buffer, int index) {
    touch(buffer, index, Long.BYTES);
    return buffer.getLong(index);
  }

  static void putLong(UnsafeBuffer buffer, int index, long value) {
    touch(buffer, index, Long.BYTES);
    buffer.putLong(index, value);
  }

  static int getInt(UnsafeBuffer buffer, int index) {
    touch(buffer, index, Integer.BYTES);
    return buffer.getInt(index);
  }

  static void putInt(UnsafeBuffer buffer, int index, int value) {
    touch(buffer, index, Integer.BYTES);
    buffer.putInt(index, value);
  }

  static void setMemory(UnsafeBuffer buffer, int index, int length, byte value) {
    touch(buffer, index, length);
    buffer.setMemory(index, length, value);
  }

  private static void touch(UnsafeBuffer buffer, int index, long bytes) {
    if (buffer.byteArray() != null) {
      throw new IllegalStateException("buffer: on the heap (expected: direct)");
    }
    CacheLines.touch(buffer.addressOffset() + index, bytes);
  }

  // UnsafeApi

  static long getLong(long address) {
    CacheLines.touch(address, Long.BYTES);
    return UnsafeApi.getLong(address);
  }

  static void putLong(long address, long value) {
    CacheLines.touch(address, Long.BYTES);
    UnsafeApi.putLong(address, value);
  }

  static int getInt(long address) {
    CacheLines.touch(address, Integer.BYTES);
    return UnsafeApi.getInt(address);
  }

  static void putInt(long address, int value) {
    CacheLines.touch(address, Integer.BYTES);
    UnsafeApi.putInt(address, value);
  }

  static void setMemory(long address, long bytes, byte value) {
    CacheLines.touch(address, bytes);
    UnsafeApi.setMemory(address, bytes, value);
  }

  static void copyMemory(long from, long to, long bytes) {
    CacheLines.touch(from, bytes);
    CacheLines.touch(to, bytes);
    UnsafeApi.copyMemory(from, to, bytes);
  }

  // Arrays

  static long laload(long[] array, int index) {
    touchElements(array, index, 1);
    return array[index];
  }

  static void lastore(long[] array, int index, long value) {
    touchElements(array, index, 1);
    array[index] = value;
  }

  static int iaload(int[] array, int index) {
    touchElements(array, index, 1);
    return array[index];
  }

  static void iastore(int[] array, int index, int value) {
    touchElements(array, index, 1);
    array[index] = value;
  }

  static void fill(long[] array, long value) {
    fill(array, 0, array.length, value);
  }

  static void fill(long[] array, int from, int to, long value) {
    touchElements(array, from, to - from);
    Arrays.fill(array, from, to, value);
  }

  static void fill(int[] array, int value) {
    fill(array, 0, array.length, value);
  }

  static void fill(int[] array, int from, int to, int value) {
    touchElements(array, from, to - from);
    Arrays.fill(array, from, to, value);
  }

  static void arraycopy(Object source, int from, Object target, int to, int length) {
    touchElements(source, from, length);
    touchElements(target, to, length);
    System.arraycopy(source, from, target, to, length);
  }

  private static void touchElements(Object array, int from, int length) {
    int bytes =
        switch (array) {
          case long[] longs -> Long.BYTES;
          case int[] ints -> Integer.BYTES;
          default ->
              throw new IllegalStateException("array: " + array + " (expected: of long or int)");
        };
    CacheLines.touch(array, (long) from * bytes, (long) length * bytes);
  }
}
