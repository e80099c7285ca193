package dev.tasko.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is written where, of a stored run to which a second size of one workload is added.
class PagesTest {
  @TempDir Path directory;
  private Path bench;
  private Results results;

  @BeforeEach
  void setUp() throws Exception {
    bench = Files.createDirectory(directory.resolve("bench"));
    Results stored = new RunFile(ReportTest.resource("run.jsonl")).read();
    List<JsonObject> jmh = new ArrayList<>(stored.jmh());
    for (JsonObject result : stored.jmh()) {
      if (result.toString().contains("HoldBenchmark.hold")) {
        JsonObject smaller = result.deepCopy();
        smaller.getAsJsonObject("params").addProperty("live", "1000");
        jmh.add(smaller);
      }
    }
    results = new Results(stored.run(), jmh);
  }

  @Test
  void results_haveAPictureOfEachWorkloadWithSizes() throws Exception {
    Path pictures = Files.createDirectory(bench.resolve("pictures"));
    Files.writeString(pictures.resolve("old.svg"), "");
    Path page = Pages.writeResults(results, bench);
    assertTrue(Files.readString(page).contains("](pictures/hold.svg)"));
    assertTrue(Files.readString(pictures.resolve("hold.svg")).contains(">agrona:map=true</text>"));
    try (var files = Files.list(pictures)) {
      assertEquals(List.of(pictures.resolve("hold.svg")), files.toList());
    }
  }

  @Test
  void timing_staysWhenTheBenchmarksWriteAndIsWrittenAlone() throws Exception {
    Path parts = Files.createDirectory(bench.resolve(Pages.TIMING));
    Files.writeString(parts.resolve("idle.md"), "### Idle\n\n![a](idle.svg)\n");
    String page = Files.readString(Pages.writeResults(results, bench));
    assertTrue(page.endsWith("\n\n### Idle\n\n![a](timing/idle.svg)\n"), page);
    Files.writeString(parts.resolve("lateness-1000.md"), "### Late\n");
    String again = Files.readString(Pages.writeTiming(bench));
    assertEquals(page.replace("\n### Idle", "\n### Late\n\n### Idle"), again);
    assertEquals(again, Files.readString(Pages.writeTiming(bench)));
    assertEquals(again, Files.readString(Pages.writeResults(results, bench)));
  }

  @Test
  void readme_changesBetweenItsCommentsOnly() throws Exception {
    Path readme = directory.resolve("README.md");
    Files.writeString(
        readme, "before\n" + Readme.BEGIN + "\nstale line\n" + Readme.END + "\nafter\n");
    assertTrue(Pages.isReadme(readme));
    Pages.writeReadme(results, bench, readme);
    String text = Files.readString(readme);
    assertTrue(
        text.startsWith("before\n" + Readme.BEGIN + "\nFrom [RESULTS.md](bench/RESULTS.md)"));
    assertTrue(text.endsWith("|\n" + Readme.END + "\nafter\n"));
    assertFalse(text.contains("stale line"));
    assertTrue(text.contains("](bench/pictures/hold.svg)"));
    assertTrue(text.contains("| fillDrain, deadlines equal | 100,000 | "), text);
    Pages.writeReadme(results, bench, readme);
    assertEquals(text, Files.readString(readme));
  }

  @Test
  void readme_withoutTheCommentsIsNone() throws Exception {
    Path readme = Files.writeString(directory.resolve("README.md"), Readme.END + Readme.BEGIN);
    assertFalse(Pages.isReadme(readme));
    assertFalse(Pages.isReadme(directory.resolve("none.md")));
  }
}
