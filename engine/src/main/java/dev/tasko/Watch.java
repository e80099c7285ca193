package dev.tasko;

import dev.tasko.task.Failures;
import dev.tasko.task.TaskRecords;
import dev.tasko.wheel.TimerHandler;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/// Looks at all tasks while one has a deadline, a budget or statistics: how long each runs, who is
/// late, and who was in the way.
///
/// A run begins where the one before it in the step ended, so the clock is read once for each run,
/// at its end, and once for each step. Handlers are called between runs, with no task running. What
/// they throw is kept until the task that was about to run has run: it would be lost otherwise.
///
/// Thread: the loop's. Allocates: where tasks are started.
final class Watch {
  private final NanoClock clock;
  private final TaskRecords records;
  private final @Nullable Task[] tasks;
  private final Promises promises;
  private final Deadlines deadlines;
  private final StatisticsPool statistics;
  private final boolean rateStatistics;
  private final Runs runs = new Runs();
  private final DeadlineMiss miss = new DeadlineMiss();
  private final TimerHandler onDeadline = this::tellMiss;
  private int watched;
  private long nowNs;

  private boolean open;
  private @Nullable Task running;
  private long startNs;
  private @Nullable ScheduledTask overran;
  private @Nullable Throwable thrown;

  Watch(
      LoopConfig config,
      TaskRecords records,
      @Nullable Task[] tasks,
      Promises promises,
      Deadlines deadlines) {
    clock = config.clock;
    this.records = records;
    this.tasks = tasks;
    this.promises = promises;
    this.deadlines = deadlines;
    statistics = new StatisticsPool(config.statisticsCapacity);
    rateStatistics = config.rateStatistics;
  }

  // Who is watched.

  boolean isOn() {
    return watched > 0;
  }

  void requireRoom(String operation, ScheduledTask task) {
    if (isMeasured(task)) {
      statistics.requireRoom(operation);
    }
  }

  /// A scheduled task has been given a record.
  void start(ScheduledTask task) {
    if (isMeasured(task)) {
      task.ownStatistics = statistics.take(task);
    } else if (task.release == null || !task.release.isWatched()) {
      return;
    }
    long deadlineNs = task.release == null ? 0 : task.release.deadlineNs();
    long budgetNs = task.release == null ? 0 : task.release.budgetNs();
    promises.open(task.index, deadlineNs, budgetNs);
    if (watched == 0) {
      nowNs = clock.nanoTime();
    }
    watched++;
    if (deadlineNs > 0) {
      deadlines.prepare();
    }
  }

  private boolean isMeasured(ScheduledTask task) {
    return statistics.isEnabled() && (task.release != null || rateStatistics);
  }

  /// Its record is about to be given back.
  void stop(ScheduledTask task) {
    if (!promises.isOpen(task.index)) {
      return;
    }
    if (open && running == task) {
      close();
    }
    deadlines.disarm(task.index);
    if (task.ownStatistics != null) {
      statistics.giveBack(task.ownStatistics);
    }
    watched--;
  }

  // Runs.

  /// The clock was read.
  void at(long readNs) {
    nowNs = readNs;
  }

  long nowNs() {
    return nowNs;
  }

  /// A task, or with `null` a post, is about to run.
  void begin(@Nullable Task task) {
    open = true;
    running = task;
    startNs = nowNs;
  }

  /// The task waits, has ended or has thrown.
  void end() {
    if (open) {
      close();
    }
    tellOverrun();
  }

  void beginActivation(ScheduledTask task) {
    records.set(task.index, TaskRecords.BEGUN);
    promises.beginRun(task.index);
    TaskStatistics measured = task.ownStatistics;
    if (measured != null) {
      measured.recordLatenessNs(records.latenessNs(task.index));
    }
  }

  void endActivation(ScheduledTask task) {
    close();
    TaskStatistics measured = task.ownStatistics;
    if (measured != null) {
      measured.recordRunNs(promises.runNs(task.index));
    }
  }

  /// The activation has failed and does not count; the task begins anew.
  void dropActivation(ScheduledTask task) {
    records.clear(task.index, TaskRecords.BEGUN);
    deadlines.disarm(task.index);
  }

  private void close() {
    open = false;
    nowNs = clock.nanoTime();
    runs.add(running, startNs, nowNs);
    if (running instanceof ScheduledTask task
        && task.isAlive()
        && records.has(task.index, TaskRecords.BEGUN)
        && promises.countRun(task.index, Math.max(nowNs - startNs, 0))) {
      overran = task;
    }
  }

  // Handlers.

  boolean isAnythingToTell() {
    return overran != null || deadlines.isDue(nowNs);
  }

  void tell() {
    tellOverrun();
    deadlines.poll(nowNs, onDeadline);
  }

  private void tellOverrun() {
    ScheduledTask task = overran;
    overran = null;
    if (task != null) {
      nowNs = clock.nanoTime();
      try {
        task.promised().overran(task);
      } catch (Throwable e) {
        keep(e);
      }
      countHandler(task);
    }
  }

  private void tellMiss(long handle, long payload, long missedNs) {
    int index = (int) payload;
    if (records.has(index, TaskRecords.STOP) && !records.has(index, TaskRecords.BEGUN)) {
      return; // its release will not come
    }
    if (!(tasks[index] instanceof ScheduledTask task)) {
      throw new IllegalStateException("bug: deadline of no task: " + index);
    }
    promises.countDeadlineMissed(index);
    explain(task);
    nowNs = clock.nanoTime();
    try {
      task.promised().missed(miss);
    } catch (Throwable e) {
      keep(e);
    }
    countHandler(task);
  }

  /// The time that a handler takes is its task's, but is not part of an activation.
  private void countHandler(ScheduledTask task) {
    long calledNs = nowNs;
    nowNs = clock.nanoTime();
    runs.add(task, calledNs, nowNs);
  }

  private void explain(ScheduledTask task) {
    int index = task.index;
    long releaseNs = records.dueNs(index);
    long deadlineNs = promises.deadlineNs(index);
    miss.begin(task, releaseNs, deadlineNs, nowNs);
    boolean begun = records.has(index, TaskRecords.BEGUN);
    long begunNs = begun ? releaseNs + records.latenessNs(index) : deadlineNs;
    runs.explain(miss, records.possibleNs(index), begunNs);
  }

  private void keep(Throwable e) {
    thrown = Failures.join(thrown, e);
  }

  /// Throws what handlers have thrown.
  ///
  /// @param failure of the task that ran since, which comes first
  void rethrow(@Nullable Throwable failure) {
    Throwable kept = thrown;
    thrown = null;
    Failures.throwIfAny(Failures.join(failure, kept));
  }
}
