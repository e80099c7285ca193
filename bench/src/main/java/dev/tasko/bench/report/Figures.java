package dev.tasko.bench.report;

import java.text.NumberFormat;
import java.util.Locale;
import java.util.function.DoubleFunction;

/// How figures are written, the same in every locale.
final class Figures {
  private Figures() {}

  static String ns(double ns) {
    return fixed(ns, ns < 100 ? 1 : 0);
  }

  static String times(double factor) {
    return fixed(factor, factor < 0.1 ? 4 : 2);
  }

  static String bytes(double bytes) {
    return Double.isNaN(bytes) ? "" : fixed(bytes, 1);
  }

  static String count(long count) {
    return fixed((double) count, 0);
  }

  static String withSpread(Spread spread, DoubleFunction<String> figure) {
    String median = figure.apply(spread.median());
    return Double.isNaN(spread.low()) || spread.low() == spread.high()
        ? median
        : median + " (" + figure.apply(spread.low()) + " to " + figure.apply(spread.high()) + ")";
  }

  static String fixed(double value, int decimals) {
    NumberFormat format = NumberFormat.getInstance(Locale.ROOT);
    format.setMinimumFractionDigits(decimals);
    format.setMaximumFractionDigits(decimals);
    return format.format(value);
  }
}
