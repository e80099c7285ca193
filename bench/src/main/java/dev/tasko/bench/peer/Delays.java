package dev.tasko.bench.peer;

/// Random delays of 1 to 30 seconds, from a table of quantiles, at the same cost for every
/// distribution.
public final class Delays {
  /// The shortest.
  public static final long SHORTEST_NS = 1_000_000_000L;

  /// The longest.
  public static final long LONGEST_NS = 30_000_000_000L;

  private static final int QUANTILES = 256;
  private static final double EXPONENTIAL_MEAN_NS = 8e9;

  private final long[] quantiles = new long[QUANTILES + 1];
  private final Random64 random;

  /// Makes a source of delays.
  ///
  /// @param distribution `uniform`, or `exponential`: 1 s and an exponential delay of 8 s, cut at
  ///   30 s
  /// @param random where chance comes from
  /// @throws IllegalArgumentException if there is no such distribution
  public Delays(String distribution, Random64 random) {
    this.random = random;
    for (int i = 0; i <= QUANTILES; i++) {
      quantiles[i] = quantileNs(distribution, (double) i / QUANTILES);
    }
  }

  private static long quantileNs(String distribution, double p) {
    double beyondNs =
        switch (distribution) {
          case "uniform" -> p * (LONGEST_NS - SHORTEST_NS);
          case "exponential" -> -EXPONENTIAL_MEAN_NS * Math.log1p(-p);
          default ->
              throw new IllegalArgumentException(
                  "delays: " + distribution + " (expected: uniform or exponential)");
        };
    return (long) Math.min(SHORTEST_NS + beyondNs, LONGEST_NS);
  }

  /// The next delay.
  ///
  /// @return nanoseconds
  public long nextNs() {
    long bits = random.next();
    int i = (int) (bits >>> 56);
    long low = quantiles[i];
    return low + Math.multiplyHigh(quantiles[i + 1] - low, bits << 8 >>> 1) * 2;
  }

  /// What is left of a delay that has been running for an unknown time: longer delays are more
  /// likely to be met, and are met anywhere.
  ///
  /// @return nanoseconds, at least 1
  public long nextResidualNs() {
    while (true) {
      long delayNs = nextNs();
      if (randomBelow(LONGEST_NS) < delayNs) {
        return 1 + randomBelow(delayNs);
      }
    }
  }

  /// The mean delay.
  ///
  /// @return nanoseconds
  public long meanNs() {
    long sum = 0;
    for (int i = 0; i < QUANTILES; i++) {
      sum += (quantiles[i] + quantiles[i + 1]) / 2;
    }
    return sum / QUANTILES;
  }

  private long randomBelow(long bound) {
    return Math.multiplyHigh(random.next() >>> 1, bound) * 2;
  }
}
