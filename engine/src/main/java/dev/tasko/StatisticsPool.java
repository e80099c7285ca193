package dev.tasko;

import java.util.ArrayDeque;

/// The statistics of a loop: made one by one until there are as many as were agreed on, then passed
/// on. A task that has ended keeps its own until another needs it.
///
/// Thread: the loop's. Allocates: where tasks are started.
final class StatisticsPool {
  private final int capacity;
  private final ArrayDeque<TaskStatistics> unused = new ArrayDeque<>();
  private int made;

  StatisticsPool(int capacity) {
    this.capacity = capacity;
  }

  boolean isEnabled() {
    return capacity > 0;
  }

  void requireRoom(String operation) {
    if (made == capacity && unused.isEmpty()) {
      throw new IllegalStateException(
          operation
              + ": the loop has statistics of "
              + capacity
              + " tasks (expected: room; raise statisticsCapacity in LoopConfig)");
    }
  }

  /// Gives a task its own of last time, or else those that have been unused for longest.
  TaskStatistics take(ScheduledTask task) {
    TaskStatistics earlier = task.statistics();
    if (earlier != null) {
      unused.remove(earlier);
      return earlier;
    }
    TaskStatistics statistics = made < capacity ? make() : unused.remove();
    statistics.assign(task);
    return statistics;
  }

  private TaskStatistics make() {
    made++;
    return new TaskStatistics();
  }

  void giveBack(TaskStatistics statistics) {
    unused.add(statistics);
  }
}
