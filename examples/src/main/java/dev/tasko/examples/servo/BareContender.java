package dev.tasko.examples.servo;

import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// The control loop in a Java thread that does nothing else but park until the next point of its
/// grid: what the VM itself takes, which no scheduler in it can do without.
final class BareContender implements Contender {
  @Override
  public String name() {
    return "bare thread";
  }

  @Override
  public Histogram run(Conditions conditions) throws Exception {
    return Contender.onOwnThread(name(), conditions, () -> runHere(conditions));
  }

  private static Histogram runHere(Conditions conditions) throws Exception {
    try (AutoCloseable _ = conditions.enter()) {
      Activations activations = new Activations(conditions);
      long dueNs = System.nanoTime() + conditions.periodNs();
      parkUntil(dueNs);
      while (activations.run(System.nanoTime(), dueNs)) {
        dueNs = nextDueNs(dueNs, conditions.periodNs());
        parkUntil(dueNs);
      }
      return activations.latenessNs();
    }
  }

  /// Of the points that are still to come, as the loop does it.
  private static long nextDueNs(long dueNs, long periodNs) {
    long lost = Math.max(System.nanoTime() - dueNs, 0) / periodNs;
    return dueNs + (lost + 1) * periodNs;
  }

  private static void parkUntil(long deadlineNs) {
    long leftNs = deadlineNs - System.nanoTime();
    while (leftNs > 0) {
      LockSupport.parkNanos(leftNs);
      leftNs = deadlineNs - System.nanoTime();
    }
  }
}
