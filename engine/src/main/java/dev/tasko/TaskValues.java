package dev.tasko;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The objects that go with the tasks' records, which hold numbers only: what a task that waits at
/// a [Channel] gives or was given, and its [TaskLocal]s.
///
/// Thread: the loop's. Allocates: a task's row of locals when it first sets one, which is used
/// again by later tasks in its place; and when there are more locals than before.
final class TaskValues {
  private final @Nullable Object[] exchanged;
  private final @Nullable Object[] @Nullable [] locals;
  private int localCount;

  TaskValues(int capacity) {
    exchanged = new @Nullable Object[capacity];
    locals = new @Nullable Object[capacity] @Nullable [];
  }

  // What is given from task to task.

  void put(int task, @Nullable Object value) {
    exchanged[task] = value;
  }

  boolean has(int task) {
    return exchanged[task] != null;
  }

  @Nullable Object take(int task) {
    Object value = exchanged[task];
    exchanged[task] = null;
    return value;
  }

  // The locals.

  /// Makes the column of a new local.
  int newLocal() {
    return localCount++;
  }

  @Nullable Object local(int task, int column) {
    @Nullable Object[] row = locals[task];
    return row == null || column >= row.length ? null : row[column];
  }

  void local(int task, int column, @Nullable Object value) {
    roomyRow(task)[column] = value;
  }

  /// A child begins with what its parent has now.
  void inherit(int parent, int child) {
    @Nullable Object[] row = locals[parent];
    if (row != null) {
      System.arraycopy(row, 0, roomyRow(child), 0, row.length);
    }
  }

  private @Nullable Object[] roomyRow(int task) {
    @Nullable Object[] row = locals[task];
    if (row == null || row.length < localCount) {
      row = row == null ? new @Nullable Object[localCount] : Arrays.copyOf(row, localCount);
      locals[task] = row;
    }
    return row;
  }

  /// The task ends.
  void clear(int task) {
    exchanged[task] = null;
    @Nullable Object[] row = locals[task];
    if (row != null) {
      Arrays.fill(row, null);
    }
  }
}
