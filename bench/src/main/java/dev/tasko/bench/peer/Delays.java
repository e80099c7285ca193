package dev.tasko.bench.peer;

/// Random delays of at most 30 seconds, from a table of quantiles, at the same cost for every
/// distribution.
public final class Delays {
  /// The shortest.
  public static final long SHORTEST_NS = 1_000_000_000L;

  /// The longest.
  public static final long LONGEST_NS = 30_000_000_000L;

  private static final double EQUAL_NS = 1e7;
  private static final int QUANTILES = 256;
  private static final double EXPONENTIAL_MEAN_NS = 8e9;
  private static final double SKEWED_SHARE = 0.9;
  private static final double SKEWED_NS = 1e8;
  private static final double LOG_NORMAL_MEDIAN_NS = 3e9;
  private static final double LOG_NORMAL_SIGMA = 1;

  private final long[] quantiles = new long[QUANTILES + 1];
  private final Random64 random;

  /// Makes a source of delays.
  ///
  /// | distribution | |
  /// |---|---|
  /// | `uniform` | 1 to 30 s |
  /// | `exponential` | 1 s and an exponential delay of 8 s, cut at 30 s |
  /// | `skewed` | nine in ten from 1 s to 1.1 s, the others from there to 30 s |
  /// | `lognormal` | a median of 3 s, 0.3 to 8.2 s within one sigma (1), cut at 30 s |
  /// | `equal` | 10 ms, all of them |
  ///
  /// @param distribution one of the table
  /// @param random where chance comes from
  /// @throws IllegalArgumentException if there is no such distribution
  public Delays(String distribution, Random64 random) {
    this.random = random;
    for (int i = 0; i <= QUANTILES; i++) {
      quantiles[i] = quantileNs(distribution, (double) i / QUANTILES);
    }
  }

  private static long quantileNs(String distribution, double p) {
    double ns =
        switch (distribution) {
          case "uniform" -> SHORTEST_NS + p * (LONGEST_NS - SHORTEST_NS);
          case "exponential" -> SHORTEST_NS - EXPONENTIAL_MEAN_NS * Math.log1p(-p);
          case "skewed" -> SHORTEST_NS + skewedNs(p);
          case "lognormal" -> LOG_NORMAL_MEDIAN_NS * Math.exp(LOG_NORMAL_SIGMA * normal(p));
          case "equal" -> EQUAL_NS;
          default ->
              throw new IllegalArgumentException(
                  "delays: "
                      + distribution
                      + " (expected: uniform, exponential, skewed, lognormal or equal)");
        };
    return (long) Math.min(ns, LONGEST_NS);
  }

  private static double skewedNs(double p) {
    double beyond = Math.max(0, p - SKEWED_SHARE) / (1 - SKEWED_SHARE);
    return Math.min(p / SKEWED_SHARE, 1) * SKEWED_NS
        + beyond * (LONGEST_NS - SHORTEST_NS - SKEWED_NS);
  }

  /// A quantile of the normal distribution, by halving the interval: exact enough and obvious.
  private static double normal(double p) {
    double low = -8;
    double high = 8;
    while (high - low > 1e-9) {
      double middle = (low + high) / 2;
      if (normalShareBelow(middle) < p) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// Simpson's rule over the density from -8.
  private static double normalShareBelow(double x) {
    int steps = 400;
    double width = (x + 8) / steps;
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      double at = -8 + i * width;
      int weight = i == 0 || i == steps ? 1 : 2 + 2 * (i % 2);
      sum += weight * Math.exp(-at * at / 2);
    }
    return sum * width / 3 / Math.sqrt(2 * Math.PI);
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

  /// The time over which all would come due if they kept coming at the rate of the busiest moment
  /// after all were armed at once.
  ///
  /// @return nanoseconds, 0 if all are equal
  public long densestNs() {
    long narrowest = Long.MAX_VALUE;
    for (int i = 0; i < QUANTILES; i++) {
      long width = quantiles[i + 1] - quantiles[i];
      narrowest = width > 0 ? Math.min(narrowest, width) : narrowest;
    }
    return narrowest == Long.MAX_VALUE ? 0 : narrowest * QUANTILES;
  }

  /// The longest delay there can be.
  ///
  /// @return nanoseconds
  public long longestNs() {
    return quantiles[QUANTILES];
  }

  private long randomBelow(long bound) {
    return Math.multiplyHigh(random.next() >>> 1, bound) * 2;
  }
}
