package dev.tasko.examples.station;

import com.sun.management.ThreadMXBean;
import dev.tasko.Loop;
import java.lang.management.ManagementFactory;

/// What the loop's thread allocates over a part of the run. Started and stopped on that thread.
final class Allocation {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private long bytes;
  private long turns;

  void start(Loop loop) {
    turns = -loop.turns();
    bytes = -THREADS.getCurrentThreadAllocatedBytes();
  }

  void stop(Loop loop) {
    bytes += THREADS.getCurrentThreadAllocatedBytes();
    turns += loop.turns();
  }

  double bytesPerTurn() {
    return (double) bytes / turns;
  }
}
