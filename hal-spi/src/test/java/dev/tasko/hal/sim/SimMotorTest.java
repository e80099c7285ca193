package dev.tasko.hal.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.VirtualTime;
import dev.tasko.hal.ManualTime;
import dev.tasko.hal.driver.RotaryEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SimMotorTest {
  private static final long MS = 1_000_000;
  private static final MotorSpec SPEC = MotorSpec.SMALL;
  private static final double TIME_CONSTANT = SPEC.inertiaKgM2() / SPEC.viscousNms();

  private final ManualTime time = new ManualTime();
  private final SimMotor motor = motor(time);

  private static SimMotor motor(ManualTime time) {
    return new SimMotor("M", time, time, 1, SPEC);
  }

  private static List<String> listen(SimMotor motor, long startNs) {
    List<String> trace = new ArrayList<>();
    motor.a().onEdge((up, atNs, _) -> trace.add((up ? "A^ " : "Av ") + (atNs - startNs)));
    motor.b().onEdge((up, atNs, _) -> trace.add((up ? "B^ " : "Bv ") + (atNs - startNs)));
    return trace;
  }

  @Test
  void command_speedComesNearItsEnd() {
    motor.command(1);
    time.delayNs((long) (1e9 * TIME_CONSTANT));
    assertEquals(225 * (1 - Math.exp(-1)), motor.speedRadS(), 1e-6);
    time.delayNs(10_000 * MS);
    assertEquals(225, motor.speedRadS(), 1e-6);
    motor.command(-0.5);
    time.delayNs(10_000 * MS);
    assertEquals(-100, motor.speedRadS(), 1e-6);
  }

  @Test
  void command_belowFrictionMovesNothing() {
    motor.command(0.0999);
    time.delayNs(10_000 * MS);
    assertEquals(0, motor.angleRad());
    motor.command(-0.0999);
    time.delayNs(10_000 * MS);
    assertEquals(0, motor.angleRad());
    motor.command(0.1001);
    time.delayNs(10_000 * MS);
    assertTrue(motor.angleRad() > 0);
  }

  @Test
  void coast_standsStillWhenFrictionHasTakenAll() {
    motor.command(1);
    time.delayNs(10_000 * MS);
    motor.command(0);
    double coastSeconds = TIME_CONSTANT * Math.log(1 + 225 * SPEC.viscousNms() / SPEC.coulombNm());
    long coastNs = (long) (1e9 * coastSeconds);
    time.delayNs(coastNs - 10);
    assertTrue(motor.speedRadS() > 0);
    time.delayNs(20);
    assertEquals(0, motor.speedRadS());
    double angle = motor.angleRad();
    List<String> trace = listen(motor, 0);
    time.delayNs(10_000 * MS);
    assertEquals(angle, motor.angleRad());
    assertEquals(List.of(), trace);
  }

  /// Against small steps of the same law, with commands at random.
  @Test
  void motion_agreesWithStepping() {
    SplittableRandom random = new SplittableRandom(7);
    SteppedMotor stepped = new SteppedMotor();
    for (int i = 0; i < 40; i++) {
      double command = random.nextDouble(-1, 1);
      int forMs = random.nextInt(1, 60);
      motor.command(command);
      time.delayNs(forMs * MS);
      stepped.run(command, 1_000 * forMs);
      assertEquals(stepped.speed, motor.speedRadS(), 0.01, "after command " + i);
      assertEquals(stepped.angle, motor.angleRad(), 0.01, "after command " + i);
    }
  }

  /// Euler's method in steps of a microsecond; friction stops what it would turn round.
  private static final class SteppedMotor {
    private double angle;
    private double speed;

    void run(double command, int steps) {
      for (int i = 0; i < steps; i++) {
        double drive = command * SPEC.stallTorqueNm() - SPEC.viscousNms() * speed;
        double before = speed;
        speed += 1e-6 / SPEC.inertiaKgM2() * drive;
        double brake = 1e-6 / SPEC.inertiaKgM2() * SPEC.coulombNm();
        double sign = Math.signum(before == 0 ? speed : before);
        speed = sign * speed <= brake ? 0 : speed - sign * brake;
        angle += 1e-6 * speed;
      }
    }
  }

  @Test
  void edges_atEachCount() {
    List<String> trace = new ArrayList<>();
    motor.a().onEdge((_, atNs, _) -> note(trace, atNs));
    motor.b().onEdge((_, atNs, _) -> note(trace, atNs));
    motor.command(0.5);
    time.delayNs(500 * MS);
    motor.command(-0.5);
    time.delayNs(500 * MS);
    assertTrue(trace.size() > 300, "edges: " + trace.size());
    assertEquals(Math.round(motor.angleRad() * 100 / (2 * Math.PI)), motor.counts());
  }

  /// The shaft is half way between two counts, to what it moves in a nanosecond.
  private void note(List<String> trace, long atNs) {
    assertEquals(time.nanoTime(), atNs);
    double counts = motor.angleRad() * 100 / (2 * Math.PI);
    assertEquals(0.5, counts - Math.floor(counts), 1e-5);
    trace.add("edge");
  }

  @Test
  void edges_doNotDependOnWhoLooks() {
    List<String> watched = run(true);
    assertEquals(watched, run(false));
    assertTrue(watched.size() > 1_000);
  }

  private static List<String> run(boolean looking) {
    ManualTime time = new ManualTime();
    SimMotor motor = motor(time);
    List<String> trace = listen(motor, time.nanoTime());
    for (int i = 0; i < 500; i++) {
      if (i % 100 == 0) {
        motor.command(i % 200 == 0 ? 1 : -0.7);
      }
      time.delayNs(2 * MS);
      if (looking) {
        assertNotEquals(0, motor.angleRad());
      }
    }
    return trace;
  }

  @Test
  void stick_stopsAtOnceAndLetsGo() {
    motor.command(1);
    time.delayNs(100 * MS);
    motor.stick(true);
    double angle = motor.angleRad();
    time.delayNs(1_000 * MS);
    assertEquals(angle, motor.angleRad());
    assertEquals(0, motor.speedRadS());
    motor.command(-1);
    time.delayNs(1_000 * MS);
    assertEquals(angle, motor.angleRad());
    motor.stick(false);
    time.delayNs(1_000 * MS);
    assertTrue(motor.angleRad() < angle);
  }

  @Test
  void slip_countsOnlyWhatTheDiscFollows() {
    motor.command(1);
    time.delayNs(1_000 * MS);
    double angle = motor.angleRad();
    long counts = motor.counts();
    motor.slip(0.25);
    time.delayNs(1_000 * MS);
    double slipped = (motor.angleRad() - angle) * 100 / (2 * Math.PI);
    assertEquals(0.75 * slipped, (double) (motor.counts() - counts), 1);
    motor.slip(1);
    counts = motor.counts();
    time.delayNs(1_000 * MS);
    assertEquals(counts, motor.counts());
  }

  private static void runFor(Loop loop, long forNs) {
    loop.callAt(loop.nowNs() + forNs, loop::stop);
    loop.run();
  }

  @Test
  void encoder_agreesInATask() {
    VirtualTime virtual = new VirtualTime(0);
    try (Loop loop = new Loop(new LoopConfig().virtualTime(virtual))) {
      SimMotor driven = new SimMotor("M", virtual, loop::callAt, 1, SPEC);
      RotaryEncoder encoder = new RotaryEncoder(loop, driven.a(), driven.b(), 1);
      loop.addTask(() -> {
        driven.command(1);
        while (encoder.position() < 1_000) {
          encoder.await();
        }
        driven.command(-1);
        while (encoder.position() > 0) {
          encoder.await();
        }
        driven.command(0);
      });
      runFor(loop, 20_000 * MS);
      assertEquals(0, driven.speedRadS());
      assertTrue(encoder.position() < 0, "it has overshot");
      assertEquals(driven.counts(), encoder.position());
      assertEquals(0, encoder.lost());
    }
  }

  /// A line that is broken for a time leaves whole cycles wrong.
  @Test
  void encoder_withOneLineFloating() {
    VirtualTime virtual = new VirtualTime(0);
    try (Loop loop = new Loop(new LoopConfig().virtualTime(virtual))) {
      SimMotor driven = new SimMotor("M", virtual, loop::callAt, 1, SPEC);
      RotaryEncoder encoder = new RotaryEncoder(loop, driven.a(), driven.b(), 1);
      driven.command(1);
      driven.b().floatFor(100 * MS, 50 * MS, 3);
      runFor(loop, 1_000 * MS);
      long error = encoder.position() - driven.counts();
      assertTrue(error < -20, "error " + error);
      assertEquals(0, error % 4);
    }
  }
}
