package dev.tasko.bench.peer;

import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.CyclicTimeout;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;

/// One Jetty `CyclicTimeout` for each timer, on Jetty's own scheduler. It is made to be postponed:
/// a later deadline is only noted, and the scheduler's task finds it when it runs.
final class JettyEngine implements WallClockEngine {
  private final ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler();

  JettyEngine() {
    try {
      scheduler.start();
    } catch (Exception e) {
      throw new IllegalStateException("jetty: the scheduler did not start", e);
    }
  }

  @Override
  public Object start(TimerQueue.Expiry expiry, long payload, long delayNs) {
    Cyclic timer = new Cyclic(scheduler, expiry, payload);
    schedule(timer, delayNs);
    return timer;
  }

  @Override
  public boolean stop(Object timer) {
    return ((Cyclic) timer).cancel();
  }

  /// What it is made for.
  @Override
  public Object restart(Object timer, TimerQueue.Expiry expiry, long payload, long delayNs) {
    schedule((Cyclic) timer, delayNs);
    return timer;
  }

  private static void schedule(Cyclic timer, long delayNs) {
    timer.schedule(Math.max(0, delayNs), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    try {
      scheduler.stop();
    } catch (Exception e) {
      throw new IllegalStateException("jetty: the scheduler did not stop", e);
    }
  }

  private static final class Cyclic extends CyclicTimeout {
    private final TimerQueue.Expiry expiry;
    private final long payload;

    Cyclic(Scheduler scheduler, TimerQueue.Expiry expiry, long payload) {
      super(scheduler);
      this.expiry = expiry;
      this.payload = payload;
    }

    @Override
    public void onTimeoutExpired() {
      expiry.onTimer(payload);
    }
  }
}
