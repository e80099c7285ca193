package dev.tasko.hal.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.VirtualTime;
import dev.tasko.hal.HalConfig;
import dev.tasko.hal.sim.SimHal;
import dev.tasko.hal.sim.SimRotary;
import dev.tasko.task.CoroutineEngine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RotaryEncoderTest {
  private static final long MS = 1_000_000;
  private static final long DETENT_NS = SimRotary.MIN_DETENT_NS;

  private final VirtualTime time = new VirtualTime(0);
  private final Loop loop = new Loop(new LoopConfig().virtualTime(time));
  private final SimRotary knob = open(loop);
  private final RotaryEncoder encoder = new RotaryEncoder(loop, knob.a(), knob.b(), 4);
  private final List<Long> moved = new ArrayList<>();

  private SimRotary open(Loop on) {
    return SimHal.open(HalConfig.virtualTime(time, on::sleepNs, on::callAt, 5)).knob();
  }

  @AfterEach
  void close() {
    loop.close();
  }

  private void runFor(long forNs) {
    loop.callAt(time.nanoTime() + forNs, loop::stop);
    loop.run();
  }

  @ParameterizedTest
  @EnumSource(CoroutineEngine.class)
  void await_tellsEachDetentOnceWhateverBounces(CoroutineEngine engine) {
    try (Loop other = new Loop(new LoopConfig().virtualTime(time).engine(engine))) {
      SimRotary turned = open(other);
      RotaryEncoder decoder = new RotaryEncoder(other, turned.a(), turned.b(), 4);
      turned.turn(10 * MS, 5, DETENT_NS);
      turned.turn(500 * MS, -7, DETENT_NS);
      other.addTask(() -> {
        while (moved.size() < 12) {
          moved.add(decoder.await());
        }
      });
      other.run();
      assertEquals(List.of(1L, 1L, 1L, 1L, 1L, -1L, -1L, -1L, -1L, -1L, -1L, -1L), moved);
      assertEquals(-8, decoder.position());
      assertEquals(0, decoder.lost());
    }
  }

  @Test
  void await_gathersWhatHappensMeanwhile() {
    knob.turn(0, 5, DETENT_NS);
    knob.turn(200 * MS, -2, DETENT_NS);
    loop.addTask(() -> {
      loop.sleepNs(1_000 * MS);
      moved.add(encoder.await());
    });
    loop.run();
    assertEquals(List.of(3L), moved);
  }

  @Test
  void merge_isSeenByTheLevelThatRepeats() {
    knob.bounce(false);
    knob.a().merge(2);
    knob.turn(0, 3, DETENT_NS);
    runFor(1_000 * MS);
    assertEquals(1, encoder.lost());
    assertEquals(12 - 4, encoder.position(), "one cycle short");
  }

  @Test
  void miss_isSeenByTheGap() {
    knob.bounce(false);
    knob.turn(0, 1, DETENT_NS);
    runFor(100 * MS);
    knob.b().miss(3);
    knob.turn(100 * MS, 4, DETENT_NS);
    runFor(1_000 * MS);
    assertEquals(3, encoder.lost());
    assertEquals(20 - 8, encoder.position(), "two cycles short, of the three it may cost");
  }

  /// Noise goes to and fro while the other line rests: nothing is lost, and nothing wrong.
  @Test
  void floatFor_atRestMovesNothing() {
    knob.a().floatFor(0, 10 * MS, 101);
    runFor(1_000 * MS);
    assertEquals(0, encoder.position());
    assertEquals(0, encoder.lost());
  }

  @Test
  void close_endsTheCounting() {
    encoder.close();
    knob.turn(0, 5, DETENT_NS);
    runFor(1_000 * MS);
    assertEquals(0, encoder.position());
  }

  @Test
  void construct_onTheWayIsNoLoss() {
    knob.turn(0, 5, DETENT_NS);
    runFor(2 * DETENT_NS + DETENT_NS / 8);
    encoder.close();
    RotaryEncoder late = new RotaryEncoder(loop, knob.a(), knob.b(), 1);
    runFor(1_000 * MS);
    assertTrue(Math.abs(11 - late.position()) <= 1, "a contact may be bouncing");
    assertEquals(0, late.lost());
  }

  @Test
  void await_twoTasks() {
    loop.addTask(encoder::await);
    loop.addTask("second", encoder::await);
    assertEquals(
        "await: interrupt encoder KNOB_A, KNOB_B is awaited by task "
            + loop.tasks().getFirst().name()
            + " (expected: one waiting task)",
        assertThrows(IllegalStateException.class, loop::run).getMessage());
  }
}
