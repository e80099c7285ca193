package dev.tasko.hal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongConsumer;
import org.agrona.concurrent.NanoClock;

/// Time that passes only when somebody waits: clock, delay and timers in one.
public final class ManualTime implements NanoClock, Delay, Later {
  private long nowNs;
  private final List<Armed> armed = new ArrayList<>();
  private LongConsumer whileWaiting = delayNs -> {};

  /// Starts at a time far from zero.
  public ManualTime() {
    nowNs = 7_000_000_000_123L;
  }

  @Override
  public long nanoTime() {
    return nowNs;
  }

  @Override
  public void delayNs(long delayNs) {
    whileWaiting.accept(delayNs);
    advanceTo(nowNs + Math.max(0, delayNs));
  }

  @Override
  public void runAtNs(long deadlineNs, Runnable action) {
    armed.add(new Armed(deadlineNs, action));
    armed.sort(Comparator.comparingLong(Armed::deadlineNs));
  }

  /// Sets what somebody else does during each wait.
  ///
  /// @param action told the wait before its time passes
  public void whileWaiting(LongConsumer action) {
    whileWaiting = action;
  }

  private void advanceTo(long targetNs) {
    while (!armed.isEmpty() && armed.getFirst().deadlineNs() <= targetNs) {
      Armed next = armed.removeFirst();
      nowNs = Math.max(nowNs, next.deadlineNs());
      next.action().run();
    }
    nowNs = targetNs;
  }

  /// Makes a configuration that lives by this time.
  ///
  /// @param seed of the hardware
  /// @return the configuration, without options
  public HalConfig config(long seed) {
    return HalConfig.virtualTime(this, this, this, seed);
  }

  private record Armed(long deadlineNs, Runnable action) {}
}
