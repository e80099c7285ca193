package dev.tasko.wheel;

/// Stops a mutant that loops for ever: each mutant calls [#step] wherever it follows a list.
final class RunawayGuard {
  private static final long MAX_STEPS = 2_000_000;

  private static long steps;

  private RunawayGuard() {}

  /// Before each operation and each firing.
  static void reset() {
    steps = 0;
  }

  static void step() {
    if (++steps > MAX_STEPS) {
      throw new IllegalStateException("runaway: " + steps + " steps in one operation");
    }
  }
}
