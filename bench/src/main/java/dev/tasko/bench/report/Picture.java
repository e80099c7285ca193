package dev.tasko.bench.report;

import dev.tasko.report.LogChart;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;

/// One workload over its sizes.
///
/// @param workload its measurements
/// @param limits what the memory can do, over the same sizes
/// @param clock a reading of it, if that was measured
/// @param distinct whether another picture shows the same method
record Picture(
    List<Measurement> workload,
    List<Measurement> limits,
    Optional<Measurement> clock,
    boolean distinct) {
  private static final Map<String, String> TITLES =
      Map.of(
          "hold", "fire the earliest timer, schedule another",
          "scheduleCancel", "schedule a timer, then cancel that one",
          "cancelReschedule", "cancel any timer, schedule another",
          "kick", "postpone any timer while time goes on",
          "fillDrain", "schedule all timers, then fire them all",
          "idlePoll", "poll when nothing is due",
          "nextDeadline", "ask for the next deadline");

  /// A colour for each peer, the same in every picture; those of the most frequent ones are
  /// friendly to the colour-blind.
  private static final Map<String, String> COLORS =
      Map.ofEntries(
          Map.entry("tasko", "#0072b2"),
          Map.entry("agrona", "#d55e00"),
          Map.entry("agrona:best=true", "#b8860b"),
          Map.entry("agrona:map=true", "#cc79a7"),
          Map.entry("agrona:default=true", "#ad494a"),
          Map.entry("heap4", "#009e73"),
          Map.entry("pq", "#637939"),
          Map.entry("kafka", "#333333"),
          Map.entry("caffeine", "#7b4173"),
          Map.entry("netty", "#56b4e9"),
          Map.entry("stpe", "#8c564b"),
          Map.entry("fjp", "#6a3d9a"),
          Map.entry("systemtimer", "#393b79"),
          Map.entry("jetty", "#17a2a2"),
          Map.entry("none", "#999999"));

  private static final List<String> OTHER_COLORS =
      List.of("#e377c2", "#17becf", "#bcbd22", "#1b9e77", "#7570b3", "#a6761d");

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
      List<Measurement> limits = limits(measurements, workload);
      pictures.add(new Picture(workload, limits, measurements.clock(), same == 1));
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
    String conditions = conditions();
    return conditions.isEmpty() ? what() : what() + " (" + conditions + ")";
  }

  private String what() {
    String method = workload.getFirst().method();
    return TITLES.containsKey(method) ? method + ": " + TITLES.get(method) : method;
  }

  private String conditions() {
    return distinct ? "" : Measurement.textOf(workload.getFirst().conditions());
  }

  String fileName() {
    Measurement first = workload.getFirst();
    String conditions = distinct ? "" : "-" + String.join("-", first.conditions().values());
    return (first.method() + conditions).replaceAll("[^A-Za-z0-9-]", "_") + ".svg";
  }

  /// Ours is drawn last, over the others.
  String toSvg() {
    List<LogChart.Line> lines = new ArrayList<>();
    for (List<Measurement> limit : Measurements.grouped(limits, Measurement::method)) {
      lines.add(limit(limit.getFirst().method(), points(limit)));
    }
    clock.ifPresent(reading -> lines.add(limit(reading.method(), acrossAll(reading))));
    List<Measurement> oursLast = new ArrayList<>(workload);
    oursLast.sort(Comparator.comparing(row -> row.peer().equals(Measurements.OURS)));
    for (List<Measurement> peer : Measurements.grouped(oursLast, Measurement::peerName)) {
      lines.add(line(peer.getFirst().peerName(), points(peer)));
    }
    return LogChart.draw(what(), conditions(), "timers", "ns per operation", lines);
  }

  private static LogChart.Line limit(String method, List<LogChart.Point> points) {
    String style = "stroke=\"%s\" stroke-dasharray=\"6 4\"".formatted(LIMIT_COLOR);
    return new LogChart.Line("limit: " + method, style, LIMIT_COLOR, points);
  }

  private List<LogChart.Point> acrossAll(Measurement reading) {
    LongSummaryStatistics sizes =
        workload.stream().mapToLong(Measurement::size).summaryStatistics();
    return List.of(
        new LogChart.Point(sizes.getMin(), reading.ns()),
        new LogChart.Point(sizes.getMax(), reading.ns()));
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
