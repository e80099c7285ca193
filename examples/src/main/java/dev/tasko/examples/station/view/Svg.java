package dev.tasko.examples.station.view;

import java.util.List;

/// A screen as a picture: one `text` for each piece of a line, at the place of its first character.
/// The width of each is told, so that the columns stay in line whatever font there is.
final class Svg {
  private static final int CHARACTER_WIDTH = 8;
  private static final int LINE_HEIGHT = 18;
  private static final int MARGIN = 12;
  private static final int ASCENT = 13;

  private final StringBuilder svg = new StringBuilder();
  private final int width;
  private final int height;

  Svg(int columns, int rows) {
    width = columns * CHARACTER_WIDTH + 2 * MARGIN;
    height = rows * LINE_HEIGHT + 2 * MARGIN;
  }

  String document(List<List<Screen.Span>> lines) {
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d">
        <rect width="100%%" height="100%%" rx="6" fill="#1e1e1e"/>
        <g font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13">
        """
            .formatted(width, height, width, height));
    int y = MARGIN + ASCENT;
    for (List<Screen.Span> line : lines) {
      int column = 0;
      for (Screen.Span span : line) {
        piece(span, MARGIN + column * CHARACTER_WIDTH, y);
        column += span.text().length();
      }
      y += LINE_HEIGHT;
    }
    return svg.append("</g>\n</svg>\n").toString();
  }

  private void piece(Screen.Span span, int x, int y) {
    if (span.text().isBlank()) {
      return;
    }
    svg.append(
        "<text x=\"%d\" y=\"%d\" textLength=\"%d\" xml:space=\"preserve\" fill=\"%s\"%s>%s</text>\n"
            .formatted(
                x,
                y,
                span.text().length() * CHARACTER_WIDTH,
                span.style().colour,
                span.style().bold ? " font-weight=\"bold\"" : "",
                escaped(span.text())));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
