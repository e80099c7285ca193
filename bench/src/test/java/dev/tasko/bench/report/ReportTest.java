package dev.tasko.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// The report of a stored run. To accept a change of its form, look at what the failed test prints.
class ReportTest {
  @Test
  void report_ofStoredRun_isTheStoredReport() throws Exception {
    assertEquals(
        Files.readString(resource("expected.md")),
        Report.write(new RunFile(resource("run.jsonl")).read()));
  }

  static Path resource(String name) throws URISyntaxException {
    return Path.of(Objects.requireNonNull(ReportTest.class.getResource(name)).toURI());
  }
}
