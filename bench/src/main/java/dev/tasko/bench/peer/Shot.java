package dev.tasko.bench.peer;

import io.netty.util.Timeout;
import io.netty.util.TimerTask;

/// Delivers one payload.
record Shot(TimerQueue.Expiry expiry, long payload) implements Runnable, TimerTask {
  @Override
  public void run() {
    expiry.onTimer(payload);
  }

  @Override
  public void run(Timeout timeout) {
    expiry.onTimer(payload);
  }
}
