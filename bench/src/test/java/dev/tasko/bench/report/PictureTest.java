package dev.tasko.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.report.Spread;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Which pictures there are, and what is in them.
class PictureTest {
  @Test
  void workload_ofOneSizeHasNone() {
    assertEquals(List.of(), pictures(hold("tasko", 1_000, "a"), hold("agrona", 1_000, "a")));
  }

  @Test
  void workload_ofTwoConditionsHasTwo() {
    List<Picture> pictures =
        pictures(
            hold("tasko", 1_000, "a"),
            hold("tasko", 9_000, "a"),
            hold("tasko", 1_000, "b"),
            hold("tasko", 9_000, "b"));
    assertEquals(
        List.of("hold-a.svg", "hold-b.svg"), pictures.stream().map(Picture::fileName).toList());
    assertTrue(pictures.getLast().title().endsWith(" (delays=b)"));
  }

  @Test
  void limits_areDashedAndOfTheSameSizes() {
    Picture picture =
        pictures(
                measurement(Measurements.LIMIT, "chase", "", Map.of("live", "9000")),
                measurement(Measurements.LIMIT, "copy", "", Map.of("live", "7000")),
                hold("tasko", 1_000, "a"),
                hold("netty:offsetS=3600", 9_000, "a"))
            .getFirst();
    String svg = picture.toSvg();
    assertTrue(svg.contains("stroke-dasharray=\"6 4\""), svg);
    assertTrue(svg.contains(">limit: chase</text>"), svg);
    assertTrue(svg.contains(">netty</text>"), svg);
    assertFalse(svg.contains("copy"), svg);
    assertFalse(svg.contains("nanoTime"), svg);
  }

  @Test
  void clock_isALimitAtEverySize() {
    Picture picture =
        pictures(
                measurement(Measurements.CLOCK, "nanoTime", "", Map.of()),
                hold("tasko", 1_000, "a"),
                hold("tasko", 9_000, "a"))
            .getFirst();
    assertTrue(picture.toSvg().contains(">limit: nanoTime</text>"), picture::toSvg);
  }

  private static List<Picture> pictures(Measurement... measurements) {
    return Picture.of(new Measurements(List.of(measurements)));
  }

  private static Measurement hold(String peer, int live, String delays) {
    return measurement(
        "HoldBenchmark", "hold", peer, Map.of("live", String.valueOf(live), "delays", delays));
  }

  private static Measurement measurement(
      String className, String method, String peer, Map<String, String> params) {
    return new Measurement(
        className,
        method,
        new TreeMap<>(params),
        peer,
        Spread.exactly(100),
        List.of(),
        0,
        Map.of());
  }
}
