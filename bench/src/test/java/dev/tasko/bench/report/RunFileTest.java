package dev.tasko.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import dev.tasko.report.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Saved runs, the unfinished ones too.
class RunFileTest {
  @TempDir Path directory;
  private Results stored;
  private RunFile file;

  @BeforeEach
  void setUp() throws Exception {
    stored = new RunFile(ReportTest.resource("run.jsonl")).read();
    file = new RunFile(directory.resolve("run.jsonl"));
    file.begin(stored.run());
  }

  @Test
  void run_savedAndRead_givesTheSameReport() throws IOException {
    for (JsonObject result : stored.jmh()) {
      file.append(result);
    }
    assertEquals(Report.write(stored), Report.write(file.read()));
  }

  @Test
  void line_cutOffIsMissing() throws IOException {
    file.append(stored.jmh().get(0));
    Files.writeString(file.path(), "{\"benchmark\": \"a.B", StandardOpenOption.APPEND);
    assertEquals(1, file.read().jmh().size());
    file.mend();
    file.append(stored.jmh().get(1));
    assertEquals(2, file.read().jmh().size());
    assertEquals(stored.run().planned().subList(2, 3), file.read().missing().subList(0, 1));
  }

  @Test
  void begin_keepsTheRunBefore() throws IOException {
    file.append(stored.jmh().get(0));
    file.begin(stored.run());
    assertEquals(0, file.read().jmh().size());
    Path earlier = file.path().resolveSibling("earlier-run.jsonl");
    assertEquals(1, new RunFile(earlier).read().jmh().size());
  }

  @Test
  void read_ofSomethingElse() throws IOException {
    Path other = Files.writeString(directory.resolve("other.json"), "{\"benchmarks\": []}\n");
    Exception refused =
        assertThrows(IllegalArgumentException.class, () -> new RunFile(other).read());
    assertTrue(String.valueOf(refused.getMessage()).contains("not a saved run"));
  }

  @Test
  void requireSame_namesWhatDiffers() {
    Run run = stored.run();
    Environment here = run.environment();
    Environment later =
        new Environment(here.cpu(), 2, 0, "", here.jdk(), "fedcba", here.date(), "", "");
    run.requireSame(here, run.settings(), run.planned());
    assertDiffers("commit: fedcba (expected: 76b07740750e", later, run.settings(), run.planned());
    assertDiffers("settings: forks 9 (expected: forks 1, ", here, List.of("forks 9"), List.of());
    assertDiffers("plan: 0 other cells (expected: 22 cells", here, run.settings(), List.of());
  }

  private void assertDiffers(
      String what, Environment environment, List<String> settings, List<String> planned) {
    Exception refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> stored.run().requireSame(environment, settings, planned));
    assertTrue(
        String.valueOf(refused.getMessage()).startsWith("--resume: " + what), refused::toString);
  }
}
