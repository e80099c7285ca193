package dev.tasko.bench.peer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The timers of an engine whose timers are objects, by number: what stands for a `long` handle.
///
/// Thread: one. Allocates: when made.
final class Slots<T> {
  static final int NONE = -1;

  private final @Nullable Object[] values;
  private final int[] free;
  private int freeCount;

  Slots(int capacity) {
    values = new @Nullable Object[capacity];
    free = new int[capacity];
    Arrays.setAll(free, i -> capacity - 1 - i);
    freeCount = capacity;
  }

  /// The slot that the next [#put] will fill.
  ///
  /// @return the slot, or [#NONE] when all are taken
  int next() {
    return freeCount == 0 ? NONE : free[freeCount - 1];
  }

  void put(T value) {
    values[free[--freeCount]] = value;
  }

  void replace(int slot, T value) {
    values[slot] = value;
  }

  @SuppressWarnings("unchecked") // only put and replace store
  @Nullable T get(long slot) {
    return slot < 0 || slot >= values.length ? null : (T) values[(int) slot];
  }

  void release(int slot) {
    values[slot] = null;
    free[freeCount++] = slot;
  }

  int size() {
    return values.length - freeCount;
  }
}
