package dev.tasko.examples.station.view;

import dev.tasko.ScheduledTask;
import dev.tasko.TaskStatistics;

/// What a scheduled task says about itself.
///
/// @param name of the task
/// @param rateHz as it was asked for
/// @param runs activations begun
/// @param p50Ns lateness, half of the activations; negative if it is not known
/// @param p99Ns lateness, all but one in a hundred; negative if it is not known
/// @param maxNs the greatest lateness
/// @param busWaitNs waited in all for buses and other shared things
/// @param missed activations left out
/// @param late activations that had not ended at their deadline
/// @param overruns activations that ran for longer than their budget
public record TaskRow(
    String name,
    double rateHz,
    long runs,
    long p50Ns,
    long p99Ns,
    long maxNs,
    long busWaitNs,
    long missed,
    long late,
    long overruns) {
  private static final double NS_PER_SECOND = 1e9;
  private static final long UNKNOWN = -1;

  /// Asks a task. Allocates the row; takes some microseconds.
  ///
  /// @param task of the calling thread's loop
  /// @return its row
  public static TaskRow of(ScheduledTask task) {
    TaskStatistics statistics = task.statistics();
    return new TaskRow(
        task.name(),
        NS_PER_SECOND
            / (task.period().wholeNs()
                + task.period().remainder() / (double) task.period().divisor()),
        task.activations(),
        statistics == null ? UNKNOWN : statistics.lateness().getValueAtPercentile(50),
        statistics == null ? UNKNOWN : statistics.lateness().getValueAtPercentile(99),
        task.maxLatenessNs(),
        task.resourceWaitNs(),
        task.missed(),
        task.deadlinesMissed(),
        task.overruns());
  }
}
