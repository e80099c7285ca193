package dev.tasko;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// How late the activations of one task began and how long they ran, in all: two histograms with
/// two digits of precision, up to 18 minutes (what is longer counts as that). Recording allocates
/// nothing; the pair takes 70 KiB.
///
/// Thread: the loop's. Another thread is given a copy, by [org.HdrHistogram.Histogram#copy].
public final class TaskStatistics {
  private static final long MAX_NS = (1L << 40) - 1;
  private static final int DIGITS = 2;

  private final Histogram lateness = new Histogram(MAX_NS, DIGITS);
  private final Histogram runTime = new Histogram(MAX_NS, DIGITS);
  private @Nullable ScheduledTask owner;

  TaskStatistics() {}

  boolean isOf(ScheduledTask task) {
    return owner == task;
  }

  /// Forgets all of the task that had it before.
  void assign(ScheduledTask task) {
    owner = task;
    lateness.reset();
    runTime.reset();
  }

  void recordLatenessNs(long latenessNs) {
    lateness.recordValue(Math.min(latenessNs, MAX_NS));
  }

  void recordRunNs(long runNs) {
    runTime.recordValue(Math.min(runNs, MAX_NS));
  }

  /// How late activations began.
  ///
  /// @return ns after the release; live, to be read only
  public Histogram lateness() {
    return lateness;
  }

  /// How long activations ran, waiting not included.
  ///
  /// @return ns of each that has ended; live, to be read only
  public Histogram runTime() {
    return runTime;
  }
}
