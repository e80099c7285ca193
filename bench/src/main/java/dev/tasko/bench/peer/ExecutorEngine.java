package dev.tasko.bench.peer;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// One of the JDK's own schedulers.
final class ExecutorEngine implements WallClockEngine {
  private final ScheduledExecutorService executor;

  ExecutorEngine(ScheduledExecutorService executor) {
    this.executor = executor;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // kept by the caller, to be cancelled
  public Object start(TimerQueue.Expiry expiry, long payload, long delayNs) {
    return executor.schedule(new Shot(expiry, payload), delayNs, TimeUnit.NANOSECONDS);
  }

  @Override
  public boolean stop(Object timer) {
    return ((Future<?>) timer).cancel(false);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
