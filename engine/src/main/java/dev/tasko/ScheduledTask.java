package dev.tasko;

import dev.tasko.task.Body;
import dev.tasko.task.Period;
import org.jspecify.annotations.Nullable;

/// A task that runs at a rate: one activation at a time, each one period after the one before was
/// due. One that ends late is followed by the next on the old grid, as long as it is late by less
/// than a period; after a whole lost period the grid begins anew, without a burst to catch up. What
/// was left out is counted.
///
/// It keeps its place among the loop's tasks when stopped, so that it can be started again.
///
/// Thread: the loop's.
public final class ScheduledTask extends Task {
  private Period period;

  ScheduledTask(
      Loop loop,
      int index,
      @Nullable String name,
      Period period,
      @Nullable Body body,
      @Nullable Runnable callback) {
    super(loop, index, name, body, callback);
    this.period = period;
    loop.records().period(index, period);
  }

  /// Changes the rate. The activation that is already waiting keeps its time; the period after it
  /// is the new one.
  ///
  /// @param rateHz activations in a second
  /// @throws IllegalArgumentException if it is not a positive number with a period of 1 ns to 146
  ///   years; the rate stays what it was
  public void changeRate(double rateHz) {
    loop.requireOpenOnLoop("changeRate");
    period = Period.ofRateHz(rateHz);
    loop.records().period(index, period);
  }

  /// Stops it, as tasko does: [StopMode#KEEP_GRID]. A body that runs is not interrupted.
  public void stop() {
    stop(StopMode.KEEP_GRID);
  }

  /// Stops it. A body that runs is not interrupted.
  ///
  /// @param mode what becomes of its place in time
  public void stop(StopMode mode) {
    loop.requireOnLoop("stop");
    loop.runner().stopScheduled(this, mode);
  }

  /// Starts it again in the next step, with a new phase; one made by `scheduleLater` with
  /// [Compat#STRICT] a period from now. If it was stopped but has not ended yet, it just goes on;
  /// if it was not stopped, nothing happens.
  public void start() {
    loop.requireOpenOnLoop("start");
    loop.runner().startScheduled(this);
  }

  /// The period between two activations.
  ///
  /// @return as computed from the rate, exact
  public Period period() {
    return period;
  }

  /// Activations begun since it was made.
  ///
  /// @return count
  public long activations() {
    return loop.records().activations(index);
  }

  /// Activations left out because it, or another task, took too long.
  ///
  /// @return count
  public long missed() {
    return loop.records().missed(index);
  }

  /// How late the latest activation began; for its body to know.
  ///
  /// @return nanoseconds after it was due, not negative
  public long latenessNs() {
    return loop.records().latenessNs(index);
  }

  /// The greatest lateness of any activation.
  ///
  /// @return nanoseconds
  public long maxLatenessNs() {
    return loop.records().maxLatenessNs(index);
  }

  /// How long it has waited for managed resources.
  ///
  /// @return nanoseconds in all
  public long resourceWaitNs() {
    return loop.records().resourceWaitNs(index);
  }
}
