package dev.tasko.examples.station;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.ScheduledTask;
import dev.tasko.TaskStatistics;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The three acts in virtual time: what the servo holds, what is lost, and who is named.
class ShowTest {
  private static final long PROBES_HZ = 3700;

  /// The shaft itself is asked, not the encoder, and at other times than the servo looks.
  @Test
  void servo_staysWithinItsBoundInAllActs() {
    try (Rig rig = new Rig(20, 1000)) {
      double[] greatestRad = new double[Act.COUNT];
      rig.run(() ->
          rig.loop.scheduleCallback(
              PROBES_HZ,
              () -> {
                int act = rig.show().act().index();
                greatestRad[act] = Math.max(greatestRad[act], errorOfShaftRad(rig));
                if (rig.loop.nowNs() >= 19_900_000_000L) {
                  rig.loop.stop();
                }
              }));
      for (Act act : List.of(Act.KEEP_TIME, Act.SHARE_THE_BUS, Act.BREAK_IT)) {
        double seenRad = rig.show().servo().greatestErrorRad(act);
        assertTrue(seenRad > 0 && seenRad < Servo.BOUND_RAD, act + ": " + seenRad);
        double trueRad = greatestRad[act.index()];
        assertTrue(trueRad > 0 && trueRad < Servo.BOUND_RAD, act + ": " + trueRad);
      }
    }
  }

  private static double errorOfShaftRad(Rig rig) {
    Servo servo = rig.show().servo();
    boolean started = rig.task("servo").activations() > 0;
    return started ? Math.abs(servo.targetRadAt(rig.loop.nowNs()) - rig.motor().angleRad()) : 0;
  }

  /// The bound is not one that any motor keeps.
  @Test
  void servo_leavesItsBoundIfTheShaftIsStuck() {
    try (Rig rig = new Rig(20, 1000)) {
      rig.run(() -> rig.motor().stick(true));
      double seenRad = rig.show().servo().greatestErrorRad(Act.KEEP_TIME);
      assertTrue(seenRad > Servo.BOUND_RAD, "" + seenRad);
    }
  }

  @Test
  void spin_isNamedWithItsDurationAndWhatItCost() {
    try (Rig rig = new Rig(20, 1000).run()) {
      assertEquals(1, rig.show().spins());
      assertBlamed(rig, 1, 24);
      assertTrue(
          rig.events.latest().stream()
              .anyMatch(
                  line -> line.endsWith("spin ran for 25.000 ms: the servo lost 25 releases")),
          rig.events.latest()::toString);
    }
  }

  /// One activation is late, by what was left of the spin; all others are on the grid of the first.
  @ParameterizedTest
  @CsvSource({"200, 4", "1000, 24", "4000, 99"})
  void spin_leavesTheServoItsGrid(int servoHz, long leftOut) {
    try (Rig rig = new Rig(20, servoHz)) {
      long[] firstNs = new long[1];
      rig.run(() -> firstNs[0] = rig.loop.nowNs());
      ScheduledTask servo = rig.task("servo");
      assertBlamed(rig, 1, leftOut);
      assertEquals(1, servo.deadlinesMissed());
      assertEquals(leftOut, servo.missed());
      assertEquals(servo.activations() - 1, lateness(servo).getCountAtValue(0));
      long periodNs = 1_000_000_000L / servoHz;
      assertEquals(0, (servo.releaseNs() - firstNs[0]) % periodNs);
      assertEquals(
          servo.activations() + servo.missed(), (servo.releaseNs() - firstNs[0]) / periodNs);
      assertEquals(0, servo.overruns());
    }
  }

  private static Histogram lateness(ScheduledTask task) {
    TaskStatistics statistics = task.statistics();
    assertNotNull(statistics);
    return statistics.lateness();
  }

  private static void assertBlamed(Rig rig, long late, long leftOut) {
    List<Blame.Culprit> culprits = rig.show().blame().culprits();
    assertEquals(List.of("spin"), culprits.stream().map(Blame.Culprit::name).toList());
    Blame.Culprit spin = culprits.getFirst();
    assertEquals(Show.SPIN_NS, spin.longestRunNs());
    assertEquals(late, spin.late());
    assertEquals(leftOut, spin.leftOut());
  }

  @Test
  void secondAct_theAuditSharesTheBus() {
    try (Rig rig = new Rig(20, 1000).run()) {
      ScheduledTask audit = rig.task("audit");
      assertEquals(167, audit.activations());
      assertTrue(rig.task("sensor").resourceWaitNs() > 0, "the sensor never waited for the audit");
      assertEquals(0, audit.missed());
    }
  }

  @Test
  void longRun_theServoRestsAfterAMinute() {
    try (Rig rig = new Rig(100, 1000).run()) {
      long runs = rig.task("servo").activations() + rig.task("servo").missed();
      assertTrue(runs > 59_900 && runs <= 60_000, "" + runs);
      assertEquals(Act.REST, rig.show().act());
      assertEquals(0, rig.motor().speedRadS());
    }
  }

  @Test
  void keyX_spinsOnceMore() {
    try (Rig rig = new Rig(20, 1000)) {
      rig.run(() -> rig.keyAt(5.0005, 'x'));
      assertEquals(2, rig.show().spins());
      Blame.Culprit spin = rig.show().blame().culprits().getFirst();
      assertEquals(2, spin.late());
      assertEquals(48, spin.leftOut());
      assertTrue(rig.show().servo().greatestErrorRad(Act.KEEP_TIME) < Servo.BOUND_RAD);
    }
  }

  @Test
  void keyB_pressesTheButton() {
    try (Rig rig = new Rig(20, 1000)) {
      rig.run(() -> rig.keyAt(3, 'b'));
      assertEquals(1, rig.station.presses());
      assertEquals(21, rig.station.log().readings());
    }
  }

  @ParameterizedTest
  @ValueSource(chars = {'q', 3})
  void keyQ_endsTheRunWithEverythingLogged(char key) {
    try (Rig rig = new Rig(20, 1000)) {
      rig.run(() -> rig.keyAt(4, key));
      assertTrue(rig.loop.nowNs() < 4_300_000_000L, "at " + rig.loop.nowNs());
      assertEquals(5, rig.station.log().readings());
      assertTrue(rig.station.log().isEmpty());
      assertEquals(0, rig.show().spins());
      assertTrue(rig.events.latest().getLast().endsWith("5 readings logged"));
    }
  }

  @Test
  void keyWithoutMeaning_doesNothing() {
    try (Rig rig = new Rig(20, 1000)) {
      rig.run(() -> rig.keyAt(4, '?'));
      assertEquals(1, rig.show().spins());
      assertEquals(0, rig.station.presses());
      assertEquals(20, rig.station.log().readings());
    }
  }
}
