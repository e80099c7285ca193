package dev.tasko.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The report of a stored run. To accept a change of its form, look at what the failed test prints.
class ReportTest {
  @Test
  void report_ofStoredResults_isTheStoredReport() throws Exception {
    assertEquals(
        Files.readString(resource("expected.md")),
        Report.write(Results.read(resource("results.json"))));
  }

  @Test
  void results_writtenAndRead_giveTheSameReport(@TempDir Path directory) throws Exception {
    Results results = Results.read(resource("results.json"));
    Path copy = directory.resolve("target/copy.json");
    results.write(copy);
    assertEquals(Report.write(results), Report.write(Results.read(copy)));
  }

  @Test
  void results_ofSomethingElse_areRefused(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("other.json"), "{\"benchmarks\": []}");
    Exception refused = assertThrows(RuntimeException.class, () -> Results.read(file));
    assertTrue(String.valueOf(refused.getMessage()).contains("results.json that BenchMain wrote"));
  }

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(Objects.requireNonNull(ReportTest.class.getResource(name)).toURI());
  }
}
