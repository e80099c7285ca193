package dev.tasko.examples.servo;

/// A motor brought to a speed and held there: each step, the motor has turned on for a period under
/// the last command, its speed is read, and a PI controller says the next command.
///
/// The motor is the simplest one, torque against inertia and friction, so that a step is work like
/// a controller's and takes no time to speak of. It ignores when it is really called: what is
/// measured is the caller.
///
/// Thread: any, one at a time. Allocates: no.
final class Servo {
  static final double TARGET_RAD_S = 100;

  private static final double STALL_TORQUE_NM = 0.2;
  private static final double INERTIA_KG_M2 = 1e-4;
  private static final double FRICTION_NM_S = 1e-3;
  private static final double PROPORTIONAL = 0.02;
  private static final double INTEGRAL_PER_S = 0.4;

  private final double periodSeconds;
  private double speedRadS;
  private double command;
  private double integral;

  /// A motor at rest.
  Servo(double periodSeconds) {
    this.periodSeconds = periodSeconds;
  }

  void step() {
    turnOn();
    double errorRadS = TARGET_RAD_S - speedRadS;
    double wanted = PROPORTIONAL * errorRadS + integral;
    command = Math.clamp(wanted, -1, 1);
    // What the motor cannot give is not waited for.
    if (command == wanted) {
      integral += INTEGRAL_PER_S * errorRadS * periodSeconds;
    }
  }

  private void turnOn() {
    double torqueNm = command * STALL_TORQUE_NM - FRICTION_NM_S * speedRadS;
    speedRadS += torqueNm / INERTIA_KG_M2 * periodSeconds;
  }

  double speedRadS() {
    return speedRadS;
  }
}
