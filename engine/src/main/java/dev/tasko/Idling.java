package dev.tasko;

import dev.tasko.wakeup.Sleeper;
import dev.tasko.wakeup.WakeupQueue;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/// How a loop waits while it has nothing to run, and for how long it has.
///
/// Thread: the loop's. Allocates: no.
final class Idling {
  private final NanoClock clock;
  private final long spinTailNs;
  private final @Nullable Sleeper sleeper;
  private final @Nullable IdleStrategy strategy;
  private final WakeupQueue wakeups;
  private final Pulse pulse;
  private final Places places;
  private long sleeps;
  private long idleNs;
  private long timerWakeups;

  Idling(LoopConfig config, WakeupQueue wakeups, Pulse pulse, Places places) {
    clock = config.clock;
    spinTailNs = config.spinTailNs;
    sleeper = config.sleeper;
    strategy = config.idleStrategy;
    this.wakeups = wakeups;
    this.pulse = pulse;
    this.places = places;
  }

  long sleeps() {
    return sleeps;
  }

  long idleNs() {
    return idleNs;
  }

  long timerWakeups() {
    return timerWakeups;
  }

  /// Leaves it to the idle strategy, if there is one.
  ///
  /// @return whether there is one
  boolean byStrategy(int work) {
    if (strategy == null) {
      return false;
    }
    strategy.idle(work);
    return true;
  }

  void untilWoken() {
    sleeps++;
    long sinceNs = clock.nanoTime();
    park(Long.MAX_VALUE);
    idleNs += clock.nanoTime() - sinceNs;
  }

  void until(long deadlineNs) {
    long sinceNs = clock.nanoTime();
    long waitNs = deadlineNs - sinceNs;
    if (waitNs <= 0) {
      return;
    }
    sleeps++;
    if (sleeper == null) {
      parkUntil(deadlineNs, waitNs);
    } else if (places.isAnyHandedOver()) {
      // Time that is not the thread's own must not pass while another thread works.
      park(Long.MAX_VALUE);
    } else {
      sleeper.sleepUntil(deadlineNs);
    }
    long nowNs = clock.nanoTime();
    idleNs += nowNs - sinceNs;
    if (wakeups.isEmpty() && nowNs - deadlineNs >= 0) {
      timerWakeups++;
    }
  }

  /// A park that has returned early, as it may, is not made up for by spinning.
  private void parkUntil(long deadlineNs, long waitNs) {
    if (waitNs > spinTailNs) {
      park(waitNs - spinTailNs);
    }
    if (spinTailNs > 0) {
      long leftNs = deadlineNs - clock.nanoTime();
      while (leftNs > 0
          && leftNs <= spinTailNs
          && wakeups.isEmpty()
          && !Thread.currentThread().isInterrupted()) {
        Thread.onSpinWait();
        leftNs = deadlineNs - clock.nanoTime();
      }
    }
  }

  private void park(long waitNs) {
    wakeups.park(waitNs);
    pulse.woke();
  }
}
