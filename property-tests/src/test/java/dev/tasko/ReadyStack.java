package dev.tasko;

import dev.tasko.task.ReadyQueue;
import dev.tasko.task.Scheduler;
import org.agrona.collections.IntArrayList;

/// A broken queue: last come, first served.
final class ReadyStack extends ReadyQueue {
  private final IntArrayList tasks = new IntArrayList();

  ReadyStack(int capacity) {
    super(capacity);
  }

  @Override
  public void add(int task) {
    tasks.addInt(task);
  }

  @Override
  public int take() {
    return tasks.isEmpty() ? Scheduler.NO_TASK : tasks.removeAt(tasks.size() - 1);
  }

  @Override
  public int remove(int task) {
    int place = tasks.indexOf(task);
    if (place >= 0) {
      tasks.removeAt(place);
    }
    return place;
  }

  @Override
  public int size() {
    return tasks.size();
  }

  @Override
  public boolean isEmpty() {
    return tasks.isEmpty();
  }
}
