package dev.tasko.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Lines over two logarithmic axes, as SVG.
///
/// Drawn here and not by a chart library because those draw through AWT: that fails on a machine
/// without fonts, which is where benchmarks run, and turns every letter into an outline, 400 KB for
/// a picture. These are 10 KB of text that the viewer's own fonts show.
///
/// Each line has its name at its right end; names that would overlap are moved apart.
public final class LogChart {
  /// One line.
  ///
  /// @param name at its end
  /// @param style colour, width and dashes, as SVG attributes
  /// @param color of its name
  /// @param points from left to right
  public record Line(String name, String style, String color, List<Point> points) {}

  /// One point of a line.
  ///
  /// @param x where it is
  /// @param y its value and how far that may be off
  public record Point(double x, Spread y) {}

  private static final int WIDTH = 900;
  private static final int HEIGHT = 520;
  private static final int LEFT = 80;
  private static final int RIGHT = 720;
  private static final int TOP = 56;
  private static final int BOTTOM = 460;
  private static final int NAME_HEIGHT = 17;
  private static final int MARGIN = 14;
  private static final int[] STEPS = {1, 2, 5};
  private static final double[] NEXT_STEPS = {1, 2, 5, 10};

  private final List<Line> lines;
  private final double xLeast;
  private final double xMost;
  private final double yLeast;
  private final double yMost;
  private final StringBuilder svg = new StringBuilder();

  private LogChart(List<Line> lines) {
    this.lines = lines;
    xLeast = points().stream().mapToDouble(Point::x).min().orElseThrow();
    xMost = points().stream().mapToDouble(Point::x).max().orElseThrow();
    yLeast = roundDown(points().stream().mapToDouble(point -> point.y.low()).min().orElseThrow());
    double greatest = points().stream().mapToDouble(point -> point.y.high()).max().orElseThrow();
    yMost = Math.max(roundUp(greatest), 2 * yLeast);
  }

  private List<Point> points() {
    return lines.stream().flatMap(line -> line.points.stream()).toList();
  }

  /// Draws.
  ///
  /// @param title above it
  /// @param subtitle below the title, may be empty
  /// @param xTitle below it, with the unit
  /// @param yTitle beside it, with the unit
  /// @param lines at least one, of positive values; of different x together
  /// @return an SVG document
  public static String draw(
      String title, String subtitle, String xTitle, String yTitle, List<Line> lines) {
    LogChart chart = new LogChart(lines);
    chart.begin();
    chart.text(LEFT, TOP - 30, "start", "font-size=\"17\" font-weight=\"bold\"", title);
    if (!subtitle.isEmpty()) {
      chart.text(LEFT, TOP - 11, "start", "", subtitle);
    }
    chart.text((LEFT + RIGHT) / 2.0, BOTTOM + 46, "middle", "", xTitle);
    double middle = (TOP + BOTTOM) / 2.0;
    chart.text(
        22, middle, "middle", "transform=\"rotate(-90 22 %s)\"".formatted(number(middle)), yTitle);
    chart.drawAxes();
    lines.forEach(chart::drawLine);
    chart.drawNames();
    return chart.svg.append("</svg>\n").toString();
  }

