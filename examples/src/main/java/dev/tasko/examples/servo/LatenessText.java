package dev.tasko.examples.servo;

import dev.tasko.report.Column;
import dev.tasko.report.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/// Lateness in words: a table of percentiles, and bars.
final class LatenessText {
  private static final double NS_PER_US = 1e3;
  private static final int[] STEPS = {1, 2, 5};
  private static final int BAR_WIDTH = 50;

  private LatenessText() {}

  /// A row for each contender, in Markdown.
  static String table(List<Lateness> results) {
    List<Column<Lateness>> columns = new ArrayList<>();
    columns.add(Column.text("lateness, us", Lateness::name));
    for (double percentile : new double[] {50, 90, 99, 99.9}) {
      columns.add(
          Column.number(
              "p" + Double.toString(percentile).replaceAll("\\.0$", ""),
              result -> us(result.all().getValueAtPercentile(percentile))));
    }
    columns.add(Column.number("max", result -> us(result.all().getMaxValue())));
    columns.add(Column.number("activations", result -> Figures.count(result.activations())));
    columns.add(Column.number("missed", result -> Figures.count(result.missed())));
    return Column.table(columns, results);
  }

  /// One contender's histogram: a line for each range that anything fell into, those between
  /// included. A range ends below the next one's beginning.
  static String bars(Lateness result) {
    Histogram all = result.all();
    NavigableMap<Long, Long> counts = new TreeMap<>();
    for (HistogramIterationValue value : all.recordedValues()) {
      counts.merge(
          low(value.getValueIteratedTo()), value.getCountAddedInThisIterationStep(), Long::sum);
    }
    StringBuilder text = new StringBuilder(result.name()).append('\n');
    long lowNs = counts.firstKey();
    while (lowNs <= counts.lastKey()) {
      long highNs = next(lowNs);
      double share = (double) counts.getOrDefault(lowNs, 0L) / all.getTotalCount();
      text.append(bar(lowNs, highNs, share)).append('\n');
      lowNs = highNs;
    }
    return text.toString();
  }

  private static String bar(long lowNs, long highNs, double share) {
    return String.format(
            Locale.ROOT,
            "%9s to %9s us %8.3f %% %s",
            us(lowNs),
            us(highNs),
            100 * share,
            "#".repeat((int) Math.round(share * BAR_WIDTH)))
        .stripTrailing();
  }

  private static long low(long ns) {
    long lowNs = 0;
    while (next(lowNs) <= ns) {
      lowNs = next(lowNs);
    }
    return lowNs;
  }

  /// 0, 100, 200, 500, 1000 ns and so on.
  private static long next(long lowNs) {
    for (long decade = 100; ; decade *= 10) {
      for (int step : STEPS) {
        if (step * decade > lowNs) {
          return step * decade;
        }
      }
    }
  }

  static String us(long ns) {
    double us = ns / NS_PER_US;
    return Figures.fixed(us, us < 100 ? 1 : 0);
  }
}
