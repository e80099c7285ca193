package dev.tasko.bench;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/// Runs a plan with JMH.
final class BenchRunner {
  /// What Agrona's buffers and the continuations need; the heap is fixed so that its growth is not
  /// measured.
  private static final List<String> JVM_ARGS =
      List.of(
          "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
          "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-Xms2g",
          "-Xmx2g");

  private static final String PACKAGE = BenchRunner.class.getPackageName() + ".";

  private final BenchPlan plan;
  private final Pattern include;
  private final Map<String, List<String>> overrides;
  private final List<String> jvmArgs = new ArrayList<>(JVM_ARGS);

  /// @param plan to run
  /// @param include finds the benchmarks of the plan that are wanted
  /// @param overrides values of parameters in place of the plan's
  /// @param moreJvmArgs for the forks
  BenchRunner(
      BenchPlan plan,
      Pattern include,
      Map<String, List<String>> overrides,
      List<String> moreJvmArgs) {
    this.plan = plan;
    this.include = include;
    this.overrides = overrides;
    jvmArgs.addAll(moreJvmArgs);
  }

  /// Runs all and tells how it goes. What was found before a failure is in the collection.
  void run(PrintStream progress, Collection<RunResult> results) throws RunnerException {
    ProgressFormat format = new ProgressFormat(progress, countRuns());
    for (BenchPlan.Step step : plan.steps()) {
      if (!benchmarks(step).isEmpty()) {
        results.addAll(new Runner(options(step), format).run());
      }
    }
  }

  /// One line for each benchmark with its parameters.
  List<String> list() {
    List<String> lines = new ArrayList<>();
    for (BenchPlan.Step step : plan.steps()) {
      for (BenchmarkListEntry entry : benchmarks(step)) {
        lines.add(entry.getUsername().substring(PACKAGE.length()) + " " + params(step, entry));
      }
    }
    return lines;
  }

  int countRuns() {
    int count = 0;
    for (BenchPlan.Step step : plan.steps()) {
      for (BenchmarkListEntry entry : benchmarks(step)) {
        count +=
            params(step, entry).values().stream().mapToInt(List::size).reduce(1, (a, b) -> a * b);
      }
    }
    return count;
  }

  private List<BenchmarkListEntry> benchmarks(BenchPlan.Step step) {
    SortedSet<BenchmarkListEntry> found =
        BenchmarkList.defaultList()
            .find(
                new ProgressFormat(System.out, 0),
                List.of(Pattern.quote(PACKAGE) + step.include()),
                List.of());
    return found.stream().filter(entry -> include.matcher(entry.getUsername()).find()).toList();
  }

  private Map<String, List<String>> params(BenchPlan.Step step, BenchmarkListEntry entry) {
    Map<String, List<String>> params = new LinkedHashMap<>();
    entry.getParams().orElse(Map.of()).forEach((name, values) -> params.put(name, List.of(values)));
    step.params().forEach((name, values) -> params.replace(name, values));
    overrides.forEach((name, values) -> params.replace(name, values));
    return params;
  }

  private Options options(BenchPlan.Step step) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .forks(plan.forks())
            .warmupIterations(plan.warmups())
            .warmupTime(TimeValue.milliseconds(plan.iterationMs()))
            .measurementIterations(plan.iterations())
            .measurementTime(TimeValue.milliseconds(plan.iterationMs()))
            .jvmArgs(jvmArgs.toArray(String[]::new))
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true);
    for (BenchmarkListEntry entry : benchmarks(step)) {
      options.include("^" + Pattern.quote(entry.getUsername()) + "$");
    }
    Map<String, List<String>> params = new LinkedHashMap<>(step.params());
    params.putAll(overrides);
    params.forEach((name, values) -> options.param(name, values.toArray(String[]::new)));
    return options.build();
  }

  /// What JMH writes about a run.
  static String toJson(Collection<RunResult> results) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(results);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
