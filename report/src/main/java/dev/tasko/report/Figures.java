package dev.tasko.report;

import java.text.NumberFormat;
import java.util.Locale;
import java.util.function.DoubleFunction;

/// How figures are written, the same in every locale.
public final class Figures {
  private Figures() {}

  /// A time, with a decimal if it is short.
  ///
  /// @param ns nanoseconds
  /// @return without its unit
  public static String ns(double ns) {
    return fixed(ns, ns < 100 ? 1 : 0);
  }

  /// A ratio.
  ///
  /// @param factor of two figures
  /// @return with two decimals, or four if it is small
  public static String times(double factor) {
    return fixed(factor, factor < 0.1 ? 4 : 2);
  }

  /// A number of bytes, as a mean.
  ///
  /// @param bytes NaN if unknown
  /// @return empty if unknown
  public static String bytes(double bytes) {
    return Double.isNaN(bytes) ? "" : fixed(bytes, 1);
  }

  /// A count.
  ///
  /// @param count any
  /// @return in groups of three digits
  public static String count(long count) {
    return fixed((double) count, 0);
  }

  /// A figure and how far it may be off.
  ///
  /// @param spread in any unit
  /// @param figure writes one of them
  /// @return the extremes in brackets, if there are any
  public static String withSpread(Spread spread, DoubleFunction<String> figure) {
    String median = figure.apply(spread.median());
    return Double.isNaN(spread.low()) || spread.low() == spread.high()
        ? median
        : median + " (" + figure.apply(spread.low()) + " to " + figure.apply(spread.high()) + ")";
  }

  /// A number.
  ///
  /// @param value any
  /// @param decimals how many
  /// @return in groups of three digits
  public static String fixed(double value, int decimals) {
    NumberFormat format = NumberFormat.getInstance(Locale.ROOT);
    format.setMinimumFractionDigits(decimals);
    format.setMaximumFractionDigits(decimals);
    return format.format(value);
  }
}
