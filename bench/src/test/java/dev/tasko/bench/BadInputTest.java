package dev.tasko.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.bench.report.Cell;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whatever is wrong with the command is told in one line, before anything runs.
class BadInputTest {
  private static final String HOLD = "--include HoldBenchmark.hold ";

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "--include nothing #--include: nothing (expected: a match in one of AcquireBenchmark",
        "--include ( #--include: ( (expected: a regular expression)",
        "-p lvie=1000 #--param: lvie (expected: one of cadenceNs, delays, live, peer)",
        "-p live #--param: live (expected: name=value)",
        "-p live=many #live: many (expected: whole number from 1 to",
        "-p live=0 #live: 0 (expected: whole number from 1 to",
        "-p live=3000000000 #live: 3000000000 (expected: whole number from 1 to",
        "-p delays=normal #delays: normal (expected by HoldBenchmark: one of uniform",
        "-p peer=quartz #peer: quartz (expected: ",
        "-p peer=agrona:tickNs #peer: agrona:tickNs (expected: name:setting=value",
        "-p peer=agrona:tickNs=abc #peer: agrona:tickNs=abc (expected: ",
        "-p peer=agrona:foo=3 #peer: agrona:foo=3 (expected: default, best, map, tickNs, spokes, ",
        "-p peer=heap4:arity=8 #peer: heap4:arity=8 (expected: no settings)",
        "--include Churn -p live=no #live: no (expected: whole number from 1 to",
        "--include Bulk -p perCall=0 #perCall: 0 (expected: whole number from 1 to",
        "-p live=10000000 --heap-mib 100 #heap: 100 MiB (expected: >= ",
        "--include Kick -p live=10000000 -p peer=agrona #heap: 2048 MiB (expected: >= 2657 MiB for",
        "--heap-mib 999999 #memory: ",
        "--forks 0 #--forks: 0 (expected: > 0)",
        "--forks many #Invalid value for option '--forks': 'many' is not an int",
        "--jvm-arg -Xmx64m #--jvm-arg: -Xmx64m (expected: --heap-mib instead)",
        "--quick --full #--quick, --large, --full: several (expected: at most one)",
        "--sizes 1000 #Unknown options: '--sizes', '1000'",
        "--dir no/such/directory #--dir: no/such/directory (expected: a directory that is there",
        "--readme no/README.md #--readme: no/README.md (expected: a file with the lines <!-- bench",
        "--from no/run.jsonl #no/run.jsonl: not there (expected: a saved run)",
        "--resume #target/bench/run.jsonl: not there (expected: a saved run)",
      })
  void command_isRefusedInOneLine(String arguments, String error) throws IOException {
    String common = arguments.contains("--include") ? "" : HOLD;
    Refusal refusal = refuse((common + arguments).split(" "));
    assertEquals(2, refusal.exitCode, refusal.text);
    assertEquals(1, refusal.text.lines().count(), refusal.text);
    assertTrue(refusal.text.contains(error), refusal.text);
    assertEquals(List.of(), filesIn(directory));
  }

  @Test
  void directory_thatIsAFile() throws IOException {
    Path file = Files.createTempFile(directory, "a", "file");
    Refusal refusal = refuse("--dir", file.toString());
    assertEquals(2, refusal.exitCode, refusal.text);
    assertTrue(refusal.text.startsWith("--dir: " + file), refusal.text);
  }

  @Test
  void memory_thatTheMachineDoesNotHave() {
    Cell cell = new Cell("a.B.c", new TreeMap<>(Map.of("live", "10000000", "peer", "tasko")));
    BenchJob job = new BenchJob(cell, 2048);
    MemoryCheck.requireEnough(List.of(job), 8192);
    Exception refused =
        assertThrows(
            IllegalArgumentException.class, () -> MemoryCheck.requireEnough(List.of(job), 3072));
    assertEquals(
        "memory: 3072 MiB on this machine (expected: >= 3682 MiB for B.c live=10000000 peer=tasko"
            + " with a heap of 2048 MiB)",
        refused.getMessage());
  }

  private record Refusal(int exitCode, String text) {}

  private Refusal refuse(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    if (!all.contains("--dir")) {
      all.addAll(List.of("--dir", directory.toString()));
    }
    PrintStream before = System.err;
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    System.setErr(new PrintStream(text, true, StandardCharsets.UTF_8));
    try {
      int exitCode = BenchMain.run(all.toArray(String[]::new));
      return new Refusal(exitCode, text.toString(StandardCharsets.UTF_8));
    } finally {
      System.setErr(before);
    }
  }

  private static List<Path> filesIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }
}
