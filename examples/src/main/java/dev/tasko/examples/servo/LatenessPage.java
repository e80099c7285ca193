package dev.tasko.examples.servo;

import dev.tasko.report.Column;
import dev.tasko.report.Environment;
import dev.tasko.report.Figures;
import dev.tasko.report.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/// What a comparison found, as a part of a page: how the parked loop stands to the others, the
/// table, the picture, the bars.
final class LatenessPage {
  static final String OURS = "parked";
  static final String SPINNING = "spinning";
  private static final String MEASURE = "cyclictest";
  private static final double TARGET = 1.2;
  private static final int TARGET_RATE_HZ = 1_000;
  private static final double[] COMPARED = {50, 99};

  private final Conditions conditions;
  private final List<Lateness> results;
  private final List<String> remarks;

  /// @param remarks on what is missing
  LatenessPage(Conditions conditions, List<Lateness> results, List<String> remarks) {
    this.conditions = conditions;
    this.results = results;
    this.remarks = remarks;
  }

  /// One percentile of the parked loop over another contender's.
  ///
  /// @param ratio round by round, so that both had the same machine
  record Comparison(String what, boolean isTarget, Spread ratio) {
    String verdict() {
      if (!isTarget) {
        return "";
      }
      return ratio.median() <= TARGET ? "met" : "**missed**";
    }
  }

  List<Comparison> comparisons() {
    List<Comparison> comparisons = new ArrayList<>();
    results.stream()
        .filter(result -> result.name().equals(OURS))
        .forEach(ours ->
            results.stream()
                .filter(LatenessPage::isPeer)
                .forEach(peer -> {
                  for (double percentile : COMPARED) {
                    comparisons.add(compare(ours, peer, percentile));
                  }
                }));
    return comparisons;
  }

  /// Who spins is none: that is paid for with the processor.
  private static boolean isPeer(Lateness result) {
    return !result.name().equals(OURS) && !result.name().startsWith(SPINNING);
  }

  private Comparison compare(Lateness ours, Lateness other, double percentile) {
    Spread ratio =
        Spread.of(
            IntStream.range(0, ours.rounds().size())
                .mapToDouble(round ->
                    ratio(ours.rounds().get(round), other.rounds().get(round), percentile)));
    boolean isTarget =
        other.name().equals(MEASURE)
            && conditions.rateHz() == TARGET_RATE_HZ
            && conditions.isComplete();
    return new Comparison("p%.0f over %s's".formatted(percentile, other.name()), isTarget, ratio);
  }

  private static double ratio(Histogram ours, Histogram other, double percentile) {
    return (double) Math.max(ours.getValueAtPercentile(percentile), 1)
        / Math.max(other.getValueAtPercentile(percentile), 1);
  }

  /// Empty without anything to compare.
  String comparisonTable() {
    List<Comparison> comparisons = comparisons();
    if (comparisons.isEmpty()) {
      return "";
    }
    return Column.table(
        List.of(
            Column.text("the parked loop's", Comparison::what),
            Column.number("measured", row -> Figures.withSpread(row.ratio(), Figures::times)),
            Column.number("at most", row -> row.isTarget() ? Figures.times(TARGET) : ""),
            Column.text("verdict", Comparison::verdict)),
        comparisons);
  }

  /// @param picture its file name
  String toMarkdown(Environment environment, String picture) {
    return """
    ### A control loop at %s Hz

    %s: %d rounds of %d s each, by turns. Each contender's thread has from the kernel: %s. \
    The JDK executor is a `ScheduledThreadPoolExecutor` at a fixed rate; the bare thread only parks.%s

    %s
    %s
    ![%s](%s)

    ```text
    %s```
    """
        .formatted(
            Figures.count(conditions.rateHz()),
            environment.toLine(),
            results.getFirst().rounds().size(),
            conditions.seconds(),
            conditions.summary(),
            remarks.stream().map(remark -> "\n\n" + remark).collect(Collectors.joining()),
            comparisonTable(),
            LatenessText.table(results),
            "lateness at %d Hz".formatted(conditions.rateHz()),
            picture,
            results.stream().map(LatenessText::bars).collect(Collectors.joining("\n")));
  }
}
