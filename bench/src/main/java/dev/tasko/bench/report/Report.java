package dev.tasko.bench.report;

import com.google.gson.JsonElement;
import dev.tasko.bench.peer.Completeness;
import dev.tasko.bench.peer.WheelMemory;
import java.text.NumberFormat;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Writes RESULTS.md.
public final class Report {
  /// The areas in their order, and the benchmark classes of each.
  private static final Map<String, List<String>> AREAS = areas();

  /// Peers that others are compared with, the first that was measured.
  private static final List<String> REFERENCES = List.of("agrona", "bare", "ReentrantLock");

  private static final String REFERENCE_CLOCK = "ClockBenchmark";

  private final Results results;
  private final List<Measurement> measurements = new ArrayList<>();
  private final StringBuilder out = new StringBuilder();

  private Report(Results results) {
    this.results = results;
    for (JsonElement element : results.jmh()) {
      measurements.add(Measurement.of(element.getAsJsonObject()));
    }
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
            "NextDeadlineBenchmark",
            "LimitBenchmark"));
    areas.put("Loop turns", List.of("LoopBenchmark", "EmptyTurnBenchmark"));
    areas.put("Coroutines", List.of("SwitchBenchmark", "SleepBenchmark"));
    areas.put("Interrupts", List.of("FireBenchmark", "InterruptBenchmark"));
    areas.put("Resources", List.of("AcquireBenchmark", "HandOverBenchmark"));
    areas.put("Clock", List.of(REFERENCE_CLOCK));
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
    AREAS.forEach(report::writeArea);
    report.writeMemory();
    report.writeCompleteness();
    return report.out.toString();
  }

  private void writeHead() {
    line("# Results");
    line("");
    line(
        "Written by the benchmarks from `results.json`; do not edit. How to read it: below each"
            + " table's name.");
    line("");
    out.append(results.environment().toMarkdown());
    for (String effort : new TreeSet<>(measurements.stream().map(Measurement::effort).toList())) {
      line("| forks/iterations | " + effort + " |");
    }
    line("");
    if (isSmokeRun()) {
      line("**This is a smoke run: too short for any conclusion.**");
      line("");
    }
    line(
        "Caution: the machine may be shared with others, and differences of a few per cent are"
            + " noise there. Compare columns of one run, not numbers of two. Peers that differ in"
            + " what they promise are compared on what they have in common; the last table says"
            + " what each leaves out.");
    line("");
    line(
        "`ns/op` is the median over all forks and iterations, with the least and the greatest in"
            + " brackets; where one call handles `perCall` operations it is divided by that."
            + " `ratio` is time against the reference peer of the row's comparison: below 1 is"
            + " faster than the reference. `B/op` is what the whole VM allocates. `clock` is time"
            + " in readings of `System.nanoTime`.");
  }

  private boolean isSmokeRun() {
    for (JsonElement element : results.jmh()) {
      int forks = element.getAsJsonObject().get("forks").getAsInt();
      int iterations = element.getAsJsonObject().get("measurementIterations").getAsInt();
      if (Math.max(forks, 1) * iterations < 3) {
        return true;
      }
    }
    return false;
  }

  private void writeArea(String area, List<String> classNames) {
    List<Measurement> averages = new ArrayList<>();
    List<Measurement> samples = new ArrayList<>();
    for (String className : classNames) {
      for (Measurement measurement : measurements) {
        if (measurement.className().equals(className)) {
          (measurement.sampled() ? samples : averages).add(measurement);
        }
      }
    }
    if (averages.isEmpty() && samples.isEmpty()) {
      return;
    }
    line("");
    line("## " + area);
    writeAverages(groupByComparison(averages));
    writeSamples(groupByComparison(samples));
  }

  private static Collection<List<Measurement>> groupByComparison(List<Measurement> measurements) {
    Map<String, List<Measurement>> groups = new LinkedHashMap<>();
    for (Measurement measurement : measurements) {
      groups.computeIfAbsent(measurement.comparison(), key -> new ArrayList<>()).add(measurement);
    }
    return groups.values();
  }

  private void writeAverages(Collection<List<Measurement>> groups) {
    if (groups.isEmpty()) {
      return;
    }
    line("");
    line("| benchmark | params | peer | ns/op | B/op | ratio | clock |");
    line("|---|---|---|---:|---:|---:|---:|");
    for (List<Measurement> group : groups) {
      for (Measurement row : group) {
        line(
            cells(
                row.method(),
                row.paramsText(),
                row.peer(),
                ns(row.medianNs()) + " (" + ns(row.lowNs()) + " to " + ns(row.highNs()) + ")",
                bytes(row.bytes()),
                ratio(row, group),
                clockReadings(row)));
      }
    }
  }

  private void writeSamples(Collection<List<Measurement>> groups) {
    if (groups.isEmpty()) {
      return;
    }
    line("");
    line("Single calls, in ns, the clock's own cost included:");
    line("");
    line("| benchmark | params | peer | p50 | p99 | p99.9 | max | B/op | ratio of p50 |");
    line("|---|---|---|---:|---:|---:|---:|---:|---:|");
    for (List<Measurement> group : groups) {
      for (Measurement row : group) {
        line(
            cells(
                row.method(),
                row.paramsText(),
                row.peer(),
                ns(row.medianNs()),
                ns(row.lowNs()),
                ns(row.highNs()),
                ns(row.maxNs()),
                bytes(row.bytes()),
                ratio(row, group)));
      }
    }
  }

  private static String ratio(Measurement row, List<Measurement> group) {
    for (String reference : REFERENCES) {
      for (Measurement other : group) {
        if (other.peer().equals(reference)) {
          return row.peer().equals(reference) ? "1" : times(row.medianNs() / other.medianNs());
        }
      }
    }
    return "";
  }

  private String clockReadings(Measurement row) {
    for (Measurement clock : measurements) {
      if (clock.className().equals(REFERENCE_CLOCK)) {
        return times(row.medianNs() / clock.medianNs());
      }
    }
    return "";
  }

  private void writeMemory() {
    if (results.wheelMemory().isEmpty()) {
      return;
    }
    line("");
    line("## Memory");
    line("");
    line(
        "Bytes for one timer, everything included, by arithmetic; for tasko's wheel checked against"
            + " what the VM counts as direct buffers (cache-line alignment is the difference)."
            + " Peers are sized for the hold model with uniform delays.");
    line("");
    Set<String> peers = new LinkedHashSet<>();
    results.peerMemory().forEach(memory -> peers.add(memory.peer()));
    line(cells("timers", "tasko", "computed", "counted by the VM", String.join(" | ", peers)));
    line("|---:|---:|---:|---:|" + "---:|".repeat(peers.size()));
    for (WheelMemory wheel : results.wheelMemory()) {
      List<String> cells = new ArrayList<>();
      cells.add(fixed(wheel.capacity(), 0));
      cells.add(fixed(wheel.bytesPerTimer(), 1));
      cells.add(fixed((double) wheel.computedBytes(), 0));
      cells.add(fixed((double) wheel.countedBytes(), 0) + (wheel.agrees() ? "" : " **disagrees**"));
      peers.forEach(peer -> cells.add(peerBytesPerTimer(peer, wheel.capacity())));
      line(cells(cells.toArray(String[]::new)));
    }
  }

  private String peerBytesPerTimer(String peer, int timers) {
    for (PeerMemory memory : results.peerMemory()) {
      if (memory.peer().equals(peer) && memory.timers() == timers) {
        return fixed((double) memory.bytes() / timers, 1);
      }
    }
    return "";
  }

  private void writeCompleteness() {
    if (results.completeness().isEmpty()) {
      return;
    }
    line("");
    line("## What the peers do");
    line("");
    line(
        "One random history for all: every timer must fire once, not early, and not after a cancel."
            + " `late` fired in a later poll than the first that was due; the order columns count"
            + " timers that fired in one poll after one with a later deadline, or with the same"
            + " deadline and armed later. Polls are up to 20 ms apart, and some timers are armed in"
            + " the past, so the greatest lateness is the history's own. Peers on the wall clock"
            + " have another history and no polls.");
    line("");
    line(
        "| peer | armed | fired | early | lost | twice | after cancel | late | deadline order |"
            + " arming order | greatest lateness, ms |");
    line("|---|" + "---:|".repeat(10));
    for (Completeness found : results.completeness()) {
      line(
          cells(
              found.peer(),
              String.valueOf(found.armed()),
              String.valueOf(found.fired()),
              String.valueOf(found.early()),
              String.valueOf(found.lost()),
              String.valueOf(found.twice()),
              String.valueOf(found.undead()),
              String.valueOf(found.late()),
              counted(found.deadlineOrder()),
              counted(found.arrivalOrder()),
              fixed(found.maxLatenessNs() / 1e6, 1)));
    }
  }

  private static String counted(int count) {
    return count == Completeness.NOT_COUNTED ? "" : String.valueOf(count);
  }

  private static String times(double factor) {
    return fixed(factor, factor < 0.1 ? 4 : 2);
  }

  private static String ns(double ns) {
    return fixed(ns, ns < 100 ? 1 : 0);
  }

  private static String bytes(double bytes) {
    return Double.isNaN(bytes) ? "" : fixed(bytes, 1);
  }

  private static String fixed(double value, int decimals) {
    NumberFormat format = NumberFormat.getInstance(Locale.ROOT);
    format.setMinimumFractionDigits(decimals);
    format.setMaximumFractionDigits(decimals);
    return format.format(value);
  }

  private static String cells(String... cells) {
    return "| " + String.join(" | ", cells) + " |";
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
