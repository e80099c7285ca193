package dev.tasko.task;

import org.agrona.BitUtil;

/// The tasks that can run, first come first served: a ring of task indices.
///
/// A task is in it at most once, so a ring with one place for each task cannot overflow.
///
/// Thread: the loop's. Allocates: at construction.
public class ReadyQueue {
  private final int[] ring;
  private final int mask;
  private int head;
  private int size;

  /// Makes an empty queue.
  ///
  /// @param capacity the number of tasks there can be
  public ReadyQueue(int capacity) {
    ring = new int[BitUtil.findNextPositivePowerOfTwo(capacity)];
    mask = ring.length - 1;
  }

  /// Puts a task at the end.
  ///
  /// @param task its index; not in the queue
  public void add(int task) {
    if (size == ring.length) {
      throw new IllegalStateException("bug: ready queue: " + size + " tasks (expected: room)");
    }
    ring[(head + size) & mask] = task;
    size++;
  }

  /// Takes the task that has waited longest.
  ///
  /// @return its index, or [Scheduler#NO_TASK] when there is none
  public int take() {
    if (size == 0) {
      return Scheduler.NO_TASK;
    }
    int task = ring[head];
    head = (head + 1) & mask;
    size--;
    return task;
  }

  /// Takes a task out wherever it stands. Cost: the length of the queue.
  ///
  /// @param task its index
  /// @return how many tasks stood before it, or -1 if it was not in the queue
  public int remove(int task) {
    int place = -1;
    for (int i = 0; i < size; i++) {
      int other = ring[(head + i) & mask];
      if (other == task) {
        place = i;
      } else if (place >= 0) {
        ring[(head + i - 1) & mask] = other;
      }
    }
    if (place >= 0) {
      size--;
    }
    return place;
  }

  /// How many tasks can run.
  ///
  /// @return 0 to the capacity
  public int size() {
    return size;
  }

  /// Whether no task can run.
  ///
  /// @return `size() == 0`
  public boolean isEmpty() {
    return size == 0;
  }
}
