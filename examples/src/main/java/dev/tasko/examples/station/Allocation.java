package dev.tasko.examples.station;

import com.sun.management.ThreadMXBean;
import dev.tasko.Loop;
import java.lang.management.ManagementFactory;

/// What the loop's thread allocates over a part of the run. It is posted to the loop, since a task
/// may run on a thread of its own.
final class Allocation {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private boolean known;
  private long bytes;
  private long turns;

  void start(Loop loop) {
    loop.post(() -> begin(loop));
  }

  void stop(Loop loop) {
    loop.post(() -> end(loop));
  }

  private void begin(Loop loop) {
    turns = -loop.turns();
    bytes = -THREADS.getCurrentThreadAllocatedBytes();
  }

  /// A run that is stopped early may not have come to the part.
  private void end(Loop loop) {
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
