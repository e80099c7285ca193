package dev.tasko.bench;

import dev.tasko.bench.peer.WallClockEngine;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A controller on an engine that every thread may call, and that fires on a thread of its own.
final class SharedController extends Controller {
  private final WallClockEngine engine;
  private final @Nullable Object[] timeouts = new @Nullable Object[TIMEOUTS];

  SharedController(WallClockEngine engine) {
    this.engine = engine;
  }

  @Override
  void startPeriodic(int periodic, long deadlineNs) {
    engine.start(this::onTimer, periodic, deadlineNs - System.nanoTime());
  }

  @Override
  void rearm(int timeout, long deadlineNs) {
    Object armed = timeouts[timeout];
    if (armed != null) {
      engine.stop(armed);
    }
    timeouts[timeout] =
        engine.start(this::onTimer, PERIODICS + timeout, deadlineNs - System.nanoTime());
  }

  /// The engine serves itself.
  @Override
  void runUntil(long untilNs) {
    long leftNs = untilNs - System.nanoTime();
    while (leftNs > 0) {
      LockSupport.parkNanos(leftNs);
      leftNs = untilNs - System.nanoTime();
    }
  }

  @Override
  public void close() {
    super.close();
    engine.close();
  }
}
