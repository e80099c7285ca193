package dev.tasko.bench.report;

import dev.tasko.bench.peer.Completeness;
import dev.tasko.bench.peer.WheelMemory;
import dev.tasko.report.Column;
import dev.tasko.report.Figures;
import dev.tasko.report.Spread;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes RESULTS.md.
public final class Report {
  /// Where pictures lie, seen from RESULTS.md.
  public static final String PICTURES = "pictures";

  /// The areas in their order, and the benchmark classes of each.
  private static final Map<String, List<String>> AREAS = areas();

  private final Results results;
  private final Run run;
  private final Measurements measurements;
  private final StringBuilder out = new StringBuilder();

  private Report(Results results) {
    this.results = results;
    run = results.run();
    measurements = Measurements.of(results);
  }

  private static Map<String, List<String>> areas() {
    Map<String, List<String>> areas = new LinkedHashMap<>();
    areas.put(
        "Timers",
        List.of(
            "HoldBenchmark",
            "CancelBenchmark",
            "KickBenchmark",
            "ChurnBenchmark",
            "BulkBenchmark",
            "BurstBenchmark",
            "LatePollerBenchmark",
            "SparseBenchmark",
            "SparseRealTimeBenchmark",
            "ControllerBenchmark",
            "NextDeadlineBenchmark"));
    areas.put("Loop turns", List.of("LoopBenchmark", "WheelTurnBenchmark", "EmptyTurnBenchmark"));
    areas.put(
        "Coroutines",
        List.of("SwitchBenchmark", "SleepBenchmark", "SuspendedBenchmark", "TimeLimitBenchmark"));
    areas.put("Interrupts", List.of("FireBenchmark", "InterruptBenchmark"));
    areas.put("Resources", List.of("AcquireBenchmark", "HandOverBenchmark"));
    areas.put("The machine's limits", List.of(Measurements.CLOCK, Measurements.LIMIT));
    return areas;
  }

  /// The names of the areas, in the order of the report.
  ///
  /// @return area and benchmark classes
  public static Map<String, List<String>> benchmarksByArea() {
    return AREAS;
  }

  /// Writes the report.
  ///
  /// @param results of a run
  /// @return Markdown, the same for the same results
  public static String write(Results results) {
    Report report = new Report(results);
    report.writeHead();
    report.writeMissing();
    report.writeTargets();
    report.writePictures();
    report.writeMemory();
    AREAS.forEach(report::writeArea);
    report.writeArea("Others", report.classesWithoutArea());
    report.writeCompleteness();
    return report.out.toString();
  }

  private void writeHead() {
    paragraph("# Results");
    paragraph(
        "Written by the benchmarks from their saved run; do not edit. How to read it: below each"
            + " table's name. How late whole programs run and what they take is at the end, if it"
            + " was measured.");
    out.append('\n').append(run.environment().toMarkdown());
    out.append("| settings | ").append(String.join("; ", run.settings())).append(" |\n");
    if (results.isSmokeRun()) {
      paragraph("**This is a smoke run: too short for any conclusion.**");
    }
    paragraph(
        "Caution: the machine may be shared with others, and differences of a few per cent are"
            + " noise there. Compare columns of one run, not numbers of two. Peers that differ in"
            + " what they promise are compared on what they have in common; the last table says"
            + " what each leaves out.");
    paragraph(
        "`ns/op` is the median over all forks and iterations, with the least and the greatest in"
            + " brackets; where one call handles `perCall` operations it is divided by that."
            + " `ratio` is time against the reference peer of the row's comparison, in brackets its"
            + " extremes, the least iteration of one over the greatest of the other: below 1 is"
            + " faster than the reference, and where tasko has lost it is in bold. `B/op` is what"
            + " the whole VM allocates. `clock` is time in readings of `System.nanoTime`, `chase`"
            + " in steps of a pointer chase over as much memory. Counters are of one iteration, the"
            + " median over all; those of the controller grow, and are of the last iteration of"
            + " each fork, which covers all before it.");
  }

