package dev.tasko.bench.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tasko.report.Environment;
import dev.tasko.report.Spread;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is told of made-up measurements, and what is refused before anything is measured.
class TimingTest {
  private static final Environment ENVIRONMENT =
      new Environment("cpu", 2, 1024, "kernel", "jdk", "abc", "today", "1 2 3", "command");

  @TempDir Path directory;

  @Test
  void deadlines_thatFallTogetherAreOne() {
    long[] deadlinesNs = Idling.deadlinesNs(1, 1);
    assertEquals(1_000_000_000, deadlinesNs[deadlinesNs.length - 1]);
    assertEquals(deadlinesNs.length, Arrays.stream(deadlinesNs).distinct().count());
    // 50 Hz has all points of 10, 5, 2 and 1 Hz; each other rate is prime to it and has its last
    // point in common, 20 Hz ten.
    assertEquals(50 + 2 + 6 + 12 + 16 + 10, deadlinesNs.length);
  }

  @Test
  void idling_isTheWholeOfIt() {
    List<Idling.Round> rounds =
        List.of(
            new Idling.Round(100, 101, 1_100_000, 2_000_000, 1_000_000),
            new Idling.Round(100, 102, 1_300_000, 2_000_000, 1_000_000),
            new Idling.Round(100, 100, 1_200_000, 2_000_000, 1_000_000));
    assertEquals(
        """
        ### An idle loop

        cpu, 2 cores, 1024 MiB, kernel, jdk, commit abc, today, load 1 2 3: 3 rounds of 4 s. Ten \
        tasks that do nothing, at 1, 2, 3, 5, 7, 10, 13, 17, 20, 50 Hz, beside a thread that parks \
        until the same deadlines, by turns. The median round, and the extremes. Tasks at a rate \
        have no statistics by default, those with a release have: then their processor time is \
        2.00 of the bare thread's.

        | what | measured | at most | verdict |
        | --- | ---: | ---: | --- |
        | timer wakeups for each distinct deadline | 1.010 (1.000 to 1.020) | 1.01 | met |
        | processor time over a bare thread's, without statistics | 1.20 (1.10 to 1.30) | 1.20 | met |

        | deadlines | timer wakeups | loop, us for a deadline | with statistics, us | bare thread, us for a deadline |
        | ---: | ---: | ---: | ---: | ---: |
        | 100 | 101 | 11.0 | 20.0 | 10.0 |
        | 100 | 102 | 13.0 | 20.0 | 10.0 |
        | 100 | 100 | 12.0 | 20.0 | 10.0 |
        """,
        TimingPage.idling(ENVIRONMENT, 4, rounds));
  }

  @Test
  void footprint_judgesWhatIsUnderSerial() {
    Footprint.Setting serial = new Footprint.Setting("Serial", "-XX:+UseSerialGC");
    Footprint.Setting other = new Footprint.Setting("G1", "-XX:+UseG1GC");
    Spread startMs = new Spread(200, 190, 210);
    List<Footprint.Row> rows =
        List.of(
            new Footprint.Row(serial, false, new Job.Taken(62_465, 60_000, 0.012), startMs),
            new Footprint.Row(serial, true, new Job.Taken(62_464, 60_000, 0.012), startMs),
            new Footprint.Row(other, false, new Job.Taken(80_000, 70_000, 0.012), startMs));
    String page = TimingPage.footprint(ENVIRONMENT, 3, rows);
    assertEquals(
        """
        | what | measured | at most | verdict |
        | --- | ---: | ---: | --- |
        | resident memory, MiB: Serial | 61.0 | 61 | **missed** |
        | resident memory, MiB: Serial, with a cache | 61.0 | 61 | met |

        | VM | options | most, MiB | at the end, MiB | start, ms | processor, % |
        | --- | --- | ---: | ---: | ---: | ---: |
        | Serial | `-XX:+UseSerialGC` | 61.0 | 58.6 | 200 (190 to 210) | 1.20 |
        | Serial, with a cache | `-XX:+UseSerialGC` | 61.0 | 58.6 | 200 (190 to 210) | 1.20 |
        | G1 | `-XX:+UseG1GC` | 78.1 | 68.4 | 200 (190 to 210) | 1.20 |
        """,
        page.substring(page.indexOf("| what")));
  }

  @Test
  void resident_isReadFromStatus() {
    assertEquals(
        new Job.Resident(70_000, 60_000),
        Job.Resident.parse("Name:\tjava\nVmHWM:\t   70000 kB\nVmRSS:\t   60000 kB\nThreads:\t9\n"));
    assertEquals(
        "status: no VmHWM and VmRSS (expected: both)",
        assertThrows(IllegalArgumentException.class, () -> Job.Resident.parse("VmRSS:\t1 kB\n"))
            .getMessage());
  }

  @Test
  void badInput_isRefused() throws Exception {
    assertRefused("Unknown option: '--fast'", "--fast");
    assertRefused(
        "--jar: none.jar (expected: a file, made by mvn -q -DskipTests package)",
        "--jar",
        "none.jar");
    assertRefused(
        "--dir: " + directory + " (expected: a folder with RESULTS.md, both to be written)",
        "--only",
        "idle",
        "--dir",
        directory.toString());
    Files.writeString(directory.resolve("RESULTS.md"), "");
    Path file = Files.writeString(directory.resolve("timing"), "");
    assertRefused(
        "--dir: java.nio.file.FileAlreadyExistsException: " + file,
        "--only",
        "idle",
        "--dir",
        directory.toString());
  }

  private static void assertRefused(String message, String... arguments) {
    PrintStream before = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      assertEquals(2, TimingMain.execute(arguments));
    } finally {
      System.setErr(before);
    }
    assertEquals("timing: " + message + "\n", said.toString(StandardCharsets.UTF_8));
  }
}
