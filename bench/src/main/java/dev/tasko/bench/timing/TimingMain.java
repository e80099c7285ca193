package dev.tasko.bench.timing;

import dev.tasko.bench.report.Pages;
import dev.tasko.report.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Measures whole programs, in about three minutes, and writes what it found into RESULTS.md:
///
/// ```text
/// mvn -q -DskipTests package
/// mvn -q -pl bench -am compile exec:exec -Dbench.main=dev.tasko.bench.timing.TimingMain
/// ```
///
/// Each part is saved beside RESULTS.md as soon as it is there, and stays until it is measured
/// anew.
@Command(
    name = "timing",
    mixinStandardHelpOptions = true,
    description = "Measures whole programs and writes their part of RESULTS.md.",
    sortOptions = false)
public final class TimingMain implements Callable<Integer> {
  private static final String COMMAND =
      "mvn -q -pl bench -am compile exec:exec -Dbench.main=dev.tasko.bench.timing.TimingMain";
  private static final String SERVO = "dev.tasko.examples.servo.ServoMain";
  private static final int DONE = 0;
  private static final int BAD_INPUT = 2;
  private static final int ROUNDS = 5;
  private static final int FAST_HZ = 10_000;
  private static final int FAST_SECONDS = 1;
  private static final int SLOW_HZ = 1_000;
  private static final int SLOW_SECONDS = 2;
  private static final int IDLE_ROUNDS = 3;
  private static final int IDLE_SECONDS = 3;
  private static final int STARTS = 5;

  /// What is measured.
  enum Part {
    /// Of a control loop, by `ServoMain`.
    LATENESS,
    /// Of a loop whose tasks do nothing.
    IDLE,
    /// Of the main job.
    FOOTPRINT
  }

  @Option(
      names = "--only",
      paramLabel = "PART",
      split = ",",
      description = "Of ${COMPLETION-CANDIDATES} (default: all).")
  private Set<Part> only = EnumSet.allOf(Part.class);

  @Option(
      names = "--jar",
      paramLabel = "FILE",
      description = "The packaged main job (default: ${DEFAULT-VALUE}).")
  private Path jar = Path.of("../examples/target/tasko-examples-0.1.0-SNAPSHOT-all.jar");

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "Of RESULTS.md; parts are kept in its folder timing/ (default: ${DEFAULT-VALUE}).")
  private Path directory = Path.of(".");

  private TimingMain() {}

  /// The command.
  ///
  /// @param arguments see `--help`
  public static void main(String[] arguments) {
    System.exit(execute(arguments));
  }

  static int execute(String... arguments) {
    return new CommandLine(new TimingMain())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((bad, given) -> refuse(bad.getMessage()))
        .execute(arguments);
  }

  private static int refuse(@Nullable String error) {
    System.err.println("timing: " + error);
    return BAD_INPUT;
  }

  /// Everything that a user may have got wrong is found before anything runs.
  @Override
  public Integer call() throws Exception {
    Path parts = directory.resolve(Pages.TIMING);
    try {
      requireJar();
      requirePage();
      Files.createDirectories(parts);
    } catch (IllegalArgumentException e) {
      return refuse(e.getMessage());
    } catch (IOException e) {
      return refuse("--dir: " + e);
    }
    for (Part part : EnumSet.copyOf(only)) {
      switch (part) {
        case LATENESS -> measureLateness(parts);
        case IDLE -> measureIdling(parts);
        case FOOTPRINT -> measureFootprint(parts);
      }
      System.out.println("wrote " + Pages.writeTiming(directory));
    }
    return DONE;
  }

  private void requireJar() {
    boolean isNeeded = only.contains(Part.LATENESS) || only.contains(Part.FOOTPRINT);
    require(
        !isNeeded || Files.isRegularFile(jar),
        "--jar: " + jar + " (expected: a file, made by mvn -q -DskipTests package)");
  }

  private void requirePage() {
    Path page = directory.resolve(Pages.RESULTS);
    require(
        Files.isWritable(page) && Files.isWritable(directory),
        "--dir: " + directory + " (expected: a folder with RESULTS.md, both to be written)");
  }

  private static void require(boolean isSo, String otherwise) {
    if (!isSo) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  private void measureLateness(Path parts) throws IOException, InterruptedException {
    servo(parts, FAST_HZ, FAST_SECONDS, "spin,tail,park,stpe,cyclictest");
    servo(parts, SLOW_HZ, SLOW_SECONDS, "tail,park,bare,stpe,cyclictest");
  }

  /// In a VM of its own, whose processor and memory it settles.
  private void servo(Path parts, int rateHz, int seconds, String who)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Job.java());
    command.addAll(List.of("--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED"));
    command.addAll(List.of("--add-exports", "java.base/jdk.internal.vm=ALL-UNNAMED"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", jar.toString(), SERVO));
    command.addAll(List.of("--rate", String.valueOf(rateHz), "--only", who));
    command.addAll(List.of("--seconds", String.valueOf(seconds)));
    command.addAll(List.of("--rounds", String.valueOf(ROUNDS), "--dir", parts.toString()));
    Process process = new ProcessBuilder(command).inheritIO().start();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("the servo ended with " + process.exitValue());
      }
    } finally {
      process.destroyForcibly();
    }
  }

  private static void measureIdling(Path parts) throws Exception {
    Environment environment = Environment.here(COMMAND);
    List<Idling.Round> rounds = Idling.run(IDLE_ROUNDS, IDLE_SECONDS, System.out::println);
    save(parts, "idle", TimingPage.idling(environment, IDLE_SECONDS, rounds));
  }

  private void measureFootprint(Path parts) throws IOException, InterruptedException {
    Environment environment = Environment.here(COMMAND);
    Path folder = Files.createDirectories(directory.resolve("target/timing")).toAbsolutePath();
    Job job = new Job(jar.toAbsolutePath(), folder);
    List<Footprint.Row> rows = new Footprint(job, folder, System.out::println).run(STARTS);
    save(parts, "footprint", TimingPage.footprint(environment, STARTS, rows));
  }

  private static void save(Path parts, String name, String text) throws IOException {
    System.out.println();
    System.out.println(text);
    Files.writeString(parts.resolve(name + ".md"), text);
  }
}
