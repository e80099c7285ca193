package dev.tasko.task;

import java.math.BigInteger;
import java.time.Duration;

/// The time between two activations as an exact fraction: `wholeNs + remainder / divisor`
/// nanoseconds. 3 Hz is 333,333,333 1/3 ns, and after a year its grid is where it should be.
///
/// @param wholeNs whole nanoseconds, at least 1
/// @param remainder 0 to `divisor - 1`
/// @param divisor at least 1
public record Period(long wholeNs, long remainder, long divisor) {
  private static final BigInteger NANOS = BigInteger.valueOf(1_000_000_000);

  /// The longest period, and the longest delay anywhere: 146 years.
  public static final long MAX_NS = 1L << 62;

  /// The period of a rate. The rate counts as the shortest decimal that names it: 0.1 is a tenth.
  ///
  /// @param rateHz activations in a second
  /// @return the exact period
  /// @throws IllegalArgumentException if the rate is not a positive number or the period is not 1
  ///   ns to 146 years
  public static Period ofRateHz(double rateHz) {
    if (!(rateHz > 0) || Double.isInfinite(rateHz)) {
      throw new IllegalArgumentException("rateHz: " + rateHz + " (expected: > 0 and finite)");
    }
    // Not a BigDecimal: to load that class makes two megabytes of garbage, a table of powers.
    String shortest = Double.toString(rateHz);
    int end = shortest.indexOf('E') < 0 ? shortest.length() : shortest.indexOf('E');
    String decimal = shortest.substring(0, end);
    int exponent = end == shortest.length() ? 0 : Integer.parseInt(shortest.substring(end + 1));
    int scale = end - 1 - decimal.indexOf('.') - exponent;
    BigInteger digits = new BigInteger(decimal.replace(".", ""));
    BigInteger numerator = NANOS.multiply(tenToThe(scale));
    BigInteger denominator = digits.multiply(tenToThe(-scale));
    BigInteger common = numerator.gcd(denominator);
    BigInteger[] quotient = numerator.divideAndRemainder(denominator);
    if (quotient[0].signum() == 0 || quotient[0].bitLength() > 62) {
      throw new IllegalArgumentException(
          "rateHz: " + rateHz + " (expected: a period of 1 ns to 146 years)");
    }
    return new Period(
        quotient[0].longValueExact(),
        quotient[1].divide(common).longValueExact(),
        denominator.divide(common).longValueExact());
  }

  /// Or to 0, if the exponent is negative.
  private static BigInteger tenToThe(int exponent) {
    return BigInteger.TEN.pow(Math.max(exponent, 0));
  }

  /// The period of so many activations in a span of time, evenly spread.
  ///
  /// @param count activations in the span, positive
  /// @param span of time, positive
  /// @return the exact period
  /// @throws IllegalArgumentException if one of them is not positive or the period is not 1 ns to
  ///   146 years
  public static Period of(long count, Duration span) {
    if (count <= 0) {
      throw new IllegalArgumentException("count: " + count + " (expected: > 0)");
    }
    if (!span.isPositive() || span.compareTo(Duration.ofNanos(MAX_NS)) > 0) {
      throw new IllegalArgumentException("period: " + span + " (expected: 1 ns to 146 years)");
    }
    long spanNs = span.toNanos();
    if (count > spanNs) {
      throw new IllegalArgumentException(
          "count: " + count + " (expected: a period of 1 ns to 146 years)");
    }
    long remainder = spanNs % count;
    long common = BigInteger.valueOf(remainder).gcd(BigInteger.valueOf(count)).longValueExact();
    return new Period(spanNs / count, remainder / common, count / common);
  }
}
