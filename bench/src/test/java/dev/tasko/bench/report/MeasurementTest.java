package dev.tasko.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import dev.tasko.report.Spread;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What is read from JMH's JSON, of two forks with two iterations each.
class MeasurementTest {
  private static final String ALLOCATION = counter("gc.alloc.rate.norm", "B/op", "[8, 8], [8, 8]");

  @Test
  void counters_areOfOneIteration() {
    Measurement read =
        read("SparseBenchmark.hour", counter("wakes", "#", "[10, 10], [10, 14]"), ALLOCATION);
    assertEquals(Map.of("wakes", new Spread(10, 10, 14)), read.counters());
    assertTrue(read.timed());
  }

  @Test
  void counters_ofTheControllerAreOfTheLastIterationOfEachFork() {
    Measurement read =
        read("ControllerBenchmark.mix", counter("maxNs", "#", "[100, 700], [200, 300]"));
    assertEquals(Map.of("maxNs", new Spread(500, 300, 700)), read.counters());
    assertFalse(read.timed());
  }

  @Test
  void counters_standInTheOrderOfPercentiles() {
    Measurement read =
        read(
            "ControllerBenchmark.mix",
            counter("p9999Ns", "#", "[3]"),
            counter("p999Ns", "#", "[2]"),
            counter("p99Ns", "#", "[1]"));
    assertEquals(List.of("p99Ns", "p999Ns", "p9999Ns"), List.copyOf(read.counters().keySet()));
  }

  @Test
  void counters_withoutAny() {
    assertEquals(Map.of(), read("HoldBenchmark.hold", ALLOCATION).counters());
  }

  private static Measurement read(String benchmark, String... secondary) {
    String json =
        """
        {"benchmark": "dev.tasko.bench.%s", "mode": "avgt", "params": {"peer": "tasko"},
         "primaryMetric": {"scoreUnit": "ns/op", "rawData": [[1, 2], [3, 4]]},
         "secondaryMetrics": {%s}}
        """
            .formatted(benchmark, String.join(", ", secondary));
    return Measurement.of(JsonParser.parseString(json).getAsJsonObject());
  }

  private static String counter(String name, String unit, String rawData) {
    return "\"%s\": {\"scoreUnit\": \"%s\", \"rawData\": [%s]}".formatted(name, unit, rawData);
  }
}
