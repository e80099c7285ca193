package dev.tasko.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import dev.tasko.bench.report.Report;
import dev.tasko.bench.report.Results;
import dev.tasko.bench.report.Run;
import dev.tasko.report.Environment;
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
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;

/// Every benchmark runs, in this VM and for an instant.
class BenchSmokeTest {
  private static final Pattern ALL = Pattern.compile("");
  private static final int ITERATION_MS = 10;
  private static final String STANDING =
      "netty:offsetS=3600;stpe:offsetS=3600;fjp:offsetS=3600;systemtimer:offsetS=3600";
  private static final Map<String, List<String>> SMALL =
      Map.of(
          "live", List.of("1000"),
          "delays", List.of("uniform"),
          "cadenceNs", List.of("1000000"));

  @Test
  void everyBenchmark_runsAndIsReported() {
    // Another run on this machine is none of the test's business.
    System.setProperty("jmh.ignoreLock", "true");
    BenchPlan plan =
        new BenchPlan(
            List.of(
                BenchPlan.Step.of("(Hold|Kick|Next|Acquire)", "peer=tasko"),
                BenchPlan.Step.of("InterruptBenchmark", "idle=spin", "peer=tasko;jctools"),
                BenchPlan.Step.of(
                    "InterruptBenchmark", "idle=park", "peer=tasko;bare;virtual;netty;stpe"),
                BenchPlan.Step.of("(Burst|LatePoller|Sparse)Benchmark", "peer=tasko"),
                BenchPlan.Step.of("SparseRealTime", "peer=stpe", "spanS=1"),
                BenchPlan.Step.of("ControllerBenchmark", "peer=tasko;stpe"),
                BenchPlan.Step.of("(Clock|Limit|EmptyTurn|Fire)"),
                BenchPlan.Step.of("(Switch|Sleep)Benchmark", "perCall=1"),
                BenchPlan.Step.of("(HandOver|TimeLimit)Benchmark"),
                BenchPlan.Step.of("(Suspended|WheelTurn)Benchmark", "perCall=1000"),
                BenchPlan.Step.of("(Cancel|Churn)Benchmark"),
                BenchPlan.Step.of("CancelBenchmark", "peer=none;" + STANDING),
                BenchPlan.Step.of("ChurnBenchmark", "peer=none;netty;stpe;fjp;systemtimer"),
                BenchPlan.Step.of("BulkBenchmark", "perCall=1000", "peer=tasko"),
                BenchPlan.Step.of("LoopBenchmark", "perCall=1000")),
            0,
            0,
            1,
            ITERATION_MS);
    ByteArrayOutputStream progress = new ByteArrayOutputStream();
    List<BenchJob> jobs = new BenchJobs(plan, ALL, SMALL).unroll();
    PrintStream out = new PrintStream(progress, true, StandardCharsets.UTF_8);
    BenchRunner runner = new BenchRunner(plan, List.of(), new ProgressFormat(out, jobs.size(), 0));
    List<JsonObject> jmh = new ArrayList<>();
    jobs.forEach(job -> runner.run(job).ifPresent(jmh::add));

    assertEquals(jobs.size(), jmh.size(), progress.toString(StandardCharsets.UTF_8));
    Set<String> ran = new TreeSet<>();
    jobs.forEach(job -> ran.add(job.cell().benchmark()));
    assertEquals(allBenchmarks(), ran);
    Results results = results(jobs, jmh);
    assertEquals(List.of(), results.missing());
    String report = Report.write(results);
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
        assertFalse(new BenchJobs(alone, ALL, Map.of()).unroll().isEmpty(), step.toString());
      }
    }
  }

  @Test
  void plans_fitTheirHeaps() {
    for (BenchPlan plan : List.of(BenchPlan.quick(), BenchPlan.full())) {
      MemoryCheck.requireEnough(new BenchJobs(plan, ALL, Map.of()).unroll(), Integer.MAX_VALUE);
    }
  }

  private static Results results(List<BenchJob> jobs, List<JsonObject> jmh) {
    List<String> planned = jobs.stream().map(job -> job.cell().name()).toList();
    Environment here = Environment.here("a test");
    return new Results(
        new Run(here, false, List.of(), planned, List.of(), List.of(), List.of()), jmh);
  }

  private static Set<String> allBenchmarks() {
    Set<String> names = new TreeSet<>();
    for (BenchmarkListEntry entry :
        BenchmarkList.defaultList().getAll(new ProgressFormat(System.out, 0, 0), List.of())) {
      names.add(entry.getUsername());
    }
    return names;
  }
}
