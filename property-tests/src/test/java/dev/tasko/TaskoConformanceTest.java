package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.resource.ManagedResource;
import dev.tasko.task.CoroutineEngine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every program of the corpus gives tasko's trace, line for line, on both engines. The corpus is
/// the bundled one, or the file that `-Dtasko.conformance.corpus=FILE` names.
class TaskoConformanceTest {
  private static final String CORPUS_PROPERTY = "tasko.conformance.corpus";
  private static final String BUNDLED = "/conformance/tasko-traces.txt";
  private static final int NEIGHBOURS = 3;

  @ParameterizedTest
  @EnumSource(CoroutineEngine.class)
  void corpus_givesTaskosTraces(CoroutineEngine engine) throws IOException {
    List<TraceProgram> programs = corpus();
    assertFalse(programs.isEmpty(), "corpus: no programs");
    List<String> differences = new ArrayList<>();
    for (TraceProgram program : programs) {
      String difference = difference(program, run(program, engine));
      if (!difference.isEmpty()) {
        differences.add(difference);
      }
    }
    System.out.println(
        "conformance: "
            + programs.size()
            + " programs, "
            + differences.size()
            + " differences ("
            + engine
            + ")");
    assertTrue(differences.isEmpty(), () -> String.join("\n", differences));
    assertEquals(0, workerThreads(), "worker threads left");
  }

  @Test
  void difference_isShownWithItsNeighbours() throws IOException {
    TraceProgram program = corpus().getFirst();
    List<String> wrong = new ArrayList<>(program.trace());
    wrong.set(2, "0 nobody#0 begin");
    String shown = difference(program, wrong);
    assertTrue(shown.contains("program " + program.id()), shown);
    assertTrue(shown.contains("line 3"), shown);
    assertTrue(shown.contains(program.trace().get(1)), shown);
    assertTrue(shown.contains("0 nobody#0 begin"), shown);
  }

  static List<TraceProgram> corpus() throws IOException {
    String file = System.getProperty(CORPUS_PROPERTY);
    try (BufferedReader reader =
        file == null
            ? new BufferedReader(
                new InputStreamReader(
                    Objects.requireNonNull(
                        TaskoConformanceTest.class.getResourceAsStream(BUNDLED), BUNDLED),
                    StandardCharsets.UTF_8))
            : Files.newBufferedReader(Path.of(file))) {
      return TraceProgram.readAll(reader);
    }
  }

  private static List<String> run(TraceProgram program, CoroutineEngine engine) {
    VirtualTime time = new VirtualTime(0);
    LoopConfig config =
        new LoopConfig()
            .engine(engine)
            .virtualTime(time)
            .taskCapacity(256)
            .strict(false)
            .onStranded(tasks -> {});
    return new TraceRun(program, config, time, ManagedResource::new).run();
  }

  /// The first line that differs, or nothing.
  static String difference(TraceProgram program, List<String> found) {
    List<String> expected = program.trace();
    int line = 0;
    while (line < expected.size()
        && line < found.size()
        && expected.get(line).equals(found.get(line))) {
      line++;
    }
    if (line == expected.size() && line == found.size()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    text.append("program ").append(program.id()).append(' ').append(program.kind());
    text.append(": differs at line ").append(line + 1).append('\n');
    for (int near = Math.max(0, line - NEIGHBOURS); near <= line + NEIGHBOURS; near++) {
      text.append(near == line ? "> " : "  ");
      text.append(String.format("%-40s | %s%n", lineAt(expected, near), lineAt(found, near)));
    }
    return text.toString();
  }

  private static String lineAt(List<String> lines, int index) {
    return index < lines.size() ? lines.get(index) : "";
  }

  private static long workerThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("tasko-worker-"))
        .count();
  }
}
