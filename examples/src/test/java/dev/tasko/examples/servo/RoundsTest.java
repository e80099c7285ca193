package dev.tasko.examples.servo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/// The order of rounds, with contenders that take no time.
class RoundsTest {
  private final List<String> ran = new ArrayList<>();

  @Test
  void rounds_areByTurnsAndTheFirstIsNotCounted() throws Exception {
    List<Contender> contenders = List.of(contender("a", 10), contender("b", 20));
    Conditions conditions = new Conditions(100, 3, null, List.of());
    List<String> told = new ArrayList<>();
    List<Lateness> results = new Rounds(contenders, conditions, told::add).run(2);
    assertEquals(List.of("a 20000", "b 20000", "a 100", "b 100", "b 100", "a 100"), ran);
    assertEquals("round 2 of 2: b", told.get(3));
    assertEquals(2, results.getFirst().activations());
    assertEquals(20, results.getLast().all().getMaxValue());
    assertEquals(2 * 300 - 2, results.getLast().missed());
  }

  private Contender contender(String name, long latenessNs) {
    return new Contender() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Histogram run(Conditions conditions) {
        ran.add(name + " " + conditions.rateHz());
        Histogram histogram = Lateness.newHistogram();
        histogram.recordValue(latenessNs);
        return histogram;
      }
    };
  }
}
