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
///            STOPPED ◄──── stopped
/// ```
///
/// (1) anchors the phase; (2) reads the clock once more. A stop is looked at on both sides of an
/// activation, never within.
///
/// Thread: the loop's. Allocates: no.
final class Grid {
  private final NanoClock clock;
  private final LoopRules rules;
  private final TaskRecords records;
  private final Places places;

  Grid(LoopConfig config, TaskRecords records, Places places) {
    clock = config.clock;
    rules = config.rules;
    this.records = records;
    this.places = places;
  }

  /// A task's turn has come and no activation of it is under way.
  ///
  /// @param nowNs when it was chosen to run
  /// @return whether one begins now
  boolean beginTurn(ScheduledTask task, long nowNs) {
    int index = task.index;
    if (records.has(index, TaskRecords.FIRST)) {
      records.clear(index, TaskRecords.FIRST);
      begin(index, rules.anchorNs(task, nowNs));
    }
    if (records.has(index, TaskRecords.GIVING_WAY)) {
      records.clear(index, TaskRecords.GIVING_WAY);
      endActivation(index);
      return false;
    }
    if (records.has(index, TaskRecords.STOP)) {
      records.state(index, TaskRecords.STOPPED);
      return false;
    }
    if (records.has(index, TaskRecords.GIVE_WAY)) {
      records.clear(index, TaskRecords.GIVE_WAY);
      records.set(index, TaskRecords.GIVING_WAY);
      places.makeReady(index);
      return false;
    }
    records.countActivation(index, Math.max(nowNs - records.dueNs(index), 0));
    return true;
  }

  /// Sleep until the next point if it has not passed, however late the task is; else begin a new
  /// grid now, and give way to the others first.
  void endActivation(int index) {
    if (records.has(index, TaskRecords.STOP)) {
      records.state(index, TaskRecords.STOPPED);
      return;
    }
    long targetNs = records.advanceTargetNs(index);
    long nowNs = clock.nanoTime();
    records.dueNs(index, targetNs);
    if (nowNs - targetNs <= 0) {
      places.armTimer(index, targetNs);
    } else {
      records.countMissed(index, (nowNs - targetNs) / records.periodNs(index));
      records.restartGrid(index);
      records.targetNs(index, rules.rephaseNs(targetNs, nowNs));
      places.makeReady(index);
    }
  }

  void start(int index) {
    records.clear(index, TaskRecords.STOP);
    if (records.state(index) != TaskRecords.STOPPED) {
      return;
    }
    if (records.has(index, TaskRecords.WAIT_FIRST)) {
      begin(index, places.deadlineIn(records.periodNs(index)));
      places.armTimer(index, records.targetNs(index));
    } else {
      records.set(index, TaskRecords.FIRST);
      places.makeReady(index);
    }
  }

  void stop(int index, StopMode mode, boolean betweenActivations) {
    if (records.state(index) == TaskRecords.STOPPED) {
      return;
    }
    records.set(index, TaskRecords.STOP);
    if (rules.stopMode(mode) == StopMode.DROP_GRID && betweenActivations) {
      places.leave(index);
      records.clear(index, TaskRecords.GIVING_WAY);
      records.state(index, TaskRecords.STOPPED);
    }
  }

  private void begin(int index, long anchorNs) {
    records.restartGrid(index);
    records.targetNs(index, anchorNs);
    records.dueNs(index, anchorNs);
  }
}
