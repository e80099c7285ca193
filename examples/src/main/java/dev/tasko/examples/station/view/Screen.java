package dev.tasko.examples.station.view;

import java.util.ArrayList;
import java.util.List;

/// Lines of styled text that fit a terminal: what is too long or too much is cut off, nothing
/// wraps.
///
/// Thread: one at a time. Allocates: yes.
public final class Screen {
  private static final String HOME = "\u001b[H";
  private static final String CLEAR_TO_LINE_END = "\u001b[K";
  private static final String CLEAR_TO_SCREEN_END = "\u001b[J";

  /// A piece of a line.
  record Span(String text, Style style) {}

  private final int columns;
  private final int rows;
  private final List<List<Span>> lines = new ArrayList<>();
  private int column;

  Screen(int columns, int rows) {
    this.columns = columns;
    this.rows = rows;
  }

  /// Draws what is to be seen.
  ///
  /// @param snapshot of the station
  /// @param columns of the terminal
  /// @param rows of the terminal
  /// @return lines that fit it
  public static Screen of(Snapshot snapshot, int columns, int rows) {
    Screen screen = new Screen(columns, rows);
    new Dashboard(snapshot, screen).draw();
    return screen;
  }

  int columns() {
    return columns;
  }

  int rowsLeft() {
    return rows - lines.size();
  }

  int columnsLeft() {
    return columns - column;
  }

  /// Begins a line.
  Screen line() {
    column = 0;
    if (lines.size() <= rows) {
      lines.add(new ArrayList<>());
    }
    return this;
  }

  /// Goes on with the line.
  Screen text(String text, Style style) {
    String fitting = text.substring(0, Math.min(text.length(), columnsLeft()));
    if (!fitting.isEmpty()) {
      lines.getLast().add(new Span(fitting, style));
      column += fitting.length();
    }
    return this;
  }

  private List<List<Span>> visible() {
    return lines.subList(0, Math.min(rows, lines.size()));
  }

  /// The commands that show it on a terminal, in place of what was there.
  ///
  /// @return control sequences of ECMA-48
  public String toAnsi() {
    StringBuilder ansi = new StringBuilder(HOME);
    List<List<Span>> shown = visible();
    int left = shown.size();
    for (List<Span> line : shown) {
      left--;
      // Before the text: behind a line of the full width it would take the last character away.
      ansi.append(left == 0 ? CLEAR_TO_SCREEN_END : CLEAR_TO_LINE_END);
      for (Span span : line) {
        ansi.append("\u001b[").append(span.style.sgr).append('m').append(span.text);
      }
      ansi.append("\u001b[0m").append(left == 0 ? "" : "\r\n");
    }
    return ansi.toString();
  }

  /// A picture of it.
  ///
  /// @return an SVG document
  public String toSvg() {
    return new Svg(columns, rows).document(visible());
  }

  /// The text alone.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (List<Span> line : visible()) {
      StringBuilder whole = new StringBuilder();
      line.forEach(span -> whole.append(span.text));
      text.append(whole.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
