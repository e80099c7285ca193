package dev.tasko.examples.servo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tasko.LoopConfig;
import dev.tasko.VirtualTime;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.NanoClock;
import org.junit.jupiter.api.Test;

/// The control loop in virtual time.
class LoopContenderTest {
  private static final Conditions CONDITIONS = new Conditions(1_000, 2, null, List.of());

  @Test
  void round_isOnItsGridAndReachesTheSpeed() throws Exception {
    VirtualTime time = new VirtualTime(-1_000);
    Activations activations = run(time, time);
    Histogram latenessNs = activations.latenessNs();
    assertEquals(CONDITIONS.planned(), latenessNs.getTotalCount());
    assertEquals(0, latenessNs.getMaxValue());
    assertEquals(Servo.TARGET_RAD_S, activations.servo().speedRadS(), 0.1);
  }

  /// Each reading of the clock takes so long that two points of the grid in three are lost.
  @Test
  void round_thatCannotKeepItsRateEndsAndCountsWhatIsMissed() throws Exception {
    VirtualTime time = new VirtualTime(0);
    NanoClock slow =
        () -> {
          time.sleepUntil(time.nanoTime() + 600_000);
          return time.nanoTime();
        };
    Lateness lateness = new Lateness("slow");
    lateness.add(CONDITIONS.planned(), run(slow, time).latenessNs());
    assertEquals(CONDITIONS.planned(), lateness.activations() + lateness.missed());
    assertEquals(true, lateness.missed() > CONDITIONS.planned() / 3);
  }

  private static Activations run(NanoClock clock, VirtualTime time) throws Exception {
    return new LoopContender("virtual", () -> new LoopConfig().clock(clock).sleeper(time))
        .runHere(CONDITIONS);
  }
}
