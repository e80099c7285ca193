package dev.tasko;

import dev.tasko.task.Period;
import java.time.Duration;
import java.util.Objects;

/// Delays as users give them, in nanoseconds.
final class Delays {
  private static final double NS_PER_SECOND = 1e9;

  private Delays() {}

  /// Cut to whole nanoseconds, as tasko does.
  static long toNs(String name, double seconds) {
    double ns = seconds * NS_PER_SECOND;
    if (!(Math.abs(ns) <= Period.MAX_NS)) {
      throw new IllegalArgumentException(
          name + ": " + seconds + " (expected: finite, at most 146 years)");
    }
    return (long) ns;
  }

  static long toNs(Duration duration) {
    Objects.requireNonNull(duration, "duration");
    if (duration.abs().compareTo(Duration.ofNanos(Period.MAX_NS)) > 0) {
      throw new IllegalArgumentException(
          "duration: " + duration + " (expected: at most 146 years)");
    }
    return duration.toNanos();
  }
}
