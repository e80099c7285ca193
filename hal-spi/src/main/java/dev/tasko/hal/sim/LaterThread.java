package dev.tasko.hal.sim;

import dev.tasko.hal.Later;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/// The daemon thread on which simulated peripherals act in real time; started by its first action.
///
/// Entries are kept by absolute deadline, not by a delay measured at arming, so that a thread
/// preempted while it arms cannot turn two edges round.
final class LaterThread implements Later, AutoCloseable {
  private final NanoClock clock;
  private final DelayQueue<Entry> queue = new DelayQueue<>();
  private @Nullable Thread thread;
  private boolean closed;
  private long armed;

  LaterThread(NanoClock clock) {
    this.clock = clock;
  }

  @Override
  public synchronized void runAtNs(long deadlineNs, Runnable action) {
    if (closed) {
      throw new IllegalStateException("hal: closed (expected: open)");
    }
    queue.add(new Entry(clock, deadlineNs, armed++, action));
    if (thread == null) {
      thread = Thread.ofPlatform().name("sim-peripherals").daemon().start(this::serve);
    }
  }

  private void serve() {
    try {
      while (true) {
        run(queue.take().action);
      }
    } catch (InterruptedException e) {
      queue.clear();
    }
  }

  /// A failing action is reported as the thread's own and does not stop the others.
  private static void run(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      Thread self = Thread.currentThread();
      self.getUncaughtExceptionHandler().uncaughtException(self, e);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (thread != null) {
      thread.interrupt();
    }
  }

  private record Entry(NanoClock clock, long deadlineNs, long order, Runnable action)
      implements Delayed {
    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(deadlineNs - clock.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      Entry that = (Entry) other;
      long differenceNs = deadlineNs - that.deadlineNs;
      return differenceNs != 0 ? Long.signum(differenceNs) : Long.compare(order, that.order);
    }
  }
}
