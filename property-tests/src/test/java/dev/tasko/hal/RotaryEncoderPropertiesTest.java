package dev.tasko.hal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.VirtualTime;
import dev.tasko.hal.driver.RotaryEncoder;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/// A shaft that goes any way over contacts that bounce in any way: its decoded position is exact if
/// each edge is told; and if edges are merged in pairs or dropped, wrong by no more than a cycle
/// for each one lost, never without saying so.
class RotaryEncoderPropertiesTest {
  private static final int CYCLE = 4;

  /// What becomes of an edge.
  enum Fate {
    TOLD,
    /// Told with the next of its line as one, with the level after that.
    MERGED,
    DROPPED
  }

  /// A count up or down; its contact goes to and fro some times. The fates are those of its edges,
  /// the last one for the rest.
  record Step(boolean up, int bounces, List<Fate> fates) {}

  private static Arbitrary<List<Step>> steps(Arbitrary<Fate> fate) {
    Arbitrary<Boolean> up = Arbitraries.frequency(Tuple.of(3, true), Tuple.of(1, false));
    Arbitrary<Integer> bounces = Arbitraries.integers().between(0, 4);
    return Combinators.combine(up, bounces, fate.list().ofSize(9))
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }

  @Provide
  Arbitrary<List<Step>> toldSteps() {
    return steps(Arbitraries.just(Fate.TOLD));
  }

  @Provide
  Arbitrary<List<Step>> lossySteps() {
    return steps(
        Arbitraries.frequency(
            Tuple.of(12, Fate.TOLD), Tuple.of(2, Fate.MERGED), Tuple.of(1, Fate.DROPPED)));
  }

  @Property(tries = 500)
  void bounce_isDecodedExactly(@ForAll("toldSteps") List<Step> steps) {
    try (Shaft shaft = new Shaft()) {
      for (Step step : steps) {
        shaft.step(step);
        assertEquals(shaft.count, shaft.encoder.position());
      }
      assertEquals(0, shaft.encoder.lost());
    }
  }

  @Property(tries = 2000)
  void losses_areSaidAndBoundTheError(@ForAll("lossySteps") List<Step> steps) {
    try (Shaft shaft = new Shaft()) {
      shaft.turnUpUnharmed();
      steps.forEach(shaft::step);
      shaft.turnUpUnharmed();
      long error = shaft.encoder.position() - shaft.count;
      long lost = shaft.encoder.lost();
      assertEquals(0, error % CYCLE, "whole cycles");
      assertTrue(Math.abs(error) <= CYCLE * lost, error + " with " + lost + " lost");
      assertEquals(shaft.edgesLost > 0, lost > 0, shaft.edgesLost + " lost, seen " + lost);
      Statistics.label("wrong").collect(error != 0);
    }
  }

  /// The model: a count, and the two contacts that show it.
  private static final class Shaft implements AutoCloseable {
    private final Loop loop = new Loop(new LoopConfig().virtualTime(new VirtualTime(0)));
    private final Contact a = new Contact("A");
    private final Contact b = new Contact("B");
    private final RotaryEncoder encoder = new RotaryEncoder(loop, a, b, CYCLE);
    private long count;
    private int edgesLost;

    void step(Step step) {
      long from = step.up() ? count : count - 1;
      Contact contact = from % 2 == 0 ? a : b;
      count += step.up() ? 1 : -1;
      for (int i = 0; i <= 2 * step.bounces(); i++) {
        edgesLost += contact.toggle(step.fates().get(i));
      }
    }

    /// Tells both lines, so that a gap is one; and what is still to be merged before.
    void turnUpUnharmed() {
      for (int i = 0; i < 2 * CYCLE; i++) {
        List<Fate> told = new ArrayList<>();
        told.add(Fate.TOLD);
        step(new Step(true, 0, told));
      }
    }

    @Override
    public void close() {
      loop.close();
    }
  }

  private static final class Contact implements EdgeInput {
    private final String name;
    private boolean high = true;
    private boolean merging;
    private long sequence;
    private @Nullable EdgeListener listener;

    Contact(String name) {
      this.name = name;
    }

    /// @return how many edges are lost by it
    int toggle(Fate fate) {
      high = !high;
      if (!merging && fate == Fate.MERGED) {
        merging = true;
        return 0;
      }
      sequence++;
      if (!merging && fate == Fate.DROPPED) {
        return 1;
      }
      int lost = merging ? 1 : 0;
      merging = false;
      if (listener != null) {
        listener.onEdge(high, sequence, sequence);
      }
      return lost;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public boolean isHigh() {
      return high;
    }

    @Override
    public void onEdge(@Nullable EdgeListener newListener) {
      listener = newListener;
    }
  }
}
