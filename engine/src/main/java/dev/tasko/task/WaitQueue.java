package dev.tasko.task;

/// Tasks that wait for the same thing, first come first served. The queue is a link in their
/// records: a waiting task is in one such queue at most, and waiting costs no memory.
///
/// Thread: the loop's. Allocates: no.
public final class WaitQueue {
  private final TaskRecords records;
  private int first = Scheduler.NO_TASK;
  private int last = Scheduler.NO_TASK;

  /// Makes an empty queue.
  ///
  /// @param records of the loop whose tasks wait
  public WaitQueue(TaskRecords records) {
    this.records = records;
  }

  /// Puts a task at the end.
  ///
  /// @param task its index; in no such queue
  public void add(int task) {
    records.link(task, Scheduler.NO_TASK);
    if (last == Scheduler.NO_TASK) {
      first = task;
    } else {
      records.link(last, task);
    }
    last = task;
  }

  /// Whether nobody waits.
  ///
  /// @return true if [#take] would find nobody
  public boolean isEmpty() {
    return first == Scheduler.NO_TASK;
  }

  /// The task that has waited longest; the others follow by the links of their records.
  ///
  /// @return its index, or [Scheduler#NO_TASK]
  public int first() {
    return first;
  }

  /// Takes out the task that has waited longest.
  ///
  /// @return its index, or [Scheduler#NO_TASK]
  public int take() {
    int next = first;
    if (next != Scheduler.NO_TASK) {
      removeAfter(Scheduler.NO_TASK, next);
    }
    return next;
  }

  /// Takes a task out wherever it stands. Cost: the tasks before it.
  ///
  /// @param task its index
  /// @return whether it was in the queue
  public boolean remove(int task) {
    int before = Scheduler.NO_TASK;
    for (int other = first; other != Scheduler.NO_TASK; other = records.link(other)) {
      if (other == task) {
        removeAfter(before, task);
        return true;
      }
      before = other;
    }
    return false;
  }

  private void removeAfter(int before, int task) {
    int next = records.link(task);
    if (before == Scheduler.NO_TASK) {
      first = next;
    } else {
      records.link(before, next);
    }
    if (last == task) {
      last = before;
    }
    records.link(task, Scheduler.NO_TASK);
  }
}
