package dev.tasko.report;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// One column of a table in Markdown.
///
/// @param <T> what is in a row
/// @param title at its head
/// @param rule how it is aligned
/// @param cell what stands in a row
public record Column<T>(String title, String rule, Function<T, String> cell) {
  /// Aligned to the left.
  ///
  /// @param <T> what is in a row
  /// @param title at its head
  /// @param cell what stands in a row
  /// @return a column
  public static <T> Column<T> text(String title, Function<T, String> cell) {
    return new Column<>(title, "---", cell);
  }

  /// Aligned to the right.
  ///
  /// @param <T> what is in a row
  /// @param title at its head
  /// @param cell what stands in a row
  /// @return a column
  public static <T> Column<T> number(String title, Function<T, String> cell) {
    return new Column<>(title, "---:", cell);
  }

  /// Puts them beside each other.
  ///
  /// @param <T> what is in a row
  /// @param columns from left to right
  /// @param rows from above
  /// @return a table in Markdown
  public static <T> String table(List<Column<T>> columns, Collection<? extends T> rows) {
    StringBuilder table = new StringBuilder();
    table.append(line(columns, Column::title));
    table.append(line(columns, Column::rule));
    rows.forEach(row -> table.append(line(columns, column -> column.cell.apply(row))));
    return table.toString();
  }

  private static <T> String line(List<Column<T>> columns, Function<Column<T>, String> cell) {
    return columns.stream()
        .map(column -> cell.apply(column).replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }
}
