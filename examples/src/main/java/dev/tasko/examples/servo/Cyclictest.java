package dev.tasko.examples.servo;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/// The measuring program of the real-time Linux community, from Debian's package rt-tests: a C
/// thread that sleeps until absolute times and notes how late it wakes. It is the measure of what a
/// thread that parks can reach on a machine.
///
/// It is given the same rights as the others: what they were refused is not asked for. It does not
/// touch the machine's power management, which the others do not either.
final class Cyclictest implements Contender {
  private static final String PROGRAM = "cyclictest";
  private static final int TRIAL_HZ = 1_000;
  private static final int HISTOGRAM_US = 100_000;
  private static final long NS_PER_US = 1_000;
  private static final Pattern BUCKET = Pattern.compile("(?m)^(\\d+)\\s+(\\d+)\\s*$");
  private static final Pattern SUMMARY =
      Pattern.compile("(?m)^# (Total|Max Latencies|Histogram Overflows):\\s*(\\d+)\\s*$");

  private final Path program;

  private Cyclictest(Path program) {
    this.program = program;
  }

  /// Looks for it where programs are.
  ///
  /// @param path directories, as the variable `PATH`
  /// @throws IOException if it is not there, or cannot run under these conditions
  static Cyclictest find(String path, Conditions conditions) throws IOException {
    Path found =
        Stream.of(path.split(File.pathSeparator))
            .map(directory -> Path.of(directory, PROGRAM))
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(
                () -> new IOException("not found (to be had with apt-get install rt-tests)"));
    Cyclictest cyclictest = new Cyclictest(found);
    cyclictest.run(conditions.atLeast(TRIAL_HZ));
    return cyclictest;
  }

  @Override
  public String name() {
    return PROGRAM;
  }

  @Override
  public Histogram run(Conditions conditions) throws IOException {
    Process process = new ProcessBuilder(command(conditions)).redirectErrorStream(true).start();
    // It ends by itself, or is ended.
    var _ =
        process
            .onExit()
            .orTimeout(conditions.seconds() + PATIENCE_SECONDS, TimeUnit.SECONDS)
            .exceptionally(late -> process.destroyForcibly());
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException("ended with " + process.exitValue() + ": " + firstLine(output));
      }
      return parse(output);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }

  List<String> command(Conditions conditions) {
    List<String> command =
        new ArrayList<>(List.of(program.toString(), "--quiet", "--default-system"));
    command.add("--interval=" + conditions.periodUs());
    command.add("--duration=" + conditions.seconds());
    command.add("--histogram=" + HISTOGRAM_US);
    String processor = conditions.value("processor");
    if (processor != null) {
      command.add("--affinity=" + processor);
    }
    if (conditions.value("memory") != null) {
      command.add("--mlockall");
    }
    String priority = conditions.value(Conditions.PRIORITY);
    command.add(priority == null ? "--policy=other" : "--priority=" + priority);
    return command;
  }

  /// Reads its histogram. It cuts times to whole microseconds; we take the middle of each.
  ///
  /// @throws IOException if there is none, or if its total is another one
  static Histogram parse(String output) throws IOException {
    Histogram latenessNs = Lateness.newHistogram();
    Matcher buckets = BUCKET.matcher(output);
    while (buckets.find()) {
      long count = Long.parseLong(buckets.group(2));
      if (count > 0) {
        long us = Long.parseLong(buckets.group(1));
        latenessNs.recordValueWithCount(us * NS_PER_US + NS_PER_US / 2, count);
      }
    }
    long counted = latenessNs.getTotalCount();
    // What is beyond the histogram is only counted. No more is known of it than the greatest.
    long beyond = summary(output, "Histogram Overflows");
    if (beyond > 0) {
      latenessNs.recordValueWithCount(
          Math.min(summary(output, "Max Latencies") * NS_PER_US, Lateness.MAX_NS), beyond);
    }
    long total = summary(output, "Total");
    if (total != counted) {
      throw new IOException("a total of " + total + " (expected: " + counted + ", as in its rows)");
    }
    if (latenessNs.getTotalCount() == 0) {
      throw new IOException("no activation at all");
    }
    return latenessNs;
  }

  private static String firstLine(String output) {
    return output.strip().lines().findFirst().orElse("nothing said");
  }

  private static long summary(String output, String name) throws IOException {
    Matcher lines = SUMMARY.matcher(output);
    while (lines.find()) {
      if (lines.group(1).equals(name)) {
        return Long.parseLong(lines.group(2));
      }
    }
    throw new IOException("no line '# " + name + "': " + firstLine(output));
  }
}
