package dev.tasko.bench.peer;

/// A small fast source of random numbers (xorshift64*, Vigna, 2016), the same for every engine.
public final class Random64 {
  private long state;

  /// Starts a sequence.
  ///
  /// @param seed any
  public Random64(long seed) {
    state = seed == 0 ? 1 : seed;
  }

  /// The next number.
  ///
  /// @return 64 random bits
  public long next() {
    long x = state;
    x ^= x >>> 12;
    x ^= x << 25;
    x ^= x >>> 27;
    state = x;
    return x * 0x2545F4914F6CDD1DL;
  }

  /// A number below a bound.
  ///
  /// @param bound 1 to 2^31 - 1
  /// @return 0 to `bound - 1`
  public int below(int bound) {
    return (int) (((next() >>> 32) * bound) >>> 32);
  }
}
