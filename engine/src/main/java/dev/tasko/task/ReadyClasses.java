package dev.tasko.task;

/// The tasks that can run, in classes: first come first served in each, the most urgent class first
/// within a bound.
///
/// A class that waits counts the runs of others. Once it has counted [#PASSES_MAX] it goes first,
/// and among such classes the one that has waited longest. The most urgent class never comes to
/// that: the others together hold it up by fewer runs. So with `n` classes a class waits for at
/// most `PASSES_MAX + n - 2` runs of others, since all but the most urgent may have been waiting
/// for longer; and of `k` tasks of a class the last waits for `k` times as many and the `k - 1`
/// before it.
///
/// Thread: the loop's. Allocates: at construction.
public class ReadyClasses extends ReadyQueue {
  /// After so many runs of others a class goes first; more than there are classes.
  public static final int PASSES_MAX = 8;

  private static final int NO_CLASS = -1;

  private final TaskRecords records;
  private final ReadyQueue[] classes;
  private final int[] passes;
  private int size;

  /// Makes empty queues.
  ///
  /// @param capacity the number of tasks there can be
  /// @param count the number of classes, at most [#PASSES_MAX]
  /// @param records tell the class of a task
  public ReadyClasses(int capacity, int count, TaskRecords records) {
    super(1);
    this.records = records;
    classes = new ReadyQueue[count];
    passes = new int[count];
    for (int i = 0; i < count; i++) {
      classes[i] = new ReadyQueue(capacity);
    }
  }

  @Override
  public void add(int task) {
    classes[records.priority(task)].add(task);
    size++;
  }

  @Override
  public int take() {
    int chosen = NO_CLASS;
    for (int i = classes.length - 1; i >= 0; i--) {
      if (!classes[i].isEmpty() && (chosen == NO_CLASS || goesBefore(passes[i], passes[chosen]))) {
        chosen = i;
      }
    }
    return chosen == NO_CLASS ? Scheduler.NO_TASK : takeFrom(chosen);
  }

  /// Whether a class goes before a more urgent one.
  ///
  /// @param passes how many runs of others it has waited for
  /// @param urgentPasses how many the more urgent one has waited for
  /// @return by the bound: if it has waited for too many, and for more
  protected boolean goesBefore(int passes, int urgentPasses) {
    return passes >= PASSES_MAX && passes > urgentPasses;
  }

  private int takeFrom(int chosen) {
    for (int i = 0; i < classes.length; i++) {
      passes[i] = i == chosen || classes[i].isEmpty() ? 0 : passes[i] + 1;
    }
    size--;
    return classes[chosen].take();
  }

  @Override
  public int remove(int task) {
    int place = classes[records.priority(task)].remove(task);
    if (place >= 0) {
      size--;
    }
    return place;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public boolean isEmpty() {
    return size == 0;
  }
}
