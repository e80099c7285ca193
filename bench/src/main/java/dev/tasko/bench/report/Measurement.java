package dev.tasko.bench.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// One benchmark with one set of parameters, read from JMH's JSON, in nanoseconds for one
/// operation.
///
/// @param className of the benchmark, simple
/// @param method of the benchmark
/// @param params all but the peer
/// @param peer or `""`
/// @param sampled whether single calls were timed, not many together
/// @param medianNs over all forks and iterations; of single calls when sampled
/// @param lowNs the least iteration; when sampled the 99th percentile of calls
/// @param highNs the greatest iteration; when sampled the 99.9th percentile of calls
/// @param maxNs when sampled the slowest call
/// @param bytes allocated for one operation, NaN if not measured
/// @param effort forks and iterations
record Measurement(
    String className,
    String method,
    Map<String, String> params,
    String peer,
    boolean sampled,
    double medianNs,
    double lowNs,
    double highNs,
    double maxNs,
    double bytes,
    String effort) {
  private static final String PEER = "peer";
  private static final String PER_CALL = "perCall";
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  static Measurement of(JsonObject json) {
    String name = json.get("benchmark").getAsString();
    String className = name.substring(0, name.lastIndexOf('.'));
    Map<String, String> params = paramsOf(json);
    String peer = params.getOrDefault(PEER, "");
    params.remove(PEER);
    double perCall = Double.parseDouble(params.getOrDefault(PER_CALL, "1"));
    JsonObject metric = json.getAsJsonObject("primaryMetric");
    boolean sampled = json.get("mode").getAsString().equals("sample");
    double[] ns = sampled ? percentiles(metric) : iterations(metric);
    requireUnit(name, metric);
    return new Measurement(
        className.substring(className.lastIndexOf('.') + 1),
        name.substring(name.lastIndexOf('.') + 1),
        params,
        peer,
        sampled,
        ns[0] / perCall,
        ns[1] / perCall,
        ns[2] / perCall,
        ns[3] / perCall,
        allocatedBytes(json) / perCall,
        effort(json));
  }

  private static void requireUnit(String name, JsonObject metric) {
    String unit = metric.get("scoreUnit").getAsString();
    if (!unit.equals("ns/op")) {
      throw new IllegalArgumentException(name + ": in " + unit + " (expected: ns/op)");
    }
  }

  private static Map<String, String> paramsOf(JsonObject json) {
    Map<String, String> params = new TreeMap<>();
    if (json.has("params")) {
      json.getAsJsonObject("params")
          .entrySet()
          .forEach(entry -> params.put(entry.getKey(), entry.getValue().getAsString()));
    }
    return params;
  }

  private static double[] percentiles(JsonObject metric) {
    JsonObject percentiles = metric.getAsJsonObject("scorePercentiles");
    return new double[] {
      percentiles.get("50.0").getAsDouble(),
      percentiles.get("99.0").getAsDouble(),
      percentiles.get("99.9").getAsDouble(),
      percentiles.get("100.0").getAsDouble()
    };
  }

  private static double[] iterations(JsonObject metric) {
    double[] all = flatten(metric.getAsJsonArray("rawData"));
    return new double[] {median(all), all[0], all[all.length - 1], all[all.length - 1]};
  }

  private static double allocatedBytes(JsonObject json) {
    JsonObject secondary = json.getAsJsonObject("secondaryMetrics");
    for (Map.Entry<String, JsonElement> entry : secondary.entrySet()) {
      if (entry.getKey().endsWith(ALLOCATED)) {
        JsonObject metric = entry.getValue().getAsJsonObject();
        return median(flatten(metric.getAsJsonArray("rawData")));
      }
    }
    return Double.NaN;
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

  private static String effort(JsonObject json) {
    return String.format(
        "forks %s, warm-up %s x %s, measurement %s x %s",
        json.get("forks").getAsString(),
        json.get("warmupIterations").getAsString(),
        json.get("warmupTime").getAsString(),
        json.get("measurementIterations").getAsString(),
        json.get("measurementTime").getAsString());
  }

  /// Measurements that differ in nothing but the peer.
  String comparison() {
    return className + "." + method + " " + sampled + " " + params;
  }

  String paramsText() {
    return params.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(", "));
  }
}
