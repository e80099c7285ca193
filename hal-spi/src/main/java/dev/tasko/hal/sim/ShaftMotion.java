package dev.tasko.hal.sim;

/// How a shaft moves while nothing changes: constant torque, and speed of one sign.
///
/// ```text
///   J dw/dt = M - b w - sign(w) C      w(t) = wEnd + (w0 - wEnd) exp(-t b/J)
///                                      wEnd = (M - sign C) / b
///   angle(t) = angle0 + wEnd t + (w0 - wEnd) (J/b) (1 - exp(-t b/J))
/// ```
///
/// Solved, not stepped: what is true at a time does not depend on how often one has looked, and
/// [StrictMath] makes it the same on each machine. Where the speed comes to 0 this motion ends and
/// another begins, since friction turns round or holds.
///
/// Times are absolute, in nanoseconds.
final class ShaftMotion {
  static final long NEVER = Long.MAX_VALUE;

  private static final long HORIZON_NS = 1L << 55;

  private final long startNs;
  private final double startAngle;
  private final double startSpeed;
  private final double endSpeed;
  private final double timeConstant;
  private final int direction;
  private final long stopNs;

  /// A shaft at rest that stays there.
  static ShaftMotion atRest(long startNs, double angle) {
    return new ShaftMotion(startNs, angle, 0, 0, 1, 0);
  }

  /// A shaft under a torque; at rest if that does not overcome friction.
  static ShaftMotion under(
      double torqueNm, MotorSpec spec, long startNs, double angle, double speed) {
    double cause = speed == 0 && Math.abs(torqueNm) > spec.coulombNm() ? torqueNm : speed;
    if (cause == 0) {
      return atRest(startNs, angle);
    }
    int direction = cause > 0 ? 1 : -1;
    double endSpeed = (torqueNm - direction * spec.coulombNm()) / spec.viscousNms();
    double timeConstant = spec.inertiaKgM2() / spec.viscousNms();
    return new ShaftMotion(startNs, angle, speed, endSpeed, timeConstant, direction);
  }

  private ShaftMotion(
      long startNs,
      double startAngle,
      double startSpeed,
      double endSpeed,
      double timeConstant,
      int direction) {
    this.startNs = startNs;
    this.startAngle = startAngle;
    this.startSpeed = startSpeed;
    this.endSpeed = endSpeed;
    this.timeConstant = timeConstant;
    this.direction = direction;
    this.stopNs = computeStopNs();
  }

  private long computeStopNs() {
    if (direction * endSpeed >= 0) {
      return NEVER;
    }
    double seconds = timeConstant * StrictMath.log1p(-startSpeed / endSpeed);
    return startNs + (long) StrictMath.ceil(1e9 * seconds);
  }

  /// The sign of the speed, 0 at rest.
  int direction() {
    return direction;
  }

  /// When the speed has come to 0, or [#NEVER].
  long stopNs() {
    return stopNs;
  }

  /// Radians per second, before the stop.
  double speedAt(long nowNs) {
    return endSpeed + (startSpeed - endSpeed) * StrictMath.exp(-seconds(nowNs) / timeConstant);
  }

  /// Radians.
  double angleAt(long nowNs) {
    double seconds = seconds(nowNs);
    double decayed = -StrictMath.expm1(-seconds / timeConstant);
    return startAngle + endSpeed * seconds + (startSpeed - endSpeed) * timeConstant * decayed;
  }

  private double seconds(long nowNs) {
    return (nowNs - startNs) / 1e9;
  }

  /// When an angle ahead is first reached or passed, by halving, or [#NEVER].
  ///
  /// @param fromNs not before
  long reachesNs(double angle, long fromNs) {
    long before = 0;
    long after = 1;
    long limit = stopNs == NEVER ? HORIZON_NS : stopNs - fromNs;
    while (after < limit && !isPast(angle, fromNs + after)) {
      before = after;
      after *= 2;
    }
    after = Math.min(after, limit);
    if (direction == 0 || !isPast(angle, fromNs + after)) {
      return NEVER;
    }
    while (after - before > 1) {
      long middle = before + (after - before) / 2;
      if (isPast(angle, fromNs + middle)) {
        after = middle;
      } else {
        before = middle;
      }
    }
    return fromNs + after;
  }

  private boolean isPast(double angle, long nowNs) {
    return direction * (angleAt(nowNs) - angle) >= 0;
  }
}
