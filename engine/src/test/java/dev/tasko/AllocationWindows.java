package dev.tasko;

import com.sun.management.ThreadMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/// What an operation allocates in its steady state, on the calling thread.
///
/// It is the least that two windows in a row, without a collection, both kept to. The compiler may
/// still be at work: the first windows are interpreted, and when it takes back a method, the stacks
/// suspended in it cost a new chunk once. That hits a window now and then; what the operation
/// itself allocates is in all of them. A collection moves the stacks of suspended coroutines, which
/// costs a chunk too, so a window with one in it counts for nothing.
public final class AllocationWindows {
  private static final int WINDOWS_MAX = 20;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final List<GarbageCollectorMXBean> COLLECTORS =
      ManagementFactory.getGarbageCollectorMXBeans();

  private AllocationWindows() {}

  /// Measures until two windows kept to what is expected, or there were too many.
  ///
  /// @param expectedBytes of a window
  /// @param window the operation, as often as it takes
  /// @return bytes of a window
  public static long leastBytes(long expectedBytes, Runnable window) {
    long least = Long.MAX_VALUE;
    long previous = Long.MAX_VALUE;
    for (int i = 0; i < WINDOWS_MAX && least > expectedBytes; i++) {
      long collectionsBefore = collections();
      long before = THREADS.getCurrentThreadAllocatedBytes();
      window.run();
      long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
      if (collections() == collectionsBefore) {
        least = Math.min(least, Math.max(previous, bytes));
        previous = bytes;
      }
    }
    return least;
  }

  private static long collections() {
    long count = 0;
    for (GarbageCollectorMXBean collector : COLLECTORS) {
      count += collector.getCollectionCount();
    }
    return count;
  }
}
