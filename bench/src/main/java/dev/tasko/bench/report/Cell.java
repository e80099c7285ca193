package dev.tasko.bench.report;

import com.google.gson.JsonObject;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// One benchmark with one value for each of its parameters: the least that can be run and saved.
///
/// @param benchmark class and method, qualified
/// @param params by name
public record Cell(String benchmark, SortedMap<String, String> params) {
  /// Keeps a copy.
  ///
  /// @param benchmark class and method, qualified
  /// @param params by name
  public Cell {
    params = Collections.unmodifiableSortedMap(new TreeMap<>(params));
  }

  /// Reads which one a result belongs to.
  ///
  /// @param jmh what JMH wrote
  /// @return its cell
  static Cell of(JsonObject jmh) {
    SortedMap<String, String> params = new TreeMap<>();
    if (jmh.has("params")) {
      jmh.getAsJsonObject("params")
          .entrySet()
          .forEach(entry -> params.put(entry.getKey(), entry.getValue().getAsString()));
    }
    return new Cell(jmh.get("benchmark").getAsString(), params);
  }

  /// The class of the benchmark.
  ///
  /// @return without its package
  public String className() {
    String qualified = benchmark.substring(0, benchmark.lastIndexOf('.'));
    return qualified.substring(qualified.lastIndexOf('.') + 1);
  }

  /// The method of the benchmark.
  ///
  /// @return its name
  public String method() {
    return benchmark.substring(benchmark.lastIndexOf('.') + 1);
  }

  /// Tells it from all others.
  ///
  /// @return class, method and parameters
  public String name() {
    StringBuilder name = new StringBuilder(className()).append('.').append(method());
    for (Map.Entry<String, String> param : params.entrySet()) {
      name.append(' ').append(param.getKey()).append('=').append(param.getValue());
    }
    return name.toString();
  }
}
