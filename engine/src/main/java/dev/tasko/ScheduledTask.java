package dev.tasko;

import dev.tasko.task.Body;
import dev.tasko.task.Period;
import dev.tasko.task.TaskRecords;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A task that runs at a rate or by a [Release]: one activation at a time, each one period after
/// the one before was due. One that ends late is followed by the next on the old grid, as long as
/// it is late by less than a period; after a whole lost period the grid begins anew, without a
/// burst to catch up. What was left out is counted. A release may ask for another rule
/// ([MissedTicks]).
///
/// It counts among the loop's tasks from its start until it has stopped or thrown; its counters
/// stay.
///
/// Thread: the loop's.
public final class ScheduledTask extends Task {
  /// How its first turn differs from those of other scheduled tasks: a flag of [TaskRecords], or 0.
  private int firstTurn;

  private Period period;
  private long activations;
  private long missed;
  private long latenessNs;
  private long maxLatenessNs;
  private long resourceWaitNs;

  final @Nullable Release release;

  /// Its own as long as no other task has taken them over.
  @Nullable TaskStatistics ownStatistics;

  private long releaseNs;
  private long runNs;
  private long maxRunNs;
  private long deadlinesMissed;
  private long overruns;

  ScheduledTask(
      Loop loop,
      @Nullable String name,
      Period period,
      int firstTurn,
      @Nullable Body body,
      @Nullable Runnable callback) {
    super(loop, name, body, callback);
    this.period = period;
    this.firstTurn = firstTurn;
    release = null;
  }

  ScheduledTask(
      Loop loop,
      @Nullable String name,
      Release release,
      @Nullable Body body,
      @Nullable Runnable callback) {
    super(loop, name, body, callback);
    this.release = release;
    period = release.period;
  }

  @Override
  boolean isSetUp() {
    return true;
  }

  /// The release of a task that is known to have one.
  Release promised() {
    return Objects.requireNonNull(release, "bug: no release");
  }

  /// It has been given a record.
  void fillRecord(TaskRecords records) {
    records.period(index, period);
    records.set(index, firstTurn);
    if (release != null) {
      release.fillRecord(records, index);
    }
  }

  /// tasko's `schedule_later` gives way once in its life, not once for each start.
  void hasGivenWay() {
    firstTurn = 0;
  }

  /// Its record is about to be given back.
  void keepCounters() {
    activations = activations();
    missed = missed();
    latenessNs = latenessNs();
    maxLatenessNs = maxLatenessNs();
    resourceWaitNs = resourceWaitNs();
    releaseNs = releaseNs();
    runNs = runNs();
    maxRunNs = maxRunNs();
    deadlinesMissed = deadlinesMissed();
    overruns = overruns();
  }

  @Override
  State stateWhenNotAlive() {
    return loop.isClosed() ? State.DONE : State.STOPPED;
  }

  /// Changes the rate. The activation that is already waiting keeps its time; the period after it
  /// is the new one.
  ///
  /// @param rateHz activations in a second
  /// @throws IllegalArgumentException if it is not a positive number with a period of 1 ns to 146
  ///   years, or if the period is too short for the release's phase, deadline or budget; the rate
  ///   stays what it was
  public void changeRate(double rateHz) {
    loop.requireOpenOnLoop("changeRate");
    Period changed = Period.ofRateHz(rateHz);
    if (release != null) {
      release.requireFits(rateHz, changed);
    }
    period = changed;
    if (isAlive()) {
      loop.records().period(index, period);
    }
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
  ///
  /// @throws IllegalStateException if the loop is full or closed, or if it was cancelled and has
  ///   not ended yet
  public void start() {
    loop.requireOpenOnLoop("start");
    loop.runner().startScheduled("start", this);
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
    return isAlive() ? activations + loop.records().activations(index) : activations;
  }

  /// Activations left out because it, or another task, took too long.
  ///
  /// @return count
  public long missed() {
    return isAlive() ? missed + loop.records().missed(index) : missed;
  }

  /// How late the latest activation began; for its body to know.
  ///
  /// @return nanoseconds after it was due, not negative
  public long latenessNs() {
    return isAlive() ? loop.records().latenessNs(index) : latenessNs;
  }

  /// The greatest lateness of any activation.
  ///
  /// @return nanoseconds
  public long maxLatenessNs() {
    return isAlive() ? Math.max(maxLatenessNs, loop.records().maxLatenessNs(index)) : maxLatenessNs;
  }

  /// How long it has waited for managed resources.
  ///
  /// @return nanoseconds in all
  public long resourceWaitNs() {
    return isAlive() ? resourceWaitNs + loop.records().resourceWaitNs(index) : resourceWaitNs;
  }

  /// When the present activation was due; for its body to know. It began [#latenessNs] later.
  ///
  /// @return absolute, ns, in the loop clock's time base; between two activations when the next is
  ///   due
  public long releaseNs() {
    return isAlive() ? loop.records().dueNs(index) : releaseNs;
  }

  /// How long the present or latest activation has run, waiting not included, up to its latest
  /// wait. Known only for a task with a deadline, a budget or statistics; so are the next ones.
  ///
  /// @return nanoseconds
  public long runNs() {
    return isAlive() ? loop.runner().promises().runNs(index) : runNs;
  }

  /// The longest that any activation has run.
  ///
  /// @return nanoseconds
  public long maxRunNs() {
    return isAlive() ? Math.max(maxRunNs, loop.runner().promises().maxRunNs(index)) : maxRunNs;
  }

  /// Activations that had not ended at their deadline.
  ///
  /// @return count
  public long deadlinesMissed() {
    return isAlive()
        ? deadlinesMissed + loop.runner().promises().deadlinesMissed(index)
        : deadlinesMissed;
  }

  /// Activations that have run for longer than their budget.
  ///
  /// @return count
  public long overruns() {
    return isAlive() ? overruns + loop.runner().promises().overruns(index) : overruns;
  }

  /// How late its activations began and how long they ran, in histograms. See
  /// [LoopConfig#statisticsCapacity].
  ///
  /// @return `null` if it has none, or had and has ended since, and another task has taken them
  public @Nullable TaskStatistics statistics() {
    TaskStatistics own = ownStatistics;
    return own != null && own.isOf(this) ? own : null;
  }
}
