package dev.tasko.bench.peer;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// One of the JDK's own schedulers. Setting: `offsetS`.
final class ExecutorQueue extends WallClockQueue {
  private final ScheduledExecutorService executor;

  ExecutorQueue(ScheduledExecutorService executor, Load load, PeerSpec settings, Expiry expiry) {
    super(load, settings, expiry);
    this.executor = executor;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // kept by the caller, to be cancelled
  Object start(Shot shot, long delayNs) {
    return executor.schedule(shot, delayNs, TimeUnit.NANOSECONDS);
  }

  @Override
  boolean stop(Object timer) {
    return ((Future<?>) timer).cancel(false);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
