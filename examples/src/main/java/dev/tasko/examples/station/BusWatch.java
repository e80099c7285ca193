package dev.tasko.examples.station;

import dev.tasko.examples.station.view.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Who has a bus, and who had it how often when one looked.
///
/// Thread: the loop's. Allocates: for a task that is seen first.
final class BusWatch {
  /// One look in so many.
  private static final long LEAST_PART = 1000;

  private final String name;
  private final Supplier<@Nullable String> owner;
  private final List<Seen> seen = new ArrayList<>();
  private long looks;

  BusWatch(String name, Supplier<@Nullable String> owner) {
    this.name = name;
    this.owner = owner;
  }

  void look() {
    looks++;
    String task = owner.get();
    if (task != null) {
      find(task).times++;
    }
  }

  private Seen find(String task) {
    for (Seen one : seen) {
      if (one.task.equals(task)) {
        return one;
      }
    }
    Seen added = new Seen(task);
    seen.add(added);
    return added;
  }

  void forget() {
    looks = 0;
    seen.clear();
  }

  Snapshot.Bus snapshot() {
    List<Snapshot.Share> shares =
        seen.stream()
            .filter(one -> one.times * LEAST_PART >= looks)
            .map(one -> new Snapshot.Share(one.task, (double) one.times / looks))
            .sorted(Comparator.comparingDouble(share -> -share.part()))
            .toList();
    return new Snapshot.Bus(name, owner.get(), shares);
  }

  private static final class Seen {
    private final String task;
    private long times;

    private Seen(String task) {
      this.task = task;
    }
  }
}
