package dev.tasko.bench.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tasko.report.Spread;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// One benchmark with one set of parameters, read from JMH's JSON, in nanoseconds for one
/// operation.
///
/// @param className of the benchmark, simple
/// @param method of the benchmark
/// @param params all but the peer
/// @param peer or `""`
/// @param ns the median over all forks and iterations; of single calls when sampled, then with no
///   spread
/// @param percentiles of single calls: p50, p99, p99.9 and the greatest; empty unless sampled
/// @param bytes allocated for one operation, NaN if not measured
/// @param counters by name, what the benchmark counts beside
record Measurement(
    String className,
    String method,
    Map<String, String> params,
    String peer,
    Spread ns,
    List<Double> percentiles,
    double bytes,
    Map<String, Spread> counters) {
  private static final String PEER = "peer";
  private static final String PER_CALL = "perCall";
  private static final String ALLOCATED = "gc.alloc.rate.norm";
  private static final String COUNTED = "#";

  /// Their calls last as long as they were told to.
  private static final Set<String> UNTIMED =
      Set.of(Measurements.CONTROLLER, Measurements.SPARSE_REAL_TIME);

  /// Puts p50Ns before p9999Ns.
  private static final Comparator<String> SHORT_FIRST =
      Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

  private static final List<String> SIZES = List.of("live", PER_CALL);
  private static final List<String> PERCENTILES = List.of("50.0", "99.0", "99.9", "100.0");

  /// Of all operations of a call together.
  double bytesPerCall() {
    return bytes * Double.parseDouble(params.getOrDefault(PER_CALL, "1"));
  }

  static Measurement of(JsonObject json) {
    Cell cell = Cell.of(json);
    Map<String, String> params = new TreeMap<>(cell.params());
    String peer = params.getOrDefault(PEER, "");
    params.remove(PEER);
    double perCall = Double.parseDouble(params.getOrDefault(PER_CALL, "1"));
    JsonObject metric = json.getAsJsonObject("primaryMetric");
    requireUnit(cell, metric);
    List<Double> percentiles =
        json.get("mode").getAsString().equals("sample") ? percentiles(metric, perCall) : List.of();
    Spread ns =
        percentiles.isEmpty()
            ? spread(rawData(metric)).dividedBy(perCall)
            : new Spread(percentiles.getFirst(), Double.NaN, Double.NaN);
    return new Measurement(
        cell.className(),
        cell.method(),
        params,
        peer,
        ns,
        percentiles,
        allocatedBytes(json) / perCall,
        counters(cell, json));
  }

  private static void requireUnit(Cell cell, JsonObject metric) {
    String unit = metric.get("scoreUnit").getAsString();
    if (!unit.equals("ns/op")) {
      throw new IllegalArgumentException(cell.name() + ": in " + unit + " (expected: ns/op)");
    }
  }

  private static List<Double> percentiles(JsonObject metric, double perCall) {
    JsonObject percentiles = metric.getAsJsonObject("scorePercentiles");
    return PERCENTILES.stream().map(name -> percentiles.get(name).getAsDouble() / perCall).toList();
  }

  private static JsonArray rawData(JsonObject metric) {
    return metric.getAsJsonArray("rawData");
  }

  private static Spread spread(JsonArray forks) {
    double[] sorted = flatten(forks);
    return new Spread(median(sorted), sorted[0], sorted[sorted.length - 1]);
  }

  private static double allocatedBytes(JsonObject json) {
    JsonObject secondary = json.getAsJsonObject("secondaryMetrics");
    for (Map.Entry<String, JsonElement> entry : secondary.entrySet()) {
      if (entry.getKey().endsWith(ALLOCATED)) {
        JsonObject metric = entry.getValue().getAsJsonObject();
        return median(flatten(rawData(metric)));
      }
    }
    return Double.NaN;
  }

  /// Not JMH's scores, which are sums over the iterations.
  private static Map<String, Spread> counters(Cell cell, JsonObject json) {
    boolean accumulated = cell.className().equals(Measurements.CONTROLLER);
    Map<String, Spread> counters = new TreeMap<>(SHORT_FIRST);
    for (Map.Entry<String, JsonElement> entry :
        json.getAsJsonObject("secondaryMetrics").entrySet()) {
      JsonObject metric = entry.getValue().getAsJsonObject();
      if (metric.get("scoreUnit").getAsString().equals(COUNTED)) {
        JsonArray forks = rawData(metric);
        counters.put(entry.getKey(), spread(accumulated ? lastOfEach(forks) : forks));
      }
    }
    return counters;
  }

  /// Percentiles that cover a fork so far: the last covers all of it.
  private static JsonArray lastOfEach(JsonArray forks) {
    JsonArray last = new JsonArray();
    for (JsonElement fork : forks) {
      JsonArray iteration = new JsonArray();
      iteration.add(fork.getAsJsonArray().asList().getLast());
      last.add(iteration);
    }
    return last;
  }

  private static double[] flatten(JsonArray forks) {
    return forks.asList().stream()
        .flatMap(fork -> fork.getAsJsonArray().asList().stream())
        .mapToDouble(JsonElement::getAsDouble)
        .sorted()
        .toArray();
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1
        ? sorted[middle]
        : Arrays.stream(sorted, middle - 1, middle + 1).sum() / 2;
  }

  boolean sampled() {
    return !percentiles.isEmpty();
  }

  /// Whether the time of a call says anything.
  boolean timed() {
    return !UNTIMED.contains(className);
  }

  /// The peer, wherever its timers are put.
  String peerName() {
    return peer.replaceFirst(":offsetS=\\d+$", "");
  }

  /// Whether it measures the machine.
  boolean isLimit() {
    return className.equals(Measurements.CLOCK) || className.equals(Measurements.LIMIT);
  }

  /// The number of timers, tasks or whatever there is many of; 0 if the benchmark has no such
  /// parameter.
  long size() {
    return params.entrySet().stream()
        .filter(param -> SIZES.contains(param.getKey()))
        .mapToLong(param -> Long.parseLong(param.getValue()))
        .findFirst()
        .orElse(0);
  }

  /// The parameters that are neither peer nor size.
  Map<String, String> conditions() {
    Map<String, String> conditions = new TreeMap<>(params);
    SIZES.forEach(conditions::remove);
    return conditions;
  }

  /// Measurements that differ in nothing but the peer.
  String comparison() {
    return workload() + " " + params;
  }

  /// Measurements that differ in nothing but the peer and the size.
  String workload() {
    return className + "." + method + " " + conditions();
  }

  String paramsText() {
    return textOf(params);
  }

  static String textOf(Map<String, String> params) {
    return params.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(", "));
  }
}
