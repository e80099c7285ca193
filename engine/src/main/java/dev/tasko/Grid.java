package dev.tasko;

import dev.tasko.task.TaskRecords;
import org.agrona.concurrent.NanoClock;

/// When scheduled tasks run: each on a grid of its own, whose first point is its first activation.
///
/// ```text
///   start ─► first turn (1) ─► activation ─► endActivation (2) ─► asleep until the next point ─┐
///               │  ▲                               │  late by a period: a new grid, ready      │
///       stopped │  └── start                       ▼                                           │
///               ▼                               beginTurn ◄────────────────────────────────────┘
///         no record ◄───── stopped
/// ```
///
/// (1) anchors the phase: a release's at the time of the first such turn in the round, so that
/// those of one round have exact phases among each other; (2) reads the clock once more. A stop is
/// looked at on both sides of an activation, never within.
///
/// Thread: the loop's. Allocates: no.
final class Grid {
  /// What is to be done with a task whose turn has come.
  enum Turn {
    /// Run its body.
    ACTIVATION,
    /// Nothing now; it has a place to wait in.
    OVER,
    /// Nothing any more: it was stopped.
    LAST
  }

  private final NanoClock clock;
  private final LoopRules rules;
  private final TaskRecords records;
  private final Places places;
  private final Deadlines deadlines;
  private long originNs;
  private long originRound;

  Grid(LoopConfig config, TaskRecords records, Places places, Deadlines deadlines) {
    clock = config.clock;
    rules = config.rules;
    this.records = records;
    this.places = places;
    this.deadlines = deadlines;
  }

  /// A task's turn has come and no activation of it is under way.
  ///
  /// @param nowNs when it was chosen to run
  /// @return what is to be done with it
  Turn beginTurn(ScheduledTask task, long nowNs) {
    int index = task.index;
    if (records.has(index, TaskRecords.FIRST)) {
      records.clear(index, TaskRecords.FIRST);
      if (task.release != null) {
        return beginReleases(index, task.release.phaseNs(), nowNs);
      }
      begin(index, rules.anchorNs(task, nowNs));
    }
    if (records.has(index, TaskRecords.GIVING_WAY)) {
      records.clear(index, TaskRecords.GIVING_WAY);
      return endActivation(index) ? Turn.OVER : Turn.LAST;
    }
    if (records.has(index, TaskRecords.STOP)) {
      return Turn.LAST;
    }
    if (records.has(index, TaskRecords.GIVE_WAY)) {
      records.clear(index, TaskRecords.GIVE_WAY);
      records.set(index, TaskRecords.GIVING_WAY);
      task.hasGivenWay();
      places.makeReady(index);
      return Turn.OVER;
    }
    return beginActivation(index, nowNs);
  }

  private Turn beginActivation(int index, long nowNs) {
    records.countActivation(index, Math.max(nowNs - records.dueNs(index), 0));
    return Turn.ACTIVATION;
  }

  private Turn beginReleases(int index, long phaseNs, long nowNs) {
    if (records.has(index, TaskRecords.STOP)) {
      return Turn.LAST;
    }
    if (originRound != places.rounds()) {
      originRound = places.rounds();
      originNs = nowNs;
    }
    begin(index, originNs + phaseNs);
    deadlines.arm(index, originNs);
    if (phaseNs == 0) {
      return beginActivation(index, nowNs);
    }
    places.armTimer(index, originNs + phaseNs);
    return Turn.OVER;
  }

  /// Sleep until the next point if it has not passed, however late the task is; else do as its
  /// policy says.
  ///
  /// @return whether the task goes on
  boolean endActivation(int index) {
    if (records.has(index, TaskRecords.STOP)) {
      return false;
    }
    if (records.has(index, TaskRecords.DELAY)) {
      records.targetNs(index, records.dueNs(index) + records.latenessNs(index));
    }
    long targetNs = records.advanceTargetNs(index);
    long nowNs = clock.nanoTime();
    records.dueNs(index, targetNs);
    if (nowNs - targetNs <= 0) {
      places.armTimer(index, targetNs);
    } else {
      lose(index, targetNs, nowNs);
    }
    if (records.has(index, TaskRecords.RELEASE)) {
      records.clear(index, TaskRecords.BEGUN);
      deadlines.arm(index, nowNs);
    }
    return true;
  }

  /// The next activation was due before this one ended. One that is to run at once gives way to the
  /// others first.
  private void lose(int index, long targetNs, long nowNs) {
    if (records.has(index, TaskRecords.SKIP)) {
      records.countMissed(index, records.skipTargetNs(index, nowNs));
      records.dueNs(index, records.targetNs(index));
      places.armTimer(index, records.targetNs(index));
    } else {
      if (!records.has(index, TaskRecords.BURST)) {
        rephase(index, targetNs, nowNs);
      }
      places.makeReady(index);
    }
  }

  /// Begin a new grid now. Only where there is a release the next activation is also due now; at a
  /// rate it is late, as the lost one was.
  private void rephase(int index, long targetNs, long nowNs) {
    records.countMissed(index, (nowNs - targetNs) / records.periodNs(index));
    records.restartGrid(index);
    records.targetNs(index, rules.rephaseNs(targetNs, nowNs));
    if (records.has(index, TaskRecords.RELEASE)) {
      records.dueNs(index, nowNs);
    }
  }

  void start(int index) {
    if (records.has(index, TaskRecords.WAIT_FIRST)) {
      begin(index, places.deadlineIn(records.periodNs(index)));
      places.armTimer(index, records.targetNs(index));
    } else {
      records.set(index, TaskRecords.FIRST);
      places.makeReady(index);
    }
  }

  /// The next activation begins a new grid, whatever became of the last one.
  void beginAnew(int index) {
    records.set(index, TaskRecords.FIRST);
  }

  /// Marks the task as stopped.
  ///
  /// @return whether it goes on until its next turn
  boolean stop(int index, StopMode mode, boolean betweenActivations) {
    records.set(index, TaskRecords.STOP);
    return rules.stopMode(mode) == StopMode.KEEP_GRID || !betweenActivations;
  }

  private void begin(int index, long anchorNs) {
    records.restartGrid(index);
    records.targetNs(index, anchorNs);
    records.dueNs(index, anchorNs);
  }
}
