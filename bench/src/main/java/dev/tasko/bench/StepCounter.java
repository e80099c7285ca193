package dev.tasko.bench;

/// Steps that one thread takes all the time, and of which another waits for a number. The waiting
/// thread spins on a field that does not change meanwhile, so it does not disturb the other.
///
/// | field | owner | read | written |
/// |---|---|---|---|
/// | wanted | both by turns | volatile | volatile; not 0 while somebody waits |
/// | taken | the working thread | plain | plain |
final class StepCounter {
  private volatile long wanted;
  private long taken;

  /// Takes a step. It does not count while nobody waits.
  void step() {
    long target = wanted;
    if (target != 0 && ++taken >= target) {
      taken = 0;
      wanted = 0;
    }
  }

  /// Waits until so many more have been taken.
  void await(long steps) {
    wanted = steps;
    while (wanted != 0) {
      Thread.onSpinWait();
    }
  }
}
