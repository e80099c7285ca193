package dev.tasko.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/// Runs jobs with JMH, each by itself, so that its result can be saved when it is there.
final class BenchRunner {
  /// What Agrona's buffers and the continuations need.
  private static final List<String> JVM_ARGS =
      List.of(
          "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
          "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private final BenchPlan plan;
  private final List<String> moreJvmArgs;
  private final ProgressFormat format;

  /// @param plan how often and how long
  /// @param moreJvmArgs for the forks
  /// @param format told of everything
  BenchRunner(BenchPlan plan, List<String> moreJvmArgs, ProgressFormat format) {
    this.plan = plan;
    this.moreJvmArgs = moreJvmArgs;
    this.format = format;
  }

  /// Runs one.
  ///
  /// @return what JMH writes of it; empty if it failed, which the format has been told
  Optional<JsonObject> run(BenchJob job) {
    try {
      Collection<RunResult> found = new Runner(options(job), format).run();
      return Optional.of(toJson(found));
    } catch (RunnerException e) {
      format.failed(job.cell().name(), e);
      return Optional.empty();
    }
  }

  private Options options(BenchJob job) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(job.cell().benchmark()) + "$")
            .forks(plan.forks())
            .warmupIterations(job.warmups(plan.warmups()))
            .warmupTime(TimeValue.milliseconds(plan.iterationMs()))
            .measurementIterations(plan.iterations())
            .measurementTime(TimeValue.milliseconds(plan.iterationMs()))
            .jvmArgs(jvmArgs(job).toArray(String[]::new))
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true);
    job.cell().params().forEach(options::param);
    return options.build();
  }

  private List<String> jvmArgs(BenchJob job) {
    List<String> args = new ArrayList<>(JVM_ARGS);
    args.add("-Xms" + job.heapMiB() + "m");
    args.add("-Xmx" + job.heapMiB() + "m");
    args.addAll(moreJvmArgs);
    return args;
  }

  /// Without the histogram of single calls, of which the percentiles tell enough.
  private static JsonObject toJson(Collection<RunResult> results) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(results);
    }
    JsonArray all = JsonParser.parseString(bytes.toString(StandardCharsets.UTF_8)).getAsJsonArray();
    if (all.size() != 1) {
      throw new IllegalStateException("bug: one job gave " + all.size() + " results");
    }
    JsonObject result = all.get(0).getAsJsonObject();
    result.getAsJsonObject("primaryMetric").remove("rawDataHistogram");
    return result;
  }
}
