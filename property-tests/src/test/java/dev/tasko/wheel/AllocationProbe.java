package dev.tasko.wheel;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/// A steady load on one wheel that touches every path, and what it allocates.
final class AllocationProbe implements TimerHandler {
  private static final int CAPACITY = 1000;
  private static final int STEPS = 50_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final IllegalArgumentException exception =
      new IllegalArgumentException("from the handler");
  private final TimerWheel wheel = new TimerWheel(CAPACITY, Long.MAX_VALUE - 1_000_000_000L);
  private final long[] handles = new long[CAPACITY];
  private long nowNs = Long.MAX_VALUE - 1_000_000_000L;
  private long state = 42;
  private long fired;
  private long refused;
  private long thrown;
  private long idle;

  long fired() {
    return fired;
  }

  /// How many handlers threw.
  long thrown() {
    return thrown;
  }

  long bytesOfRound() {
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int step = 0; step < STEPS; step++) {
      step();
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private void step() {
    long random = next();
    int at = (int) ((random >>> 40) % CAPACITY);
    long delay = (random & 0xffffff) >>> (random >>> 59);
    switch ((int) (random >>> 32) & 7) {
      case 0 -> wheel.cancel(handles[at]);
      case 1 -> wheel.postpone(handles[at], nowNs + delay - 1000);
      case 2 -> pollOne();
      default -> {
        long handle = wheel.schedule(nowNs + delay - 500, random);
        if (handle == TimerWheel.NULL_HANDLE) {
          refused++;
        } else {
          handles[at] = handle;
        }
      }
    }
    nowNs += 1 + (random >>> 20 & 0xfff);
    if (wheel.isDue(nowNs) && wheel.nextDeadlineNs() != TimerWheel.NO_DEADLINE) {
      poll(1 + (int) (random & 15));
    }
    if ((random & 0xfff) == 0) {
      wheel.clear();
    }
  }

  private void poll(int budget) {
    try {
      wheel.poll(nowNs, this, budget);
    } catch (IllegalArgumentException expected) {
      thrown++;
    }
  }

  private void pollOne() {
    try {
      if (!wheel.pollOne(nowNs, this)) {
        idle++;
      }
    } catch (IllegalArgumentException expected) {
      thrown++;
    }
  }

  @Override
  public void onTimer(long handle, long payload, long deadlineNs) {
    fired++;
    if ((payload & 3) == 0) {
      wheel.postpone(handle, deadlineNs + 1000);
    } else if ((payload & 31) == 1) {
      throw exception;
    }
  }

  private long next() {
    state ^= state << 13;
    state ^= state >>> 7;
    state ^= state << 17;
    return state * 0x2545F4914F6CDD1DL;
  }

  @Override
  public String toString() {
    return "AllocationProbe{fired="
        + fired
        + ", refused="
        + refused
        + ", thrown="
        + thrown
        + ", idle="
        + idle
        + "}";
  }
}
