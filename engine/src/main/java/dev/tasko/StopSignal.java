package dev.tasko;

import dev.tasko.wakeup.WakeupQueue;
import dev.tasko.wakeup.WakeupSource;
import java.util.concurrent.atomic.AtomicBoolean;

/// A request to stop, from any thread: seen after the present step, and waking a loop that sleeps.
final class StopSignal extends WakeupSource {
  private final WakeupQueue wakeups;
  private final AtomicBoolean pending = new AtomicBoolean();
  private volatile boolean requested;

  StopSignal(WakeupQueue wakeups) {
    this.wakeups = wakeups;
  }

  void signal() {
    requested = true;
    if (!pending.getAndSet(true)) {
      wakeups.signal(this);
    }
  }

  boolean isRequested() {
    return requested;
  }

  void clear() {
    requested = false;
  }

  @Override
  protected void onWakeup() {
    pending.set(false);
  }
}