  private void begin() {
    element(
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s" \
        font-family="Helvetica, Arial, DejaVu Sans, sans-serif" font-size="14" fill="#222">\
        """
            .formatted(WIDTH, HEIGHT, WIDTH, HEIGHT));
    element("<rect width=\"%s\" height=\"%s\" fill=\"white\"/>".formatted(WIDTH, HEIGHT));
  }

  private void drawAxes() {
    for (double tick : ticks(yLeast, yMost)) {
      rule(LEFT, y(tick), RIGHT, y(tick), isDecade(tick) ? "#bbb" : "#e6e6e6");
      text(LEFT - 8, y(tick) + 5, "end", "", label(tick));
    }
    for (double tick : ticks(xLeast, xMost)) {
      if (isDecade(tick)) {
        rule(x(tick), TOP, x(tick), BOTTOM, "#e6e6e6");
        text(x(tick), BOTTOM + 22, "middle", "", label(tick));
      }
    }
    rule(LEFT, BOTTOM, RIGHT, BOTTOM, "#666");
    rule(LEFT, TOP, LEFT, BOTTOM, "#666");
  }

  private void drawLine(Line line) {
    StringBuilder path = new StringBuilder();
    for (Point point : line.points) {
      path.append(path.isEmpty() ? "" : " ");
      path.append(number(x(point.x))).append(',').append(number(y(point.y.median())));
    }
    element("<polyline points=\"%s\" fill=\"none\" %s/>".formatted(path, line.style));
    for (Point point : line.points) {
      drawPoint(line, point);
    }
  }

  private void drawPoint(Line line, Point point) {
    double x = x(point.x);
    rule(x, y(point.y.low()), x, y(point.y.high()), line.color);
    element(
        "<circle cx=\"%s\" cy=\"%s\" r=\"3.5\" fill=\"%s\"/>"
            .formatted(number(x), number(y(point.y.median())), line.color));
  }

  private void drawNames() {
    List<Line> fromBelow = new ArrayList<>(lines);
    fromBelow.sort(Comparator.comparingDouble(line -> line.points.getLast().y.median()));
    double[] heights = placeNames(fromBelow);
    for (int i = 0; i < heights.length; i++) {
      drawName(fromBelow.get(i), heights[i]);
    }
  }

  /// Each no nearer to the next below than its height; then, if there was not room enough above,
  /// each no nearer to the next above.
  private double[] placeNames(List<Line> fromBelow) {
    double[] heights = new double[fromBelow.size()];
    double below = BOTTOM + NAME_HEIGHT;
    for (int i = 0; i < heights.length; i++) {
      heights[i] = Math.min(y(fromBelow.get(i).points.getLast().y.median()), below - NAME_HEIGHT);
      below = heights[i];
    }
    double above = TOP - NAME_HEIGHT;
    for (int i = heights.length - 1; i >= 0; i--) {
      heights[i] = Math.max(heights[i], above + NAME_HEIGHT);
      above = heights[i];
    }
    return heights;
  }

  private void drawName(Line line, double height) {
    Point last = line.points.getLast();
    String lastY = number(y(last.y.median()));
    element(
        ("<polyline points=\"%s,%s %s,%s %s,%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"0.7\""
                + " stroke-dasharray=\"1 3\"/>")
            .formatted(
                number(x(last.x)),
                lastY,
                number(x(last.x) + MARGIN),
                lastY,
                RIGHT + MARGIN,
                number(height),
                line.color));
    text(RIGHT + MARGIN + 4, height + 5, "start", "fill=\"%s\"".formatted(line.color), line.name);
  }

  private void rule(double x1, double y1, double x2, double y2, String color) {
    element(
        "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\"/>"
            .formatted(number(x1), number(y1), number(x2), number(y2), color));
  }

  private void text(double x, double y, String anchor, String attributes, String text) {
    element(
        "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" %s>%s</text>"
            .formatted(number(x), number(y), anchor, attributes, escape(text)));
  }

  private void element(String markup) {
    svg.append(markup).append('\n');
  }

  private double x(double value) {
    double share = xMost > xLeast ? Math.log(value / xLeast) / Math.log(xMost / xLeast) : 0.5;
    return LEFT + MARGIN + share * (RIGHT - LEFT - 2 * MARGIN);
  }

  private double y(double value) {
    return BOTTOM - Math.log(value / yLeast) / Math.log(yMost / yLeast) * (BOTTOM - TOP);
  }

  private static List<Double> ticks(double least, double most) {
    List<Double> ticks = new ArrayList<>();
    for (double decade = decade(least); decade <= most; decade *= 10) {
      for (int step : STEPS) {
        double tick = step * decade;
        if (tick >= least * 0.999 && tick <= most * 1.001) {
          ticks.add(tick);
        }
      }
    }
    return ticks;
  }

  private static double decade(double value) {
    return Math.pow(10, Math.floor(Math.log10(value)));
  }

  private static boolean isDecade(double tick) {
    double decades = Math.log10(tick);
    return Math.abs(decades - Math.rint(decades)) < 1e-6;
  }

  private static double roundDown(double value) {
    double decade = decade(value);
    double rounded = decade;
    for (double step : NEXT_STEPS) {
      rounded = step * decade <= value ? step * decade : rounded;
    }
    return rounded;
  }

  private static double roundUp(double value) {
    double rounded = roundDown(value);
    double step = value / decade(value);
    for (int i = NEXT_STEPS.length - 1; i >= 0; i--) {
      rounded = NEXT_STEPS[i] >= step ? NEXT_STEPS[i] * decade(value) : rounded;
    }
    return rounded;
  }

  private static String label(double tick) {
    return Figures.fixed(tick, tick < 1 ? (int) Math.ceil(-Math.log10(tick)) : 0);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
