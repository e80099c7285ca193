package dev.tasko.bench;

import org.agrona.concurrent.NanoClock;

/// A clock that the benchmark moves, and that takes as long to read as the system's: what a loop
/// pays for looking at the time is in its figures.
final class PricedClock implements NanoClock {
  long nowNs = LiveTimers.START_NS;

  /// Keeps the compiler from leaving the reading out.
  @SuppressWarnings("unused")
  private long systemNs;

  @Override
  public long nanoTime() {
    systemNs = System.nanoTime();
    return nowNs;
  }
}
