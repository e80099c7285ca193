package dev.tasko.bench.peer;

import org.apache.kafka.server.util.timer.SystemTimer;
import org.apache.kafka.server.util.timer.TimerTask;

/// Kafka's `SystemTimer`: its wheel, the locks around it, a thread that advances it as the broker's
/// does, and one that runs what is due. Settings: `tickMs` (1), `spokes` (512, as [KafkaQueue]).
final class SystemTimerEngine implements WallClockEngine {
  private static final long WAIT_MS = 200;
  private static final long MILLISECOND_NS = 1_000_000;

  private final SystemTimer timer;
  private final Thread advancer = new Thread(this::advance, "kafka-advancer");
  private volatile boolean closed;

  SystemTimerEngine(PeerSpec settings) {
    timer =
        new SystemTimer(
            "kafka-",
            settings.number("tickMs", 1),
            (int) settings.number("spokes", 512),
            System.nanoTime() / MILLISECOND_NS);
    advancer.setDaemon(true);
    advancer.start();
  }

  private void advance() {
    try {
      while (!closed) {
        timer.advanceClock(WAIT_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Its clock counts whole milliseconds of `System.nanoTime`, so a deadline is rounded up to one.
  @Override
  public Object start(TimerQueue.Expiry expiry, long payload, long delayNs) {
    long nowNs = System.nanoTime();
    long deadlineMs = Math.ceilDiv(nowNs + delayNs, MILLISECOND_NS);
    Task task = new Task(expiry, payload, Math.max(0, deadlineMs - nowNs / MILLISECOND_NS));
    timer.add(task);
    return task;
  }

  /// It does not say whether the task had run.
  @Override
  public boolean stop(Object task) {
    return ((Task) task).stop();
  }

  @Override
  public void close() {
    closed = true;
    advancer.interrupt();
    timer.close();
  }

  private static final class Task extends TimerTask {
    private final TimerQueue.Expiry expiry;
    private final long payload;
    private boolean done;

    Task(TimerQueue.Expiry expiry, long payload, long delayMs) {
      super(delayMs);
      this.expiry = expiry;
      this.payload = payload;
    }

    @Override
    public void run() {
      if (finish()) {
        expiry.onTimer(payload);
      }
    }

    boolean stop() {
      cancel();
      return finish();
    }

    private synchronized boolean finish() {
      boolean first = !done;
      done = true;
      return first;
    }
  }
}
