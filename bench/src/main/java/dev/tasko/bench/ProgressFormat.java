package dev.tasko.bench;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.format.OutputFormat;

/// One line for each finished job in place of JMH's many: how many are done, what was found, how
/// long it will take.
final class ProgressFormat implements OutputFormat {
  private final PrintStream out;
  private final int total;
  private final long startedNs = System.nanoTime();
  private final int doneBefore;
  private int done;

  /// @param out for the lines
  /// @param total jobs
  /// @param doneBefore jobs of them whose results are there
  ProgressFormat(PrintStream out, int total, int doneBefore) {
    this.out = out;
    this.total = total;
    this.doneBefore = doneBefore;
    this.done = doneBefore;
  }

  /// A job has no result.
  void failed(String name, Exception why) {
    done++;
    out.printf(Locale.ROOT, "[%d/%d] %s failed: %s%n", done, total, name, why.getMessage());
  }

  @Override
  public void endBenchmark(BenchmarkResult result) {
    if (result == null) {
      return;
    }
    done++;
    Duration elapsed = Duration.ofNanos(System.nanoTime() - startedNs);
    Duration left = elapsed.multipliedBy(total - done).dividedBy(done - doneBefore);
    Result<?> primary = result.getPrimaryResult();
    out.printf(
        Locale.ROOT,
        "[%d/%d] %-75s %,12.1f %s   (%s, %s to go)%n",
        done,
        total,
        nameOf(result.getParams()),
        primary.getScore() / perCall(result.getParams()),
        primary.getScoreUnit(),
        text(elapsed),
        text(left));
  }

  private static String nameOf(BenchmarkParams params) {
    StringBuilder name = new StringBuilder(params.getBenchmark());
    name.delete(0, name.lastIndexOf(".") + 1);
    for (String key : params.getParamsKeys()) {
      name.append(' ').append(key).append('=').append(params.getParam(key));
    }
    return name.toString();
  }

  private static double perCall(BenchmarkParams params) {
    String value = params.getParam("perCall");
    return value == null ? 1 : Double.parseDouble(value);
  }

  private static String text(Duration duration) {
    return String.format(Locale.ROOT, "%d:%02d", duration.toMinutes(), duration.toSecondsPart());
  }

  /// Errors and warnings come this way, and little else.
  @Override
  public void println(String text) {
    if (text.contains("<failure>") || text.contains("xception")) {
      out.println(text);
    }
  }

  @Override
  public void iteration(BenchmarkParams benchmark, IterationParams params, int iteration) {}

  @Override
  public void iterationResult(
      BenchmarkParams benchmark, IterationParams params, int iteration, IterationResult data) {}

  @Override
  public void startBenchmark(BenchmarkParams benchmark) {}

  @Override
  public void startRun() {}

  @Override
  public void endRun(Collection<RunResult> results) {}

  @Override
  public void print(String text) {}

  @Override
  public void flush() {
    out.flush();
  }

  @Override
  public void close() {
    out.flush();
  }

  @Override
  public void verbosePrintln(String text) {}

  @Override
  public void write(int b) {}

  @Override
  public void write(byte[] bytes) {}
}
