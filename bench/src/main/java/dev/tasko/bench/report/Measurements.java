package dev.tasko.bench.report;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// All measurements of a run, and what each is to be seen beside.
///
/// @param all in the order they were made
record Measurements(List<Measurement> all) {
  /// The one this project is about.
  static final String OURS = "tasko";

  /// What a workload costs with no engine in it; no peer.
  static final String NOTHING = "none";

  static final String CLOCK = "ClockBenchmark";
  static final String LIMIT = "LimitBenchmark";
  static final String CONTROLLER = "ControllerBenchmark";
  static final String SPARSE_REAL_TIME = "SparseRealTimeBenchmark";

  /// Peers that others are compared with, the first that was measured.
  private static final List<String> REFERENCES = List.of("agrona", "bare", "ReentrantLock");

  static Measurements of(Results results) {
    List<Measurement> all = new ArrayList<>();
    for (JsonObject jmh : results.jmh()) {
      all.add(Measurement.of(jmh));
    }
    return new Measurements(all);
  }

  List<Measurement> ofClass(String className) {
    return all.stream().filter(found -> found.className().equals(className)).toList();
  }

  static Collection<List<Measurement>> grouped(
      Collection<Measurement> measurements, Function<Measurement, String> key) {
    Map<String, List<Measurement>> groups = new LinkedHashMap<>();
    for (Measurement measurement : measurements) {
      groups.computeIfAbsent(key.apply(measurement), name -> new ArrayList<>()).add(measurement);
    }
    return groups.values();
  }

  /// What differs from it in nothing but the peer, itself included.
  List<Measurement> beside(Measurement row) {
    return all.stream().filter(other -> other.comparison().equals(row.comparison())).toList();
  }

  /// The peer it is compared with by default.
  Optional<Measurement> reference(Measurement row) {
    return REFERENCES.stream().flatMap(peer -> find(row, peer).stream()).findFirst();
  }

  /// The same under another peer.
  Optional<Measurement> find(Measurement row, String peer) {
    return beside(row).stream().filter(other -> other.peerName().equals(peer)).findFirst();
  }

  /// A reading of the clock.
  Optional<Measurement> clock() {
    return ofClass(CLOCK).stream().findFirst();
  }

  /// A step through as much memory, where nothing can be fetched ahead.
  Optional<Measurement> chase(long size) {
    return ofClass(LIMIT).stream()
        .filter(found -> found.method().toLowerCase(Locale.ROOT).contains("chase"))
        .filter(found -> found.size() == size)
        .findFirst();
  }
}
