package dev.tasko.examples.servo;

import dev.tasko.report.LogChart;
import dev.tasko.report.Spread;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/// Lateness as a picture: how late one activation in so many is.
final class LatenessPicture {
  private static final double NS_PER_US = 1e3;
  private static final double LEAST_US = 0.01;
  private static final int[] STEPS = {1, 2, 5};
  private static final List<String> COLORS =
      List.of("#0072b2", "#56b4e9", "#d55e00", "#009e73", "#cc79a7", "#b8860b");

  private LatenessPicture() {}

  static String draw(List<Lateness> results, Conditions conditions) {
    List<LogChart.Line> lines = new ArrayList<>();
    for (Lateness result : results) {
      List<LogChart.Point> points = points(result.all());
      if (points.isEmpty()) {
        continue;
      }
      String color = COLORS.get(lines.size() % COLORS.size());
      String style = "stroke=\"%s\" stroke-width=\"2\"".formatted(color);
      lines.add(new LogChart.Line(result.name(), style, color, points));
    }
    return LogChart.draw(
        "Lateness of a control loop at %d Hz".formatted(conditions.rateHz()),
        conditions.summary(),
        "one activation in so many",
        "is later than, us",
        lines);
  }

  /// Up to the one that was the latest.
  private static List<LogChart.Point> points(Histogram all) {
    List<LogChart.Point> points = new ArrayList<>();
    for (long decade = 1; decade <= all.getTotalCount(); decade *= 10) {
      for (int step : STEPS) {
        long oneIn = step * decade;
        if (oneIn > 1 && oneIn <= all.getTotalCount()) {
          long ns = all.getValueAtPercentile(100 - 100.0 / oneIn);
          double us = Math.max(ns / NS_PER_US, LEAST_US);
          points.add(new LogChart.Point(oneIn, Spread.exactly(us)));
        }
      }
    }
    return points;
  }
}
