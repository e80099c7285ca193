package dev.tasko.bench.peer;

import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Netty's wheel with ticks of 1 ms, the shortest it has, and 32768 of them. Settings: `tickMs`,
/// `spokes`.
final class NettyEngine implements WallClockEngine {
  private final HashedWheelTimer timer;

  NettyEngine(PeerSpec settings) {
    timer =
        new HashedWheelTimer(
            Executors.defaultThreadFactory(),
            settings.number("tickMs", 1),
            TimeUnit.MILLISECONDS,
            (int) settings.number("spokes", 1 << 15),
            false);
    timer.start();
  }

  @Override
  public Object start(TimerQueue.Expiry expiry, long payload, long delayNs) {
    return timer.newTimeout(new Shot(expiry, payload), delayNs, TimeUnit.NANOSECONDS);
  }

  @Override
  public boolean stop(Object timeout) {
    return ((Timeout) timeout).cancel();
  }

  @Override
  public void close() {
    timer.stop();
  }
}
