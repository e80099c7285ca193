package dev.tasko.bench.peer;

import dev.tasko.wheel.TimerWheel;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;

/// The memory of a [TimerWheel], by arithmetic and as the VM counts its direct buffers.
///
/// ```text
///   records   32 bytes x capacity
///   slots     16 bytes x (2^12 + 2 x 2^11 + 2^14 + 2 x 2^12 + 2^5)  524,800 bytes
///   bitmaps    2 x 8 bytes x (513 words + 9 summary words)            8,352 bytes, on the heap
/// ```
///
/// @param capacity of the wheel
/// @param computedBytes of its direct buffer, by arithmetic
/// @param countedBytes of direct buffers that the VM counts more with the wheel than without
public record WheelMemory(int capacity, long computedBytes, long countedBytes) {
  /// The buffer may be moved by up to a cache line for alignment.
  public static final int ALIGNMENT_BYTES = 64;

  static final long HEAP_BYTES = 2 * Long.BYTES * (513 + 9);
  private static final int ATTEMPTS = 5;
  private static final long RECORD_BYTES = 32;
  private static final long SLOT_BYTES =
      16L * ((1 << 12) + 2 * (1 << 11) + (1 << 14) + 2 * (1 << 12) + (1 << 5));

  /// Makes a wheel and counts. A collection or another thread may free or make direct buffers just
  /// then, so a count that does not agree is repeated.
  ///
  /// @param capacity of the wheel
  /// @return what it takes
  public static WheelMemory measure(int capacity) {
    WheelMemory memory = measureOnce(capacity);
    for (int left = ATTEMPTS - 1; left > 0 && !memory.agrees(); left--) {
      memory = measureOnce(capacity);
    }
    return memory;
  }

  private static WheelMemory measureOnce(int capacity) {
    long before = directBytesInUse();
    TimerWheel wheel = new TimerWheel(capacity, 0);
    try {
      long after = directBytesInUse();
      return new WheelMemory(capacity, directBytes(capacity), after - before);
    } finally {
      Reference.reachabilityFence(wheel);
    }
  }

  /// What one timer takes, its share of the slots included.
  ///
  /// @return bytes
  public double bytesPerTimer() {
    return (double) (computedBytes + HEAP_BYTES) / capacity;
  }

  /// Whether arithmetic and VM agree.
  ///
  /// @return whether they differ by no more than the alignment
  public boolean agrees() {
    long surplus = countedBytes - computedBytes;
    return surplus >= 0 && surplus <= ALIGNMENT_BYTES;
  }

  static long directBytes(int capacity) {
    return RECORD_BYTES * capacity + SLOT_BYTES;
  }

  private static long directBytesInUse() {
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      if (pool.getName().equals("direct")) {
        return pool.getMemoryUsed();
      }
    }
    throw new IllegalStateException("direct: no such buffer pool on this VM");
  }
}
