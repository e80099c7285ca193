package dev.tasko.bench.peer;

import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Netty's wheel with ticks of 1 ms, the shortest it has, and 32768 of them. Settings: `tickMs`,
/// `spokes`, `offsetS`.
final class NettyQueue extends WallClockQueue {
  private final HashedWheelTimer timer;

  NettyQueue(Load load, PeerSpec settings, Expiry expiry) {
    super(load, settings, expiry);
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
  Object start(Shot shot, long delayNs) {
    return timer.newTimeout(shot, delayNs, TimeUnit.NANOSECONDS);
  }

  @Override
  boolean stop(Object timeout) {
    return ((Timeout) timeout).cancel();
  }

  @Override
  public void close() {
    timer.stop();
  }
}
