package dev.tasko.report;

import java.util.Collection;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/// A figure and how far it may be off.
///
/// @param median in the middle
/// @param low the least it may be, NaN if unknown
/// @param high the greatest it may be, NaN if unknown
public record Spread(double median, double low, double high) {
  /// The median of some figures, the upper one of two, and their extremes.
  ///
  /// @param figures at least one
  /// @return what they say together
  public static Spread of(DoubleStream figures) {
    double[] sorted = figures.sorted().toArray();
    return new Spread(sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
  }

  /// A figure that is not off.
  ///
  /// @param value of it
  /// @return without extremes
  public static Spread exactly(double value) {
    return new Spread(value, value, value);
  }

  /// The extremes are those of the least iteration of one over the greatest of the other.
  ///
  /// @param other figure
  /// @return the ratio
  public Spread over(Spread other) {
    return new Spread(median / other.median, low / other.high, high / other.low);
  }

  /// The sum, its extremes those of both together.
  ///
  /// @param other figure
  /// @return the sum
  public Spread plus(Spread other) {
    return new Spread(median + other.median, low + other.low, high + other.high);
  }

  /// A multiple.
  ///
  /// @param factor positive
  /// @return the product
  public Spread times(double factor) {
    return new Spread(median * factor, low * factor, high * factor);
  }

  /// A part.
  ///
  /// @param divisor positive
  /// @return the quotient
  public Spread dividedBy(double divisor) {
    return new Spread(median / divisor, low / divisor, high / divisor);
  }

  /// The mean of ratios.
  ///
  /// @param all positive
  /// @return NaN if there are none
  public static Spread geometricMean(Collection<Spread> all) {
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
