package dev.tasko.bench.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// One workload over its sizes.
///
/// @param workload its measurements
/// @param limits what the machine can do, over the same sizes
/// @param distinct whether another picture shows the same method
record Picture(List<Measurement> workload, List<Measurement> limits, boolean distinct) {
  private static final Map<String, String> TITLES =
      Map.of(
          "hold", "fire the earliest timer, schedule another",
          "scheduleCancel", "schedule a timer, then cancel that one",
          "cancelReschedule", "cancel any timer, schedule another",
          "kick", "postpone any timer while time goes on",
          "fillDrain", "schedule all timers, then fire them all",
          "idlePoll", "poll when nothing is due",
          "nextDeadline", "ask for the next deadline");

  /// A colour for each peer, the same in every picture; friendly to the colour-blind.
  private static final Map<String, String> COLORS =
      Map.of(
          "tasko", "#0072b2",
          "agrona", "#d55e00",
          "agrona:best=true", "#b8860b",
          "agrona:map=true", "#cc79a7",
          "heap4", "#009e73",
          "netty", "#56b4e9",
          "stpe", "#8c564b",
          "fjp", "#6a3d9a",
          "none", "#999999");

  private static final List<String> OTHER_COLORS =
      List.of("#e377c2", "#17becf", "#637939", "#ad494a", "#393b79", "#7b4173");

  private static final String LIMIT_COLOR = "#777777";

  /// Every workload that was measured at more than one size, the hold model first.
  static List<Picture> of(Measurements measurements) {
    List<Measurement> shown =
        measurements.all().stream()
            .filter(row -> !row.sampled() && !row.isLimit() && row.size() > 0)
            .filter(row -> !row.peer().isEmpty())
            .toList();
    List<List<Measurement>> workloads =
        Measurements.grouped(shown, Measurement::workload).stream()
            .filter(rows -> rows.stream().mapToLong(Measurement::size).distinct().count() > 1)
            .toList();
    List<Picture> pictures = new ArrayList<>();
    for (List<Measurement> workload : workloads) {
      String method = workload.getFirst().method();
      long same =
          workloads.stream().filter(rows -> rows.getFirst().method().equals(method)).count();
      pictures.add(new Picture(workload, limits(measurements, workload), same == 1));
    }
    return pictures;
  }

  private static List<Measurement> limits(Measurements measurements, List<Measurement> workload) {
    List<Long> sizes = workload.stream().map(Measurement::size).toList();
    List<Measurement> limits = new ArrayList<>();
    measurements.ofClass(Measurements.LIMIT).stream()
        .filter(row -> !row.sampled() && sizes.contains(row.size()))
        .forEach(limits::add);
    return limits;
  }

  String title() {
    Measurement first = workload.getFirst();
    String title = first.method();
    title += TITLES.containsKey(title) ? ": " + TITLES.get(title) : "";
    Map<String, String> conditions = first.conditions();
    return conditions.isEmpty() || distinct
        ? title
        : title + " (" + Measurement.textOf(conditions) + ")";
  }

  String fileName() {
    Measurement first = workload.getFirst();
    String conditions = distinct ? "" : "-" + String.join("-", first.conditions().values());
    return (first.method() + conditions).replaceAll("[^A-Za-z0-9-]", "_") + ".svg";
  }

  String toSvg() {
    List<LogChart.Line> lines = new ArrayList<>();
    for (List<Measurement> limit : Measurements.grouped(limits, Measurement::method)) {
      String style = "stroke=\"%s\" stroke-dasharray=\"6 4\"".formatted(LIMIT_COLOR);
      String name = "limit: " + limit.getFirst().method();
      lines.add(new LogChart.Line(name, style, LIMIT_COLOR, points(limit)));
    }
    for (List<Measurement> peer : Measurements.grouped(workload, Measurement::peerName)) {
      lines.add(line(peer.getFirst().peerName(), points(peer)));
    }
    return LogChart.draw(title(), "timers", "ns per operation", lines);
  }

  private static LogChart.Line line(String name, List<LogChart.Point> points) {
    String color = color(name);
    int width = name.equals(Measurements.OURS) ? 4 : 2;
    String style = "stroke=\"%s\" stroke-width=\"%d\"".formatted(color, width);
    String shown = name.equals(Measurements.NOTHING) ? name + ": workload alone" : name;
    return new LogChart.Line(shown, style, color, points);
  }

  private static String color(String peer) {
    String known = COLORS.get(peer);
    return known != null
        ? known
        : OTHER_COLORS.get(Math.floorMod(peer.hashCode(), OTHER_COLORS.size()));
  }

  private static List<LogChart.Point> points(Collection<Measurement> rows) {
    return rows.stream()
        .sorted(Comparator.comparingLong(Measurement::size))
        .map(row -> new LogChart.Point(row.size(), row.ns()))
        .toList();
  }
}
