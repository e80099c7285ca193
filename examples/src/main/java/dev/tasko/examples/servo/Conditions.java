package dev.tasko.examples.servo;

import dev.tasko.linux.RealTime;
import dev.tasko.linux.RealTimeConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is the same for all contenders.
///
/// @param rateHz activations in a second, a whole number of microseconds apart
/// @param seconds how long one round of one contender lasts
/// @param realTime what each asks of the kernel for its thread, or `null` for nothing
/// @param granted what came of it when it was tried
record Conditions(
    int rateHz, int seconds, @Nullable RealTimeConfig realTime, List<RealTime.Setting> granted) {
  static final int US_PER_SECOND = 1_000_000;

  /// As [RealTime] names it.
  static final String PRIORITY = "SCHED_FIFO priority";

  private static final long NS_PER_SECOND = 1_000_000_000;

  /// The same for a second, at this rate or a higher one.
  Conditions atLeast(int otherHz) {
    return new Conditions(Math.max(rateHz, otherHz), 1, realTime, granted);
  }

  int periodUs() {
    return US_PER_SECOND / rateHz;
  }

  long periodNs() {
    return NS_PER_SECOND / rateHz;
  }

  long durationNs() {
    return seconds * NS_PER_SECOND;
  }

  long planned() {
    return (long) rateHz * seconds;
  }

  /// Asks the kernel for the calling thread; closing it undoes that.
  AutoCloseable enter() {
    return realTime == null ? () -> {} : RealTime.enter(realTime);
  }

  /// The value of a setting that was granted, or `null`.
  @Nullable String value(String setting) {
    return granted.stream()
        .filter(each -> each.name().equals(setting) && each.isGranted())
        .map(RealTime.Setting::wanted)
        .findFirst()
        .orElse(null);
  }

  boolean isComplete() {
    return realTime != null && granted.stream().allMatch(RealTime.Setting::isGranted);
  }

  /// What each contender's thread has from the kernel.
  String summary() {
    List<String> had =
        granted.stream()
            .filter(RealTime.Setting::isGranted)
            .map(RealTime.Setting::toString)
            .toList();
    return had.isEmpty() ? "an ordinary thread" : String.join(", ", had);
  }

  /// What is missing and the remedy; empty if nothing is.
  String missing() {
    if (realTime == null) {
      return "";
    }
    List<String> refused =
        granted.stream()
            .filter(setting -> !setting.isGranted())
            .map(RealTime.Setting::toString)
            .toList();
    return refused.isEmpty()
        ? ""
        : String.join("; ", refused)
            + " (to be had as root, or by LimitRTPRIO=99 and LimitMEMLOCK=infinity in a service"
            + " file)";
  }
}
