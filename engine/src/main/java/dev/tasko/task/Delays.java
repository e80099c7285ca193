package dev.tasko.task;

import java.time.Duration;
import java.util.Objects;

/// Delays as users give them, in nanoseconds.
public final class Delays {
  private static final double NS_PER_SECOND = 1e9;

  private Delays() {}

  /// Cut to whole nanoseconds, as tasko does.
  ///
  /// @param name of the argument, for the message
  /// @param seconds as given
  /// @return ns
  /// @throws IllegalArgumentException if it is not a finite number of at most 146 years
  public static long toNs(String name, double seconds) {
    double ns = seconds * NS_PER_SECOND;
    if (!(Math.abs(ns) <= Period.MAX_NS)) {
      throw new IllegalArgumentException(
          name + ": " + seconds + " (expected: finite, at most 146 years)");
    }
    return (long) ns;
  }

  /// In whole nanoseconds.
  ///
  /// @param name of the argument, for the message
  /// @param duration as given
  /// @return ns
  /// @throws IllegalArgumentException if it is more than 146 years
  public static long toNs(String name, Duration duration) {
    Objects.requireNonNull(duration, name);
    if (duration.abs().compareTo(Duration.ofNanos(Period.MAX_NS)) > 0) {
      throw new IllegalArgumentException(name + ": " + duration + " (expected: at most 146 years)");
    }
    return duration.toNanos();
  }
}
