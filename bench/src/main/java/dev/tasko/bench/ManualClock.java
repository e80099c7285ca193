package dev.tasko.bench;

import org.agrona.concurrent.NanoClock;

/// A clock that the benchmark moves.
final class ManualClock implements NanoClock {
  long nowNs = LiveTimers.START_NS;

  @Override
  public long nanoTime() {
    return nowNs;
  }
}
