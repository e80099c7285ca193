package dev.tasko.hal.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.hal.ManualTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimRotaryTest {
  private static final long MS = 1_000_000;

  private final ManualTime time = new ManualTime();
  private final long startNs = time.nanoTime();
  private final SimRotary knob = SimHal.open(time.config(1)).knob();
  private final List<String> trace = new ArrayList<>();

  private void listen(SimLine line) {
    String letter = line.name().substring(5);
    line.onEdge((rising, timestampNs, sequence) ->
        trace.add(
            "%s%s#%d at %d"
                .formatted(letter, rising ? "^" : "v", sequence, (timestampNs - startNs) / MS)));
  }

  private void listen() {
    knob.bounce(false);
    listen(knob.a());
    listen(knob.b());
  }

  @Test
  void turn_upAndDown() {
    listen();
    knob.turn(startNs, 1, 40 * MS);
    knob.turn(startNs + 100 * MS, -1, 20 * MS);
    time.delayNs(1_000 * MS);
    assertEquals(
        List.of(
            "Av#1 at 0",
            "Bv#1 at 10",
            "A^#2 at 20",
            "B^#2 at 30",
            "Bv#3 at 100",
            "Av#3 at 105",
            "B^#4 at 110",
            "A^#4 at 115"),
        trace);
    assertEquals(0, knob.plannedCounts());
  }

  @Test
  void turn_bouncesAndSettlesBetweenCounts() {
    listen(knob.a());
    listen(knob.b());
    knob.turn(startNs, 3, SimRotary.MIN_DETENT_NS);
    time.delayNs(1_000 * MS);
    assertTrue(trace.size() > 12, trace::toString);
    for (String edge : trace) {
      long atMs = Long.parseLong(edge.substring(edge.indexOf(" at ") + 4));
      assertEquals(edge.startsWith("A") ? 0 : 1, atMs / 5 % 2, edge);
    }
  }

  @Test
  void merge_tellsTheLastLevelOnce() {
    listen();
    knob.a().merge(2);
    knob.turn(startNs, 2, 40 * MS);
    time.delayNs(1_000 * MS);
    assertEquals(
        List.of(
            "Bv#1 at 10",
            "A^#1 at 0",
            "B^#2 at 30",
            "Av#2 at 40",
            "Bv#3 at 50",
            "A^#3 at 60",
            "B^#4 at 70"),
        trace);
  }

  @Test
  void miss_leavesAGapInTheSequence() {
    listen();
    knob.b().miss(2);
    knob.turn(startNs, 2, 40 * MS);
    time.delayNs(1_000 * MS);
    assertEquals(
        List.of("Av#1 at 0", "A^#2 at 20", "Av#3 at 40", "Bv#3 at 50", "A^#4 at 60", "B^#4 at 70"),
        trace);
  }

  @Test
  void floatFor_hidesTheLineAndEndsWithItsLevel() {
    listen();
    knob.a().floatFor(startNs, 25 * MS, 0);
    knob.b().floatFor(startNs, 15 * MS, 0);
    knob.turn(startNs + 1, 1, 40 * MS);
    time.delayNs(1_000 * MS);
    assertEquals(List.of("Bv#1 at 15", "B^#2 at 30"), trace, "A is back where it was");
  }

  @Test
  void floatFor_isNoiseBySeed() {
    List<String> first = noise(1);
    assertEquals(first, noise(1));
    assertNotEquals(first, noise(2));
    assertEquals(20, first.size());
  }

  private static List<String> noise(long seed) {
    ManualTime time = new ManualTime();
    SimLine line = SimHal.open(time.config(seed)).knob().b();
    List<String> trace = new ArrayList<>();
    line.onEdge((rising, timestampNs, _) -> trace.add(rising + " " + timestampNs));
    line.floatFor(time.nanoTime(), 10 * MS, 20);
    time.delayNs(20 * MS);
    assertTrue(line.isHigh());
    return trace;
  }

  @Test
  void button_isAnInputOfItsOwn() {
    ManualTime other = new ManualTime();
    SimHal hal = SimHal.open(other.config(1));
    List<Boolean> levels = new ArrayList<>();
    hal.edges("KNOB_BUTTON").onEdge((rising, _, _) -> levels.add(rising));
    hal.knob().button().press(other.nanoTime(), 10 * MS);
    other.delayNs(100 * MS);
    assertEquals(false, levels.getFirst());
    assertEquals(true, levels.getLast());
  }
}
