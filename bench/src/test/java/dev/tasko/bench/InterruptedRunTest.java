package dev.tasko.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.tasko.bench.report.RunFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole command, in a VM of its own: stopped, gone on with, and refused where it has changed.
class InterruptedRunTest {
  private static final List<String> RUN =
      List.of("--include", "idlePoll", "-p", "live=1000", "--forks", "1", "--warmups", "1");

  @TempDir Path directory;

  @Test
  void run_isInterruptedAndResumed() throws Exception {
    Process run = start("--time-ms", "10", "--iterations", "1");
    try (BufferedReader output = run.inputReader(StandardCharsets.UTF_8)) {
      String line = output.readLine();
      while (line != null && !line.startsWith("[1/")) {
        line = output.readLine();
      }
      run.toHandle().destroy(); // Process.destroy would close the output, too
      assertTrue(output.lines().anyMatch(text -> text.startsWith("missing: ")));
    }
    run.waitFor();
    assertTrue(results().contains("**Not complete: "), results());

    Process other = start("--time-ms", "10", "--iterations", "2", "--resume");
    String refusal = textOf(other);
    assertEquals(2, other.waitFor(), refusal);
    assertTrue(refusal.contains("--resume: settings: "), refusal);

    Process unchecked =
        start("--time-ms", "10", "--iterations", "1", "--no-bounds-checks", "--resume");
    refusal = textOf(unchecked);
    assertEquals(2, unchecked.waitFor(), refusal);
    assertTrue(refusal.contains("agrona.disable.bounds.checks=true (expected: "), refusal);

    Process rest = start("--time-ms", "10", "--iterations", "1", "--resume");
    String text = textOf(rest);
    assertEquals(0, rest.waitFor(), text);
    assertFalse(text.contains("[1/"), text);
    assertFalse(results().contains("Not complete"), results());
  }

  /// The option reaches the forks, whose VM arguments JMH saves, and the head of the report.
  @Test
  void run_withoutBoundsChecksSaysSo() throws Exception {
    Process run =
        start("-p", "peer=tasko", "--time-ms", "10", "--iterations", "1", "--no-bounds-checks");
    String text = textOf(run);
    assertEquals(0, run.waitFor(), text);
    String property = "-Dagrona.disable.bounds.checks=true";
    for (JsonObject result :
        new RunFile(directory.resolve("target/bench/run.jsonl")).read().jmh()) {
      assertTrue(result.getAsJsonArray("jvmArgs").contains(new JsonPrimitive(property)));
    }
    String settings =
        results().lines().filter(line -> line.startsWith("| settings |")).findFirst().orElseThrow();
    assertTrue(settings.contains(property), settings);
  }

  @Test
  void run_ofAFailedForkGoesOnAndTellsIt() throws Exception {
    Process run = start("--time-ms", "10", "--iterations", "1", "--jvm-arg", "-XX:+NoSuchFlag");
    String text = textOf(run);
    assertEquals(1, run.waitFor(), text);
    assertTrue(text.contains("idlePoll live=1000 peer=tasko failed"), text);
    assertTrue(results().contains("**Not complete: "), results());
  }

  private String results() throws IOException {
    return Files.readString(directory.resolve("RESULTS.md"));
  }

  private static String textOf(Process process) throws IOException {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      return String.join("\n", output.lines().toList());
    }
  }

  private Process start(String... more) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    // Another run on this machine is none of the test's business.
    command.add("-Djmh.ignoreLock=true");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(BenchMain.class.getName());
    command.addAll(RUN);
    command.addAll(List.of(more));
    command.addAll(List.of("--dir", directory.toString()));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
