package dev.tasko.examples.station.view;

import static dev.tasko.examples.station.view.Numbers.fixed;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Where everything is on the screen. On a narrow one, what stands to the right goes first, and of
/// the table the less telling columns; on a low one the latest events.
final class Dashboard {
  private static final int LABEL_WIDTH = 9;
  private static final String GAP = "  ";
  private static final int MAX_BLAMED = 3;
  private static final double NS_PER_SECOND = 1e9;

  private final Snapshot snapshot;
  private final Screen screen;

  Dashboard(Snapshot snapshot, Screen screen) {
    this.snapshot = snapshot;
    this.screen = screen;
  }

  void draw() {
    title();
    screen.line();
    shaft(snapshot.shaft());
    air("outside", snapshot.outside(), snapshot.ball());
    air("inside", snapshot.inside(), "");
    printer(snapshot.printer());
    snapshot.buses().forEach(this::bus);
    log();
    screen.line();
    tasks();
    screen.line();
    blamed();
    events();
  }

  private void title() {
    fields(
        Style.BOLD,
        snapshot.act(),
        fixed(snapshot.elapsedNs() / NS_PER_SECOND, 1)
            + " s of "
            + fixed(snapshot.runNs() / NS_PER_SECOND, 0),
        fixed(100.0 * snapshot.idleNs() / Math.max(snapshot.elapsedNs(), 1), 1) + " % idle");
    fields(Style.DIM, "x spin 25 ms", "q stop safely", "b button");
  }

  private void shaft(Snapshot.@Nullable Shaft shaft) {
    label("servo");
    if (shaft == null) {
      parts(Style.DIM, "rests");
      return;
    }
    double errorRad = shaft.targetRad() - shaft.angleRad();
    boolean good = shaft.greatestErrorRad() <= shaft.boundRad();
    parts(
        good ? Style.GOOD : Style.BAD,
        String.format(Locale.ROOT, "error %+.2f rad", errorRad),
        "most " + fixed(shaft.greatestErrorRad(), 2) + "/" + fixed(shaft.boundRad(), 2),
        String.format(Locale.ROOT, "angle %+.2f", shaft.angleRad()),
        String.format(Locale.ROOT, "target %+.2f", shaft.targetRad()));
    label("");
    screen.text(gauge(shaft, screen.columnsLeft() - 1), Style.PLAIN);
  }

  /// Where the shaft is (`o`) and where it is to be (`|`), between the ends of its swing.
  private static String gauge(Snapshot.Shaft shaft, int width) {
    if (width < 3) {
      return "";
    }
    char[] scale = "-".repeat(width).toCharArray();
    scale[0] = '[';
    scale[width - 1] = ']';
    scale[place(shaft.targetRad(), shaft, width)] = '|';
    scale[place(shaft.angleRad(), shaft, width)] = 'o';
    return new String(scale);
  }

  private static int place(double angleRad, Snapshot.Shaft shaft, int width) {
    double scaleRad = shaft.swingRad() + 2 * shaft.boundRad();
    long place = Math.round((angleRad + shaft.boundRad()) / scaleRad * (width - 1));
    return Math.clamp(place, 0, width - 1);
  }

  private void air(String where, Snapshot.Air air, String picture) {
    label(where);
    parts(
        Style.PLAIN,
        fixed(air.centiC() / 100.0, 2) + " C",
        fixed(air.paQ8() / 25_600.0, 2) + " hPa",
        fixed(air.humidityQ10() / 1024.0, 1) + " %",
        picture);
  }

  private void printer(Snapshot.@Nullable Heat heat) {
    label("printer");
    if (heat == null) {
      parts(Style.DIM, "none", "it needs real time");
    } else if (heat.trouble() != null) {
      parts(Style.BAD, heat.trouble());
    } else {
      parts(
          Style.PLAIN,
          "hotend " + fixed(heat.hotendCentiC() / 100.0, 1) + " C",
          "bed " + fixed(heat.bedCentiC() / 100.0, 1) + " C");
    }
  }

  private void bus(Snapshot.Bus bus) {
    label(bus.name());
    List<String> parts = new ArrayList<>();
    parts.add(bus.owner() == null ? "free" : bus.owner() + " has it");
    for (Snapshot.Share share : bus.shares()) {
      parts.add(share.task() + " " + fixed(100 * share.part(), 1) + " %");
    }
    parts(Style.PLAIN, parts.toArray(String[]::new));
  }

  private void log() {
    label("log");
    parts(
        Style.PLAIN,
        snapshot.records() + " records on card",
        snapshot.pending() + " wait",
        snapshot.presses() + " button presses");
  }

  private void tasks() {
    TaskTable table = TaskTable.within(screen.columns());
    screen.line().text(table.head(), Style.DIM);
    for (TaskRow row : snapshot.tasks()) {
      screen.line().text(table.line(row), row.missed() > 0 ? Style.BAD : Style.PLAIN);
    }
  }

  private void blamed() {
    List<Snapshot.Blamed> blamed = snapshot.blamed();
    for (Snapshot.Blamed one : blamed.subList(0, Math.min(blamed.size(), MAX_BLAMED))) {
      screen.line().text("! " + one, Style.BAD);
    }
  }

  private void events() {
    List<String> events = snapshot.events();
    int shown = Math.clamp(screen.rowsLeft(), 0, events.size());
    for (String event : events.subList(events.size() - shown, events.size())) {
      screen.line().text(event, Style.DIM);
    }
  }

  private void label(String label) {
    screen.line().text(("%-" + LABEL_WIDTH + "s").formatted(label), Style.DIM);
  }

  private void fields(Style style, String... parts) {
    screen.line();
    parts(style, parts);
  }

  /// As many as fit whole, the first in any case; without those that are empty.
  private void parts(Style style, String... parts) {
    screen.text(parts[0], style);
    for (int i = 1; i < parts.length; i++) {
      String part = parts[i].isEmpty() ? "" : GAP + parts[i];
      if (part.length() > screen.columnsLeft()) {
        return;
      }
      screen.text(part, style);
    }
  }
}
