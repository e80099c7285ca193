package dev.tasko.examples.station;

import dev.tasko.Loop;
import dev.tasko.examples.station.view.Snapshot;
import dev.tasko.examples.station.view.TaskRow;
import dev.tasko.hal.driver.Bme280;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes snapshots of a station, for a view.
///
/// Thread: the loop's. Allocates: a snapshot each time.
final class Snapshots {
  private static final double NS_PER_SECOND = 1e9;

  private final Loop loop;
  private final Station station;
  private final Settings settings;
  private final Events events;

  Snapshots(Loop loop, Station station, Settings settings, Events events) {
    this.loop = loop;
    this.station = station;
    this.settings = settings;
    this.events = events;
  }

  Snapshot take() {
    Show show = station.show();
    return new Snapshot(
        loop.nowNs() - settings.startNs(),
        (long) (settings.seconds() * NS_PER_SECOND),
        show.act().place() + ": " + show.act().title(),
        loop.idleNs(),
        shaft(show),
        air(station.sensor()),
        air(show.insideSensor()),
        heat(show.printer()),
        show.buses().stream().map(BusWatch::snapshot).toList(),
        station.log().readings(),
        station.log().pending(),
        station.presses(),
        station.ball(),
        station.tasks().stream().map(TaskRow::of).toList(),
        blamed(show.blame()),
        events.latest());
  }

  private static Snapshot.@Nullable Shaft shaft(Show show) {
    Servo servo = show.servo();
    return show.act() == Act.REST
        ? null
        : new Snapshot.Shaft(
            servo.targetRad(),
            servo.angleRad(),
            servo.greatestErrorRad(show.act()),
            Servo.BOUND_RAD,
            Servo.SWING_RAD);
  }

  private static Snapshot.Air air(Bme280 sensor) {
    return new Snapshot.Air(
        sensor.temperatureCentiC(), sensor.pressurePaQ8(), sensor.humidityQ10());
  }

  private static Snapshot.@Nullable Heat heat(@Nullable Printer printer) {
    if (printer == null) {
      return null;
    }
    String trouble = printer.isAsked() ? printer.trouble() : "not asked yet";
    return new Snapshot.Heat(printer.hotendCentiC(), printer.bedCentiC(), trouble);
  }

  /// Whoever cost the most comes first.
  static List<Snapshot.Blamed> blamed(Blame blame) {
    return blame.culprits().stream()
        .map(one -> new Snapshot.Blamed(one.name(), one.longestRunNs(), one.late(), one.leftOut()))
        .sorted(Comparator.comparingLong(one -> -one.late() - one.leftOut()))
        .toList();
  }
}
