package dev.tasko.bench.report;

import java.util.Collection;
import java.util.function.ToDoubleFunction;

/// A figure and how far it may be off.
///
/// @param median in the middle
/// @param low the least it may be, NaN if unknown
/// @param high the greatest it may be, NaN if unknown
record Spread(double median, double low, double high) {
  static Spread exactly(double value) {
    return new Spread(value, value, value);
  }

  /// The extremes are those of the least iteration of one over the greatest of the other.
  Spread over(Spread other) {
    return new Spread(median / other.median, low / other.high, high / other.low);
  }

  Spread plus(Spread other) {
    return new Spread(median + other.median, low + other.low, high + other.high);
  }

  Spread times(double factor) {
    return new Spread(median * factor, low * factor, high * factor);
  }

  Spread dividedBy(double divisor) {
    return new Spread(median / divisor, low / divisor, high / divisor);
  }

  static Spread geometricMean(Collection<Spread> all) {
    return new Spread(
        geometricMean(all, Spread::median),
        geometricMean(all, Spread::low),
        geometricMean(all, Spread::high));
  }

  private static double geometricMean(Collection<Spread> all, ToDoubleFunction<Spread> part) {
    return Math.exp(
        all.stream()
            .mapToDouble(spread -> Math.log(part.applyAsDouble(spread)))
            .average()
            .orElse(Double.NaN));
  }
}
