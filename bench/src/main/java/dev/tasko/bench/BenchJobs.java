package dev.tasko.bench;

import dev.tasko.bench.report.Cell;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;

/// Unrolls a plan: every benchmark with every combination of its parameters' values.
final class BenchJobs {
  private static final String PACKAGE = BenchJobs.class.getPackageName() + ".";

  private final BenchPlan plan;
  private final Pattern include;
  private final Map<String, List<String>> overrides;

  /// @param plan to unroll
  /// @param include finds the benchmarks of the plan that are wanted
  /// @param overrides values of parameters in place of the plan's
  BenchJobs(BenchPlan plan, Pattern include, Map<String, List<String>> overrides) {
    this.plan = plan;
    this.include = include;
    this.overrides = overrides;
  }

  /// All of them in the plan's order, none twice.
  ///
  /// @throws IllegalArgumentException if there are none, or if an override fits none of them
  List<BenchJob> unroll() {
    requireSome();
    requireOverridesFit();
    Map<Cell, BenchJob> jobs = new LinkedHashMap<>();
    for (BenchPlan.Step step : plan.steps()) {
      for (BenchmarkListEntry entry : benchmarks(step)) {
        for (SortedMap<String, String> params : combinations(params(step, entry))) {
          Cell cell = new Cell(entry.getUsername(), params);
          jobs.putIfAbsent(cell, new BenchJob(cell, step.heapMiB()));
        }
      }
    }
    return List.copyOf(jobs.values());
  }

  private void requireSome() {
    if (wanted().isEmpty()) {
      throw new IllegalArgumentException(
          "--include: %s (expected: a match in one of %s)"
              .formatted(include, String.join(", ", names(all()))));
    }
  }

  private void requireOverridesFit() {
    Set<String> known = new TreeSet<>();
    wanted().forEach(entry -> known.addAll(entry.getParams().orElse(Map.of()).keySet()));
    for (String name : overrides.keySet()) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "--param: %s (expected: one of %s)".formatted(name, String.join(", ", known)));
      }
    }
    for (BenchmarkListEntry entry : wanted()) {
      entry
          .getParams()
          .orElse(Map.of())
          .forEach((name, values) -> {
            for (String value : overrides.getOrDefault(name, List.of())) {
              ParamCheck.requireValid(entry.getUserClassQName(), name, value, List.of(values));
            }
          });
    }
  }

  private static Set<String> names(List<BenchmarkListEntry> entries) {
    return entries.stream()
        .map(entry -> entry.getUsername().substring(PACKAGE.length()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private List<BenchmarkListEntry> all() {
    return plan.steps().stream().flatMap(step -> find(step).stream()).toList();
  }

  private List<BenchmarkListEntry> wanted() {
    return plan.steps().stream().flatMap(step -> benchmarks(step).stream()).toList();
  }

  private List<BenchmarkListEntry> benchmarks(BenchPlan.Step step) {
    return find(step).stream()
        .filter(entry -> include.matcher(entry.getUsername()).find())
        .toList();
  }

  private static Set<BenchmarkListEntry> find(BenchPlan.Step step) {
    return BenchmarkList.defaultList()
        .find(
            new ProgressFormat(System.out, 0, 0),
            List.of(Pattern.quote(PACKAGE) + step.include()),
            List.of());
  }

  private Map<String, List<String>> params(BenchPlan.Step step, BenchmarkListEntry entry) {
    Map<String, List<String>> params = new LinkedHashMap<>();
    entry.getParams().orElse(Map.of()).forEach((name, values) -> params.put(name, List.of(values)));
    step.params().forEach((name, values) -> params.replace(name, values));
    overrides.forEach((name, values) -> params.replace(name, values));
    return params;
  }

  /// The last parameter changes fastest.
  private static Iterable<SortedMap<String, String>> combinations(
      Map<String, List<String>> params) {
    List<SortedMap<String, String>> all = List.of(new TreeMap<>());
    for (Map.Entry<String, List<String>> param : params.entrySet()) {
      List<SortedMap<String, String>> longer = new ArrayList<>();
      for (SortedMap<String, String> shorter : all) {
        for (String value : new LinkedHashSet<>(param.getValue())) {
          SortedMap<String, String> one = new TreeMap<>(shorter);
          one.put(param.getKey(), value);
          longer.add(one);
        }
      }
      all = longer;
    }
    return all;
  }
}
