package dev.tasko.examples.station;

import com.sun.management.ThreadMXBean;
import dev.tasko.Loop;
import java.lang.management.ManagementFactory;

/// What the loop's thread allocates over a part of the run. Started and stopped on that thread.
final class Allocation {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private boolean known;
  private long bytes;
  private long turns;

  void start(Loop loop) {
    turns = -loop.turns();
    bytes = -THREADS.getCurrentThreadAllocatedBytes();
  }

  /// A run that is stopped early may not have come to the part.
  void stop(Loop loop) {
    if (turns == 0) {
      return;
    }
    known = true;
    bytes += THREADS.getCurrentThreadAllocatedBytes();
    turns += loop.turns();
  }

  boolean isKnown() {
    return known;
  }

  double bytesPerTurn() {
    return (double) bytes / turns;
  }
}
