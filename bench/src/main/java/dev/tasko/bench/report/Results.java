package dev.tasko.bench.report;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// A run and what it has found so far; from it alone everything is written.
///
/// @param run what was to be measured
/// @param jmh what JMH writes of each cell
public record Results(Run run, List<JsonObject> jmh) {
  /// Keeps a copy.
  ///
  /// @param run what was to be measured
  /// @param jmh what JMH writes of each cell
  public Results {
    jmh = List.copyOf(jmh);
  }

  /// What has no result.
  ///
  /// @return names of cells, in the order of the plan
  public List<String> missing() {
    List<String> missing = new ArrayList<>(run.planned());
    missing.removeAll(found());
    return missing;
  }

  /// What has a result.
  ///
  /// @return names of cells
  public Set<String> found() {
    Set<String> found = new LinkedHashSet<>();
    jmh.forEach(result -> found.add(Cell.of(result).name()));
    return found;
  }

  /// Whether too few iterations were measured to tell anything.
  ///
  /// @return whether any cell has less than three
  public boolean isSmokeRun() {
    return jmh.stream()
        .anyMatch(result ->
            Math.max(result.get("forks").getAsInt(), 1)
                    * result.get("measurementIterations").getAsInt()
                < 3);
  }
}
