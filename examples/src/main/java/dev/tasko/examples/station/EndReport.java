package dev.tasko.examples.station;

import dev.tasko.Loop;
import dev.tasko.examples.station.view.Snapshot;
import dev.tasko.examples.station.view.TaskRow;
import dev.tasko.examples.station.view.TaskTable;
import java.io.PrintStream;
import java.util.Locale;

/// What is told when a run has ended.
final class EndReport {
  private static final int COLUMNS = 120;
  private static final double NS_PER_SECOND = 1e9;

  private final PrintStream out;
  private final Station station;
  private final Loop loop;

  EndReport(PrintStream out, Station station, Loop loop) {
    this.out = out;
    this.station = station;
    this.loop = loop;
  }

  void print(long elapsedNs) {
    table();
    out.printf(
        Locale.ROOT,
        "%.3f s, %.1f %% idle, %d turns, %d button presses, %.3f timer wakeups for each distinct"
            + " deadline%n",
        elapsedNs / NS_PER_SECOND,
        100.0 * loop.idleNs() / elapsedNs,
        loop.turns(),
        station.presses(),
        (double) loop.timerWakeups() / loop.distinctDeadlines());
    servo(station.show().servo());
    for (Snapshot.Blamed blamed : Snapshots.blamed(station.show().blame())) {
      out.println("in the servo's way: " + blamed);
    }
  }

  private void table() {
    TaskTable table = TaskTable.within(COLUMNS);
    out.println();
    out.println(table.head());
    station.tasks().forEach(task -> out.println(table.line(TaskRow.of(task))));
    out.println();
  }

  private void servo(Servo servo) {
    out.printf(
        Locale.ROOT,
        "servo: greatest error %.3f, %.3f and %.3f rad in the three acts (bound %.1f)%n",
        servo.greatestErrorRad(Act.KEEP_TIME),
        servo.greatestErrorRad(Act.SHARE_THE_BUS),
        servo.greatestErrorRad(Act.BREAK_IT),
        Servo.BOUND_RAD);
  }
}
