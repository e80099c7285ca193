package dev.tasko.examples.station;

import dev.tasko.ScheduledTask;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// Lateness of one scheduled task, without garbage.
final class Meter {
  private static final long HIGHEST_NS = 60_000_000_000L;
  private static final int DIGITS = 3;
  private static final double NS_PER_US = 1e3;
  private static final double NS_PER_MS = 1e6;
  private static final double NS_PER_SECOND = 1e9;

  private final Histogram latenessNs = new Histogram(HIGHEST_NS, DIGITS);
  private @Nullable ScheduledTask task;
  private long firstNs;
  private long lastNs;

  void of(ScheduledTask measured) {
    task = measured;
  }

  /// To be called first in each activation.
  ///
  /// @param nowNs by the loop's clock
  void begin(long nowNs) {
    lastNs = nowNs;
    if (task != null) {
      firstNs = task.activations() == 1 ? nowNs : firstNs;
      latenessNs.recordValue(Math.min(task.latenessNs(), HIGHEST_NS));
    }
  }

  static String head() {
    return "%-12s %12s %12s %12s %12s %12s %8s %14s"
        .formatted(
            "task",
            "activations",
            "rate, Hz",
            "late p50, us",
            "late p99, us",
            "late max, us",
            "missed",
            "bus wait, ms");
  }

  String row() {
    if (task == null) {
      return "-";
    }
    return "%-12s %12d %12s %12.1f %12.1f %12.1f %8d %14.3f"
        .formatted(
            task.name(),
            task.activations(),
            rateHz(task.activations()),
            latenessNs.getValueAtPercentile(50) / NS_PER_US,
            latenessNs.getValueAtPercentile(99) / NS_PER_US,
            latenessNs.getMaxValue() / NS_PER_US,
            task.missed(),
            task.resourceWaitNs() / NS_PER_MS);
  }

  /// From the first activation to the last, so there must be two.
  private String rateHz(long activations) {
    return activations < 2
        ? "-"
        : "%.3f".formatted((activations - 1) * NS_PER_SECOND / (lastNs - firstNs));
  }
}
