package dev.tasko.examples.servo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.linux.RealTime;
import dev.tasko.linux.RealTimeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What cyclictest writes, and with what it is started; the program itself is played by scripts.
class CyclictestTest {
  private static final String OUTPUT =
      """
      WARN: not setting cpu_dma_latency from cyclictest
      # Histogram
      000000 000000
      000007 000002
      000008 000000
      000012\t000098
      # Total: 000000100
      # Min Latencies: 00007
      # Avg Latencies: 00012
      # Max Latencies: 00150
      # Histogram Overflows: 00001
      # Histogram Overflow at cycle number:
      # Thread 0: 00031
      """;
  private static final RealTime.Setting FIFO =
      new RealTime.Setting("SCHED_FIFO priority", "80", null);
  private static final RealTime.Setting PROCESSOR = new RealTime.Setting("processor", "1", null);
  private static final RealTime.Setting MEMORY = new RealTime.Setting("memory", "locked", null);

  @TempDir Path directory;

  @Test
  void parse_takesTheMiddleOfEachMicrosecond() throws Exception {
    Histogram latenessNs = Cyclictest.parse(OUTPUT);
    assertEquals(101, latenessNs.getTotalCount());
    assertEquals(2, latenessNs.getCountBetweenValues(7_400, 7_600));
    assertEquals(98, latenessNs.getCountBetweenValues(12_400, 12_600));
    assertEquals(1, latenessNs.getCountBetweenValues(149_000, 151_000));
  }

  @Test
  void parse_whatIsNoHistogramIsRefused() {
    assertRefused("no line '# Histogram Overflows': Unable", "Unable\nProbably");
    assertRefused(
        "a total of 99 (expected: 100, as in its rows)", OUTPUT.replace("000000100", "000000099"));
    assertRefused(
        "no activation at all",
        "# Histogram\n# Total: 000000000\n# Max Latencies: 0\n# Histogram Overflows: 00000\n");
  }

  private static void assertRefused(String message, String output) {
    assertEquals(
        message, assertThrows(IOException.class, () -> Cyclictest.parse(output)).getMessage());
  }

  @Test
  void find_givesItTheRightsOfTheOthers() throws Exception {
    play("cat <<'END'\n" + OUTPUT + "END");
    List<String> all = find(FIFO, PROCESSOR, MEMORY).command(conditions(FIFO, PROCESSOR, MEMORY));
    assertTrue(
        all.containsAll(List.of("--priority=80", "--affinity=1", "--mlockall", "--interval=1000")),
        all.toString());
    RealTime.Setting refused = new RealTime.Setting("SCHED_FIFO priority", "80", "not permitted");
    List<String> few = find(refused).command(conditions(refused));
    assertEquals("--policy=other", few.getLast());
    assertTrue(few.stream().noneMatch(each -> each.matches("--(priority|affinity|mlockall).*")));
  }

  @Test
  void find_whatIsMissingOrRefusesIsSaid() throws Exception {
    assertEquals(
        "not found (to be had with apt-get install rt-tests)",
        assertThrows(IOException.class, this::find).getMessage());
    play("echo not permitted >&2; exit 1");
    assertEquals(
        "ended with 1: not permitted", assertThrows(IOException.class, this::find).getMessage());
  }

  private void play(String script) throws IOException {
    Path program = directory.resolve("cyclictest");
    Files.writeString(program, "#!/bin/sh\n" + script + "\n");
    assertTrue(program.toFile().setExecutable(true));
  }

  private Cyclictest find(RealTime.Setting... settings) throws IOException {
    return Cyclictest.find("/nowhere:" + directory, conditions(settings));
  }

  private static Conditions conditions(RealTime.Setting... settings) {
    return new Conditions(1_000, 2, new RealTimeConfig(), List.of(settings));
  }
}
