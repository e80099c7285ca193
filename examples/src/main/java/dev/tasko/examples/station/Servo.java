package dev.tasko.examples.station;

import dev.tasko.hal.driver.RotaryEncoder;
import java.util.function.DoubleConsumer;

/// Holds a motor at an angle that swings slowly to and fro, from the counts of its encoder.
///
/// ```text
///   target ──┬──────────── feed forward: friction, speed ───────┐
///            └─► error ──► proportional, integral, damping ──► duty, in steps of a PWM ──► motor
///                  ▲                                                                        │
///                  └──────────────── angle ◄──── counts ◄───────────────────────────────────┘
/// ```
///
/// It looks at the time that has really passed, so a release that came late or was left out costs
/// accuracy and nothing else: the motor keeps its last duty meanwhile.
///
/// Thread: the loop's. Allocates: no.
final class Servo {
  /// What the error stays below in all acts, the 25 ms included: three counts of the encoder.
  static final double BOUND_RAD = 0.2;

  /// From one end to the other.
  static final double SWING_RAD = 4;

  static final int COUNTS_PER_TURN = 100;

  private static final double RAD_PER_COUNT = 2 * Math.PI / COUNTS_PER_TURN;
  private static final double SWING_RAD_S = 2 * Math.PI / 4;
  private static final double FRICTION_DUTY = 0.1;
  private static final double DUTY_PER_RAD_S = 0.004;
  private static final double DUTY_PER_RAD = 0.15;
  private static final double DUTY_PER_RAD_AND_S = 0.5;
  private static final double DAMPING_DUTY_PER_RAD_S = 0.008;
  private static final double SPEED_FILTER_S = 0.02;
  private static final double INTEGRAL_LIMIT_DUTY = 0.1;
  private static final int PWM_STEPS = 255;
  private static final double NS_PER_SECOND = 1e9;

  private final RotaryEncoder encoder;
  private final DoubleConsumer motor;
  private final double[] greatestErrorRad = new double[Act.COUNT];
  private boolean started;
  private long startNs;
  private long lastNs;
  private double targetRad;
  private double angleRad;
  private double speedRadS;
  private double integralDuty;

  /// With the shaft at the angle that counts as 0.
  ///
  /// @param motor is given the duty, -1 to 1
  Servo(RotaryEncoder encoder, DoubleConsumer motor) {
    this.encoder = encoder;
    this.motor = motor;
  }

  /// One activation. The swing begins with the first, at rest.
  void control(Act act, long nowNs) {
    if (!started) {
      started = true;
      startNs = nowNs;
      lastNs = nowNs;
    }
    double elapsedS = (nowNs - lastNs) / NS_PER_SECOND;
    lastNs = nowNs;
    targetRad = targetRadAt(nowNs);
    look(elapsedS);
    int slot = act.index();
    greatestErrorRad[slot] = Math.max(greatestErrorRad[slot], Math.abs(errorRad()));
    motor.accept(duty(elapsedS, targetRadSAt(nowNs)));
  }

  /// Where the shaft is to be, from the first activation on.
  double targetRadAt(long nowNs) {
    return SWING_RAD / 2 * (1 - Math.cos(phaseAt(nowNs)));
  }

  private double targetRadSAt(long nowNs) {
    return SWING_RAD / 2 * SWING_RAD_S * Math.sin(phaseAt(nowNs));
  }

  private double phaseAt(long nowNs) {
    return SWING_RAD_S * (nowNs - startNs) / NS_PER_SECOND;
  }

  /// The speed is that of some counts: one count in one period says little.
  private void look(double elapsedS) {
    double newAngleRad = encoder.position() * RAD_PER_COUNT;
    speedRadS += (newAngleRad - angleRad - speedRadS * elapsedS) / (SPEED_FILTER_S + elapsedS);
    angleRad = newAngleRad;
  }

  private double duty(double elapsedS, double targetRadS) {
    integralDuty =
        limit(integralDuty + DUTY_PER_RAD_AND_S * errorRad() * elapsedS, INTEGRAL_LIMIT_DUTY);
    double duty =
        FRICTION_DUTY * Math.signum(targetRadS)
            + DUTY_PER_RAD_S * targetRadS
            + DUTY_PER_RAD * errorRad()
            + integralDuty
            + DAMPING_DUTY_PER_RAD_S * (targetRadS - speedRadS);
    return (double) Math.round(limit(duty, 1) * PWM_STEPS) / PWM_STEPS;
  }

  private static double limit(double value, double limit) {
    return Math.clamp(value, -limit, limit);
  }

  double targetRad() {
    return targetRad;
  }

  double angleRad() {
    return angleRad;
  }

  double errorRad() {
    return targetRad - angleRad;
  }

  /// The greatest error at any activation of an act.
  double greatestErrorRad(Act act) {
    return greatestErrorRad[act.index()];
  }
}
