package dev.tasko.hal.sim;

/// What a simulated motor is made of, seen at its shaft.
///
/// @param inertiaKgM2 moment of inertia of rotor and load
/// @param stallTorqueNm torque of a full command
/// @param viscousNms friction that grows with speed, the back-EMF included: torque for 1 rad/s
/// @param coulombNm friction of any movement, and what it takes to break away
/// @param countsPerTurn of its encoder, four for each cycle of the lines
public record MotorSpec(
    double inertiaKgM2,
    double stallTorqueNm,
    double viscousNms,
    double coulombNm,
    int countsPerTurn) {
  /// A small motor: 225 rad/s at full command, which it comes near to with a time constant of 0.1
  /// s; a tenth of the command moves nothing; 100 counts a turn.
  public static final MotorSpec SMALL = new MotorSpec(2e-5, 0.05, 2e-4, 0.005, 100);

  /// Checks the values.
  ///
  /// @throws IllegalArgumentException if one is out of its range
  public MotorSpec {
    requirePositive("inertiaKgM2", inertiaKgM2);
    requirePositive("stallTorqueNm", stallTorqueNm);
    requirePositive("viscousNms", viscousNms);
    if (!(coulombNm >= 0 && coulombNm < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("coulombNm: " + coulombNm + " (expected: >= 0)");
    }
    if (countsPerTurn < 1) {
      throw new IllegalArgumentException("countsPerTurn: " + countsPerTurn + " (expected: >= 1)");
    }
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
    }
  }
}
