package dev.tasko;

import dev.tasko.task.TaskRecords;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/// What watched tasks promise, and how they keep it: a row beside the record of each task that has
/// a deadline, a budget or statistics. The rows are made with the first such task, as most loops
/// have none, or many tasks that have none.
///
/// ```text
///  row, 64 bytes
///    0 release to deadline, ns       8 deadline, ns  16 deadline's timer
///   24 deadlines missed             32 budget, ns    40 run, ns
///   48 longest run, ns              56 overruns
/// ```
///
/// Thread: the loop's. Allocates: where tasks are started.
final class Promises {
  private static final int ROW_BYTES = 64;
  private static final int DEADLINE_AFTER_NS = 0;
  private static final int DEADLINE_NS = 8;
  private static final int DEADLINE_TIMER = 16;
  private static final int DEADLINES_MISSED = 24;
  private static final int BUDGET_NS = 32;
  private static final int RUN_NS = 40;
  private static final int MAX_RUN_NS = 48;
  private static final int OVERRUNS = 56;

  private final TaskRecords records;
  private UnsafeBuffer rows = new UnsafeBuffer(0, 0);

  Promises(TaskRecords records) {
    this.records = records;
  }

  /// The task is watched from now on.
  ///
  /// @param deadlineAfterNs from a release to its deadline, or 0
  /// @param budgetNs how long an activation may run, or 0
  void open(int task, long deadlineAfterNs, long budgetNs) {
    if (rows.capacity() == 0) {
      int bytes = Math.multiplyExact(records.capacity(), ROW_BYTES);
      rows = new UnsafeBuffer(BufferUtil.allocateDirectAligned(bytes, BitUtil.CACHE_LINE_LENGTH));
    }
    records.set(task, TaskRecords.WATCHED);
    rows.setMemory(task * ROW_BYTES, ROW_BYTES, (byte) 0);
    put(task, DEADLINE_AFTER_NS, deadlineAfterNs);
    put(task, BUDGET_NS, budgetNs);
  }

  boolean isOpen(int task) {
    return records.has(task, TaskRecords.WATCHED);
  }

  // Of a watched task.

  /// From a release to its deadline, or 0.
  long deadlineAfterNs(int task) {
    return get(task, DEADLINE_AFTER_NS);
  }

  /// Of the present or next activation, absolute.
  long deadlineNs(int task) {
    return get(task, DEADLINE_NS);
  }

  void deadlineNs(int task, long deadlineNs) {
    put(task, DEADLINE_NS, deadlineNs);
  }

  /// A handle of the wheel of deadlines.
  long deadlineTimer(int task) {
    return get(task, DEADLINE_TIMER);
  }

  void deadlineTimer(int task, long handle) {
    put(task, DEADLINE_TIMER, handle);
  }

  void countDeadlineMissed(int task) {
    put(task, DEADLINES_MISSED, get(task, DEADLINES_MISSED) + 1);
  }

  /// An activation begins, which has not run yet.
  void beginRun(int task) {
    put(task, RUN_NS, 0);
    records.clear(task, TaskRecords.OVERRUN);
  }

  /// Adds to the time that the present activation has run, and counts it, once, when that is more
  /// than its budget.
  ///
  /// @return whether it has just become more
  boolean countRun(int task, long elapsedNs) {
    long runNs = get(task, RUN_NS) + elapsedNs;
    put(task, RUN_NS, runNs);
    if (runNs > get(task, MAX_RUN_NS)) {
      put(task, MAX_RUN_NS, runNs);
    }
    long budgetNs = get(task, BUDGET_NS);
    if (budgetNs == 0 || runNs <= budgetNs || records.has(task, TaskRecords.OVERRUN)) {
      return false;
    }
    records.set(task, TaskRecords.OVERRUN);
    put(task, OVERRUNS, get(task, OVERRUNS) + 1);
    return true;
  }

  // Of any task; 0 if it is not watched.

  long runNs(int task) {
    return isOpen(task) ? get(task, RUN_NS) : 0;
  }

  long maxRunNs(int task) {
    return isOpen(task) ? get(task, MAX_RUN_NS) : 0;
  }

  long deadlinesMissed(int task) {
    return isOpen(task) ? get(task, DEADLINES_MISSED) : 0;
  }

  long overruns(int task) {
    return isOpen(task) ? get(task, OVERRUNS) : 0;
  }

  private long get(int task, int field) {
    return rows.getLong(task * ROW_BYTES + field);
  }

  private void put(int task, int field, long value) {
    rows.putLong(task * ROW_BYTES + field, value);
  }
}
