package dev.tasko;

/// What a timer of the loop's wheel stands for: a kind and an index in one payload.
final class Timers {
  /// A task is to run. Its payload is the plain index.
  static final int WAKE = 0;

  /// A time limit is over; the index is the scope's.
  static final int LIMIT = 1;

  private Timers() {}

  static long payload(int kind, int index) {
    return (long) kind << Integer.SIZE | index;
  }

  static int kind(long payload) {
    return (int) (payload >>> Integer.SIZE);
  }

  static int index(long payload) {
    return (int) payload;
  }
}
