package dev.tasko.examples.station;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.MissedTicks;
import dev.tasko.Release;
import dev.tasko.ScheduledTask;
import dev.tasko.VirtualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What each culprit is charged with.
class BlameTest {
  /// The second runs while the first one's losses have not been put down yet.
  @Test
  void twoInARow_eachIsChargedWithItsOwn() {
    VirtualTime time = new VirtualTime(0);
    Blame blame = new Blame();
    try (Loop loop = new Loop(new LoopConfig().virtualTime(time))) {
      Duration period = Duration.ofNanos(100);
      Release release =
          Release.every(period)
              .withMissedTicks(MissedTicks.SKIP)
              .withDeadline(period)
              .withMissHandler(blame::miss);
      ScheduledTask servo = loop.scheduleCallback("servo", release, () -> {});
      loop.runLater("first", 150e-9, () -> time.advance(500));
      loop.runLater("second", 750e-9, () -> time.advance(300));
      loop.runLater("end", 1550e-9, loop::stop);
      loop.run();
      blame.settle(servo.missed());
      assertEquals("first 1 4 500, second 1 2 300", told(blame));
      assertEquals(6, servo.missed());
    }
  }

  private static String told(Blame blame) {
    return String.join(
        ", ",
        blame.culprits().stream()
            .map(one ->
                one.name() + " " + one.late() + " " + one.leftOut() + " " + one.longestRunNs())
            .toList());
  }
}
