package dev.tasko.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import dev.tasko.bench.report.Environment;
import dev.tasko.bench.report.Report;
import dev.tasko.bench.report.Results;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.RunnerException;

/// Every benchmark runs, in this VM and for an instant.
class BenchSmokeTest {
  private static final Pattern ALL = Pattern.compile("");
  private static final int ITERATION_MS = 10;
  private static final Map<String, List<String>> SMALL =
      Map.of(
          "live", List.of("1000"),
          "delays", List.of("uniform"),
          "cadenceNs", List.of("1000000"));

  @Test
  void everyBenchmark_runsAndIsReported() throws RunnerException {
    // Another run on this machine is none of the test's business.
    System.setProperty("jmh.ignoreLock", "true");
    BenchPlan plan =
        new BenchPlan(
            List.of(
                BenchPlan.Step.of("(Hold|Kick|Next|Interrupt|Acquire)", "peer=tasko"),
                BenchPlan.Step.of("(Burst|LatePoller|Sparse)Benchmark", "peer=tasko"),
                BenchPlan.Step.of("SparseRealTime", "peer=stpe", "spanS=1"),
                BenchPlan.Step.of("ControllerBenchmark", "peer=tasko;stpe"),
                BenchPlan.Step.of("(Clock|Limit|EmptyTurn|Fire)"),
                BenchPlan.Step.of("(Switch|Sleep|HandOver)"),
                BenchPlan.Step.of("(Cancel|Churn)Benchmark"),
                BenchPlan.Step.of("BulkBenchmark", "perCall=1000", "peer=tasko"),
                BenchPlan.Step.of("LoopBenchmark", "perCall=1000")),
            0,
            0,
            1,
            ITERATION_MS);
    ByteArrayOutputStream progress = new ByteArrayOutputStream();
    BenchRunner runner = new BenchRunner(plan, ALL, SMALL, List.of());
    List<RunResult> found = new ArrayList<>();
    runner.run(new PrintStream(progress, true, StandardCharsets.UTF_8), found);
    String json = BenchRunner.toJson(found);
    JsonArray jmh = JsonParser.parseString(json).getAsJsonArray();

    assertEquals(runner.countRuns(), jmh.size(), progress.toString(StandardCharsets.UTF_8));
    Set<String> ran = new TreeSet<>();
    for (JsonElement result : jmh) {
      ran.add(result.getAsJsonObject().get("benchmark").getAsString());
    }
    assertEquals(allBenchmarks(), ran);
    String report = report(jmh);
    Report.benchmarksByArea().keySet().forEach(area -> assertTrue(report.contains("## " + area)));
    for (String benchmark : ran) {
      String method = benchmark.substring(benchmark.lastIndexOf('.') + 1);
      assertTrue(report.contains("| " + method + " |"), method + " in " + report);
    }
  }

  @Test
  void plans_nameOnlyBenchmarksThatExist() {
    for (BenchPlan plan : List.of(BenchPlan.quick(), BenchPlan.full())) {
      for (BenchPlan.Step step : plan.steps()) {
        BenchPlan alone = new BenchPlan(List.of(step), 1, 1, 1, ITERATION_MS);
        int runs = new BenchRunner(alone, ALL, Map.of(), List.of()).countRuns();
        assertTrue(runs > 0, step.toString());
      }
    }
  }

  private static String report(JsonArray jmh) {
    return Report.write(
        new Results(Environment.here("a test"), List.of(), List.of(), List.of(), jmh));
  }

  private static Set<String> allBenchmarks() {
    Set<String> names = new TreeSet<>();
    for (BenchmarkListEntry entry :
        BenchmarkList.defaultList().getAll(new ProgressFormat(System.out, 0), List.of())) {
      names.add(entry.getUsername());
    }
    return names;
  }
}
