package dev.tasko.bench.report;

import dev.tasko.report.Column;
import dev.tasko.report.Environment;
import dev.tasko.report.Figures;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The part of the README that shows results: between two comments, rewritten as a whole.
public final class Readme {
  /// The line before the part.
  public static final String BEGIN = "<!-- bench:begin, written by the benchmarks -->";

  /// The line after the part.
  public static final String END = "<!-- bench:end -->";

  private static final String MOST_TELLING = "hold";

  private final Results results;
  private final Measurements measurements;
  private final String folder;

  private Readme(Results results, String folder) {
    this.results = results;
    this.measurements = Measurements.of(results);
    this.folder = folder;
  }

  /// Whether there is such a part.
  ///
  /// @param readme its text
  /// @return whether both comments are there, in their order
  public static boolean hasSection(String readme) {
    int begin = readme.indexOf(BEGIN);
    return begin >= 0 && readme.indexOf(END, begin) > 0;
  }

  /// Writes the part anew.
  ///
  /// @param readme its text, which [#hasSection]
  /// @param results of a run
  /// @param folder in which RESULTS.md lies, seen from the README, with a slash at its end
  /// @return the text with the new part
  public static String rewrite(String readme, Results results, String folder) {
    int begin = readme.indexOf(BEGIN) + BEGIN.length();
    return readme.substring(0, begin)
        + "\n"
        + new Readme(results, folder).section()
        + readme.substring(readme.indexOf(END, begin));
  }

  private String section() {
    return where() + picture() + "\n" + table();
  }

  private String where() {
    Environment environment = results.run().environment();
    return """
    From [RESULTS.md](%sRESULTS.md): %s, commit %s, %s. Time of tasko's wheel in ns for an \
    operation, and for each peer tasko's time over the peer's: below 1 tasko is faster, \
    **above 1 it has lost**. Of %s.
    """
        .formatted(
            folder,
            environment.machine(),
            environment.commit(),
            environment.date().replaceFirst("T.*", ""),
            verdicts());
  }

  /// For example "31 targets: 20 met, 3 floor met, 8 missed".
  private String verdicts() {
    List<Outcome> outcomes = new Judge(results.run(), measurements).judge(Target.ALL);
    List<String> counts = new ArrayList<>();
    for (Outcome.Verdict verdict : Outcome.Verdict.values()) {
      long count = outcomes.stream().filter(outcome -> outcome.verdict() == verdict).count();
      if (count > 0) {
        counts.add(count + " " + verdict.text.replace("*", ""));
      }
    }
    return outcomes.size() + " targets: " + String.join(", ", counts);
  }

  private String picture() {
    return Picture.of(measurements).stream()
        .filter(picture -> picture.workload().getFirst().method().equals(MOST_TELLING))
        .filter(picture -> isTarget(picture.workload().getFirst()))
        .findFirst()
        .map(picture ->
            "\n![%s](%s%s/%s)\n"
                .formatted(picture.title(), folder, Report.PICTURES, picture.fileName()))
        .orElse("");
  }

  private String table() {
    List<Measurement> rows = rows();
    List<Column<Measurement>> columns = new ArrayList<>();
    columns.add(Column.text("", Readme::what));
    columns.add(Column.number("timers", row -> Figures.count(row.size())));
    columns.add(Column.number("tasko, ns", row -> Figures.ns(row.ns().median())));
    for (String peer : peers(rows)) {
      columns.add(Column.number(peer, row -> ratio(row, peer)));
    }
    return Column.table(columns, rows);
  }

  private static String what(Measurement row) {
    String deadlines = row.params().getOrDefault("deadlines", "");
    return deadlines.isEmpty() ? row.method() : row.method() + ", deadlines " + deadlines;
  }

  /// Ours in every workload that a target speaks of, under its conditions, at every size.
  private List<Measurement> rows() {
    return measurements.all().stream()
        .filter(row -> row.peer().equals(Measurements.OURS) && !row.sampled())
        .filter(Readme::isTarget)
        .toList();
  }

  private static boolean isTarget(Measurement row) {
    return Target.WHEEL.stream().anyMatch(target -> target.concerns(row));
  }

  private Set<String> peers(List<Measurement> rows) {
    return rows.stream()
        .flatMap(row -> measurements.beside(row).stream())
        .map(Measurement::peerName)
        .filter(peer -> !peer.equals(Measurements.OURS) && !peer.equals(Measurements.NOTHING))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private String ratio(Measurement row, String peer) {
    Optional<Measurement> other = measurements.find(row, peer);
    if (other.isEmpty()) {
      return "";
    }
    double ratio = row.ns().median() / other.get().ns().median();
    String text = Figures.times(ratio);
    return ratio > 1 ? "**" + text + "**" : text;
  }
}
