package dev.tasko.examples.station.view;

import java.util.List;
import java.util.function.Function;

/// A row for each task, in as many columns as there is room for. The most telling columns go last.
public final class TaskTable {
  private static final double NS_PER_US = 1e3;
  private static final double NS_PER_MS = 1e6;

  /// @param rank 0 stays longest
  private record Column(String head, int width, int rank, Function<TaskRow, String> value) {}

  private static final List<Column> COLUMNS =
      List.of(
          new Column("rate, Hz", 10, 4, row -> Numbers.fixed(row.rateHz(), 1)),
          new Column("runs", 9, 2, row -> "" + row.runs()),
          new Column("p50, us", 9, 6, row -> micros(row.p50Ns())),
          new Column("p99, us", 9, 3, row -> micros(row.p99Ns())),
          new Column("max, us", 10, 1, row -> micros(row.maxNs())),
          new Column("wait, ms", 10, 5, row -> Numbers.fixed(row.busWaitNs() / NS_PER_MS, 3)),
          new Column("missed", 8, 0, row -> "" + row.missed()),
          new Column("late", 7, 7, row -> "" + row.late()),
          new Column("overran", 9, 8, row -> "" + row.overruns()));

  private static final int NAME_WIDTH = 8;

  private final List<Column> shown;

  private TaskTable(List<Column> shown) {
    this.shown = shown;
  }

  /// Chooses the columns.
  ///
  /// @param columns how many characters a line may have
  /// @return a table no wider than that, unless not even the names fit
  public static TaskTable within(int columns) {
    int ranks = 0;
    while (ranks < COLUMNS.size() && width(ranks + 1) <= columns) {
      ranks++;
    }
    return new TaskTable(upTo(ranks));
  }

  private static int width(int ranks) {
    int width = NAME_WIDTH;
    for (Column column : upTo(ranks)) {
      width += column.width;
    }
    return width;
  }

  private static List<Column> upTo(int ranks) {
    return COLUMNS.stream().filter(column -> column.rank < ranks).toList();
  }

  private static String micros(long ns) {
    return ns < 0 ? "-" : Numbers.fixed(ns / NS_PER_US, 1);
  }

  /// The line above the rows.
  ///
  /// @return without a line end
  public String head() {
    return line("task", Column::head);
  }

  /// The line of one task.
  ///
  /// @param row its numbers
  /// @return without a line end
  public String line(TaskRow row) {
    return line(row.name(), column -> column.value.apply(row));
  }

  private String line(String name, Function<Column, String> text) {
    StringBuilder line = new StringBuilder(("%-" + NAME_WIDTH + "s").formatted(name));
    for (Column column : shown) {
      line.append(("%" + column.width + "s").formatted(text.apply(column)));
    }
    return line.toString();
  }
}