  private void writeMissing() {
    List<String> missing = results.missing();
    if (missing.isEmpty()) {
      return;
    }
    paragraph(
        "**Not complete: %d of %d results are missing**: %s."
            .formatted(
                missing.size(),
                run.planned().size(),
                missing.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "))));
  }

  private void writeTargets() {
    paragraph("## Targets");
    paragraph(
        "What tasko is to reach, set before it was measured. A time is tasko's over the opponent's:"
            + " the median of all iterations over the median, in brackets the extremes. Where there"
            + " is a choice the opponent is the fastest one in that row; a sum is one of other"
            + " rows, `clock` being a reading of the system's clock. Bytes for an operation are the"
            + " most of any row of tasko's; single calls, the controller and `BATON` are left out."
            + " A counter is the most of any row of tasko's too. A suspended task is compared with"
            + " a bare continuation suspended at the same depth and the task's record.");
    table(
        List.of(
            Column.text("what", outcome -> what(outcome.target())),
            Column.number("timers or tasks", outcome -> sizes(outcome.target())),
            Column.text("against", Report::against),
            Column.number(
                "measured",
                outcome ->
                    outcome.verdict() == Outcome.Verdict.NO_RESULT
                        ? ""
                        : Figures.withSpread(
                            outcome.value(), value -> figure(outcome.target(), value))),
            Column.number("at most", outcome -> atMost(outcome.target())),
            Column.text("verdict", outcome -> outcome.verdict().text)),
        new Judge(run, measurements).judge(Target.ALL));
  }

  private static String what(Target target) {
    return switch (target.metric()) {
      case TIME_RATIO ->
          Stream.of("deadlines", "idle", "tasks")
              .filter(target.conditions()::containsKey)
              .map(name -> ", " + name + " " + target.conditions().get(name))
              .collect(Collectors.joining("", target.workload(), ""));
      case BYTES_PER_OPERATION -> "bytes for an operation, every workload";
      case COUNT -> "counter " + target.workload();
      case BYTES_PER_TASK -> "bytes for a suspended task, less 64";
      case BYTES_PER_TIMER -> "bytes for a timer";
    };
  }

  private static String sizes(Target target) {
    return switch (target.sizes().size()) {
      case 0 -> "";
      case 1 -> target.sizes().getFirst() == 0 ? "" : Figures.count(target.sizes().getFirst());
      default ->
          "mean of "
              + Figures.count(target.sizes().getFirst())
              + " to "
              + Figures.count(target.sizes().getLast());
    };
  }

  private static String against(Outcome outcome) {
    String wanted = outcome.target().opponents().text();
    String found = String.join(", ", outcome.against());
    return found.isEmpty() || found.equals(wanted) ? wanted : wanted + ": " + found;
  }

  private static String atMost(Target target) {
    String goal = figure(target, target.goal());
    return target.floor() == target.goal()
        ? goal
        : goal + ", floor " + figure(target, target.floor());
  }

  private static String figure(Target target, double value) {
    return switch (target.metric()) {
      case TIME_RATIO, BYTES_PER_TASK -> Figures.times(value);
      case COUNT -> Figures.fixed(value, 0);
      case BYTES_PER_OPERATION, BYTES_PER_TIMER -> Figures.bytes(value);
    };
  }

  private void writePictures() {
    Collection<Picture> pictures = Picture.of(measurements);
    if (pictures.isEmpty()) {
      return;
    }
    paragraph("## Pictures");
    paragraph("Time of one operation against the number of timers, both on a log scale.");
    for (Picture picture : pictures) {
      paragraph("![%s](%s/%s)".formatted(picture.title(), PICTURES, picture.fileName()));
    }
  }

  private List<String> classesWithoutArea() {
    Set<String> classes = new LinkedHashSet<>();
    measurements.all().forEach(found -> classes.add(found.className()));
    AREAS.values().forEach(classes::removeAll);
    return List.copyOf(classes);
  }

  private void writeArea(String area, List<String> classNames) {
    List<Measurement> rows =
        classNames.stream().flatMap(name -> measurements.ofClass(name).stream()).toList();
    if (rows.isEmpty()) {
      return;
    }
    paragraph("## " + area);
    writeMeasurements(
        rows.stream().filter(row -> !row.sampled() && row.timed()).toList(),
        List.of(
            Column.number("ns/op", row -> Figures.withSpread(row.ns(), Figures::ns)),
            Column.number("B/op", row -> Figures.bytes(row.bytes())),
            Column.number("ratio", this::ratio),
            Column.number("clock", row -> timesOf(row, measurements.clock())),
            Column.number("chase", row -> timesOf(row, measurements.chase(row.size())))));
    List<Measurement> sampled = rows.stream().filter(Measurement::sampled).toList();
    if (!sampled.isEmpty()) {
      paragraph("Single calls, in ns, the clock's own cost included:");
    }
    writeMeasurements(
        sampled,
        List.of(
            percentile("p50", 0),
            percentile("p99", 1),
            percentile("p99.9", 2),
            percentile("max", 3),
            Column.number("B/op", row -> Figures.bytes(row.bytes())),
            Column.number("ratio of p50", this::ratio)));
    List<Measurement> counted = rows.stream().filter(row -> !row.counters().isEmpty()).toList();
    Measurements.grouped(counted, Measurement::className).forEach(this::writeCounters);
  }

  private void writeCounters(List<Measurement> ofClass) {
    paragraph("Counters of `%s`:".formatted(ofClass.getFirst().className()));
    Set<String> names = new LinkedHashSet<>();
    ofClass.forEach(row -> names.addAll(row.counters().keySet()));
    writeMeasurements(ofClass, names.stream().map(Report::counter).toList());
  }

  private static Column<Measurement> counter(String name) {
    return Column.number(
        name,
        row ->
            Optional.ofNullable(row.counters().get(name))
                .map(counter -> Figures.withSpread(counter, value -> Figures.fixed(value, 0)))
                .orElse(""));
  }

  private static Column<Measurement> percentile(String title, int index) {
    return Column.number(title, row -> Figures.ns(row.percentiles().get(index)));
  }

  private void writeMeasurements(List<Measurement> rows, List<Column<Measurement>> figures) {
    List<Column<Measurement>> columns = new ArrayList<>();
    columns.add(Column.text("benchmark", Measurement::method));
    columns.add(Column.text("params", Measurement::paramsText));
    columns.add(Column.text("peer", Measurement::peer));
    figures.stream()
        .filter(column -> rows.stream().anyMatch(row -> !column.cell().apply(row).isEmpty()))
        .forEach(columns::add);
    if (!rows.isEmpty()) {
      table(
          columns,
          Measurements.grouped(rows, Measurement::comparison).stream()
              .flatMap(Collection::stream)
              .toList());
    }
  }

  private String ratio(Measurement row) {
    Optional<Measurement> reference = measurements.reference(row);
    if (reference.isEmpty()) {
      return "";
    }
    if (reference.get().equals(row)) {
      return "1";
    }
    Spread ratio = row.ns().over(reference.get().ns());
    String text = Figures.withSpread(ratio, Figures::times);
    return row.peer().equals(Measurements.OURS) && ratio.median() > 1 ? "**" + text + "**" : text;
  }

  private static String timesOf(Measurement row, Optional<Measurement> unit) {
    return unit.map(found -> Figures.times(row.ns().median() / found.ns().median())).orElse("");
  }

  private void writeMemory() {
    if (run.wheelMemory().isEmpty()) {
      return;
    }
    paragraph("## Memory");
    paragraph(
        "Bytes for one timer, everything included, by arithmetic; for tasko's wheel checked against"
            + " what the VM counts as direct buffers (cache-line alignment is the difference)."
            + " Peers are sized for the hold model with uniform delays, and filled."
            + " Those that consist of objects cannot tell.");
    List<Column<WheelMemory>> columns = new ArrayList<>();
    columns.add(Column.number("timers", wheel -> Figures.count(wheel.capacity())));
    columns.add(Column.number("tasko", wheel -> Figures.fixed(wheel.bytesPerTimer(), 1)));
    columns.add(Column.number("computed", wheel -> Figures.count(wheel.computedBytes())));
    columns.add(
        Column.number(
            "counted by the VM",
            wheel ->
                Figures.count(wheel.countedBytes()) + (wheel.agrees() ? "" : " **disagrees**")));
    Set<String> peers = new LinkedHashSet<>();
    run.peerMemory().forEach(memory -> peers.add(memory.peer()));
    peers.forEach(
        peer -> columns.add(Column.number(peer, wheel -> bytesPerTimer(peer, wheel.capacity()))));
    table(columns, run.wheelMemory());
  }

  private String bytesPerTimer(String peer, int timers) {
    return run.peerMemory().stream()
        .filter(memory -> memory.peer().equals(peer) && memory.timers() == timers)
        .map(memory -> Figures.fixed((double) memory.bytes() / timers, 1))
        .findFirst()
        .orElse("");
  }

  private void writeCompleteness() {
    if (run.completeness().isEmpty()) {
      return;
    }
    paragraph("## What the peers do");
    paragraph(
        "One random history for all: every timer must fire once, not early, and not after a cancel."
            + " `late` fired in a later poll than the first that was due; the order columns count"
            + " timers that fired in one poll after one with a later deadline, or with the same"
            + " deadline and armed later. Polls are up to 20 ms apart, and some timers are armed in"
            + " the past, so the greatest lateness is the history's own. Peers on the wall clock"
            + " have another history and no polls.");
    table(
        List.of(
            Column.text("peer", Completeness::peer),
            Column.number("armed", found -> String.valueOf(found.armed())),
            Column.number("fired", found -> String.valueOf(found.fired())),
            Column.number("early", found -> String.valueOf(found.early())),
            Column.number("lost", found -> String.valueOf(found.lost())),
            Column.number("twice", found -> String.valueOf(found.twice())),
            Column.number("after cancel", found -> String.valueOf(found.undead())),
            Column.number("late", found -> String.valueOf(found.late())),
            Column.number("deadline order", found -> counted(found.deadlineOrder())),
            Column.number("arming order", found -> counted(found.arrivalOrder())),
            Column.number(
                "greatest lateness, ms", found -> Figures.fixed(found.maxLatenessNs() / 1e6, 1))),
        run.completeness());
  }

  private static String counted(int count) {
    return count == Completeness.NOT_COUNTED ? "" : String.valueOf(count);
  }

  private <T> void table(List<Column<T>> columns, Collection<? extends T> rows) {
    out.append('\n').append(Column.table(columns, rows));
  }

  private void paragraph(String text) {
    if (!out.isEmpty()) {
      out.append('\n');
    }
    out.append(text).append('\n');
  }
}
