package dev.tasko;

import org.jspecify.annotations.Nullable;

/// The latest runs of a loop, and whom they accuse: a ring of who ran from when to when. Runs do
/// not overlap, and are in order.
///
/// Thread: the loop's. Allocates: at construction.
final class Runs {
  static final int CAPACITY = 256;

  /// `null`: posts.
  private final @Nullable Task[] tasks = new @Nullable Task[CAPACITY];

  private final long[] startsNs = new long[CAPACITY];
  private final long[] endsNs = new long[CAPACITY];
  private long count;

  void add(@Nullable Task task, long startNs, long endNs) {
    int slot = slot(count);
    tasks[slot] = task;
    startsNs[slot] = startNs;
    endsNs[slot] = endNs;
    count++;
  }

  /// Finds who was in the way of a task, once the miss has its times.
  ///
  /// @param possibleNs when the late activation could have begun
  /// @param begunNs when it began; its deadline if it has not
  void explain(DeadlineMiss miss, long possibleNs, long begunNs) {
    long first = firstEndingAfter(miss.releaseNs());
    boolean complete = isComplete(first, miss.releaseNs());
    miss.complete(complete);
    blameLongest(miss, first);
    miss.longestRun(longestRunNs(miss, first));
    long fromNs = complete ? possibleNs : later(possibleNs, startsNs[slot(first)]);
    if (idleNs(first, fromNs, earlier(begunNs, miss.deadlineNs())) > miss.culpritRunNs()) {
      miss.blameNobody();
    }
  }

  /// Whether no run that has been forgotten can have ended after a time.
  private boolean isComplete(long first, long timeNs) {
    boolean oldest = count > CAPACITY && first == count - CAPACITY;
    return !oldest || startsNs[slot(first)] - timeNs <= 0;
  }

  private void blameLongest(DeadlineMiss miss, long first) {
    ScheduledTask late = miss.task();
    late.overlapNs = 0;
    for (long run = first; run < count; run++) {
      Task task = tasks[slot(run)];
      if (task != null) {
        task.overlapNs = 0;
      }
    }
    long postsNs = 0;
    miss.blame(late, 0);
    for (long run = first; run < count; run++) {
      long overlapNs = overlapNs(run, miss.releaseNs(), miss.deadlineNs());
      Task task = tasks[slot(run)];
      if (task == null) {
        postsNs += overlapNs;
      } else {
        task.overlapNs += overlapNs;
        if (task.overlapNs > miss.culpritRunNs()) {
          miss.blame(task, task.overlapNs);
        }
      }
    }
    if (postsNs > miss.culpritRunNs()) {
      miss.blamePosts(postsNs);
    }
  }

  private long longestRunNs(DeadlineMiss miss, long first) {
    Task culprit = miss.culpritTask();
    long longestNs = 0;
    for (long run = first; run < count; run++) {
      int slot = slot(run);
      if (tasks[slot] == culprit && overlapNs(run, miss.releaseNs(), miss.deadlineNs()) > 0) {
        longestNs = Math.max(longestNs, endsNs[slot] - startsNs[slot]);
      }
    }
    return longestNs;
  }

  /// The number of the first run that ends after a time, of those still known.
  private long firstEndingAfter(long timeNs) {
    long first = count;
    long oldest = Math.max(count - CAPACITY, 0);
    while (first > oldest && endsNs[slot(first - 1)] - timeNs > 0) {
      first--;
    }
    return first;
  }

  private long idleNs(long first, long fromNs, long toNs) {
    long idleNs = Math.max(toNs - fromNs, 0);
    for (long run = first; run < count; run++) {
      idleNs -= overlapNs(run, fromNs, toNs);
    }
    return idleNs;
  }

  private long overlapNs(long run, long fromNs, long toNs) {
    int slot = slot(run);
    long startNs = later(startsNs[slot], fromNs);
    long endNs = earlier(endsNs[slot], toNs);
    return Math.max(endNs - startNs, 0);
  }

  private static long later(long timeNs, long otherNs) {
    return timeNs - otherNs > 0 ? timeNs : otherNs;
  }

  private static long earlier(long timeNs, long otherNs) {
    return timeNs - otherNs < 0 ? timeNs : otherNs;
  }

  private static int slot(long run) {
    return (int) (run & (CAPACITY - 1));
  }
}
