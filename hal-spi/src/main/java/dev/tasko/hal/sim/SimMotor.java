package dev.tasko.hal.sim;

import dev.tasko.hal.Later;
import org.agrona.concurrent.NanoClock;

/// A simulated motor with an encoder: a command makes torque, torque works against inertia and
/// friction ([ShaftMotion]), and each count of the shaft is an edge on one of two lines.
///
/// ```text
///   command ──► torque ──► shaft angle ──► grip ──► disc angle ──► counts ──► lines A, B
///                  stick()              slip()                            SimLine's faults
/// ```
///
/// The motion is computed from event to event, and what is armed is always the next one: a count or
/// a standstill. A motor at rest has nothing armed. Edges carry the time at which the shaft was
/// there, to the nanosecond, however late they are told.
///
/// Thread: any, under a lock; edges are told by whatever thread runs what is armed for later, or by
/// the one that calls. The lines know no lock, so float one only where these two are one thread, as
/// in virtual time.
public final class SimMotor {
  private final NanoClock clock;
  private final Later later;
  private final MotorSpec spec;
  private final double countsPerRad;
  private final SimLine a;
  private final SimLine b;

  private ShaftMotion motion;
  private double command;
  private boolean stuck;
  private double grip = 1;
  private double gripAngle;
  private double gripCounts;
  private long counts;
  private long nextNs = ShaftMotion.NEVER;
  private long armed;

  /// Makes a motor at rest.
  ///
  /// @param name of the motor; the lines' names are this and `_A` or `_B`
  /// @param clock the time it lives by
  /// @param later on that clock
  /// @param seed decides the noise of a floating line
  /// @param spec what it is made of
  public SimMotor(String name, NanoClock clock, Later later, long seed, MotorSpec spec) {
    this.clock = clock;
    this.later = later;
    this.spec = spec;
    countsPerRad = spec.countsPerTurn() / (2 * Math.PI);
    a = new SimLine(name + "_A", later, seed);
    b = new SimLine(name + "_B", later, seed);
    motion = ShaftMotion.atRest(clock.nanoTime(), 0);
  }

  /// Returns the line that changes first on the way up.
  ///
  /// @return the line, with its faults
  public SimLine a() {
    return a;
  }

  /// Returns the line that changes second on the way up.
  ///
  /// @return the line, with its faults
  public SimLine b() {
    return b;
  }

  /// Sets the torque, as the duty of a PWM would.
  ///
  /// @param newCommand the part of the stall torque, -1 to 1
  /// @throws IllegalArgumentException if out of range
  public synchronized void command(double newCommand) {
    if (!(newCommand >= -1 && newCommand <= 1)) {
      throw new IllegalArgumentException("command: " + newCommand + " (expected: -1 to 1)");
    }
    long nowNs = clock.nanoTime();
    settle(nowNs);
    command = newCommand;
    move(nowNs, motion.speedAt(nowNs));
  }

  /// Blocks the shaft at once, whatever its speed, or frees it.
  ///
  /// @param newStuck whether it stands still from now on
  public synchronized void stick(boolean newStuck) {
    long nowNs = clock.nanoTime();
    settle(nowNs);
    stuck = newStuck;
    move(nowNs, newStuck ? 0 : motion.speedAt(nowNs));
  }

  /// Loosens the encoder's disc on the shaft, or fixes it again.
  ///
  /// @param fraction how much of the shaft's movement from now on the disc does not follow
  /// @throws IllegalArgumentException if not 0 to 1
  public synchronized void slip(double fraction) {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException("fraction: " + fraction + " (expected: 0 to 1)");
    }
    long nowNs = clock.nanoTime();
    settle(nowNs);
    double angle = motion.angleAt(nowNs);
    gripCounts += grip * (angle - gripAngle) * countsPerRad;
    gripAngle = angle;
    grip = 1 - fraction;
    arm(nowNs);
  }

  /// Returns where the shaft is.
  ///
  /// @return radians since it was made
  public synchronized double angleRad() {
    long nowNs = clock.nanoTime();
    settle(nowNs);
    return motion.angleAt(nowNs);
  }

  /// Returns how fast the shaft is.
  ///
  /// @return radians per second
  public synchronized double speedRadS() {
    long nowNs = clock.nanoTime();
    settle(nowNs);
    return motion.speedAt(nowNs);
  }

  /// Returns where the encoder's disc is, to the nearest count, half a count included.
  ///
  /// @return counts since it was made
  public synchronized long counts() {
    settle(clock.nanoTime());
    return counts;
  }

  private void move(long nowNs, double speed) {
    double angle = motion.angleAt(nowNs);
    motion =
        stuck
            ? ShaftMotion.atRest(nowNs, angle)
            : ShaftMotion.under(command * spec.stallTorqueNm(), spec, nowNs, angle, speed);
    arm(nowNs);
  }

  private void arm(long nowNs) {
    nextNs = Math.min(motion.stopNs(), nextCountNs(nowNs));
    armed++;
    if (nextNs != ShaftMotion.NEVER) {
      long ticket = armed;
      long atNs = nextNs;
      later.runAtNs(atNs, () -> happen(ticket, atNs));
    }
  }

  /// The border to the next count is half way.
  private long nextCountNs(long nowNs) {
    int direction = motion.direction();
    if (direction == 0 || grip == 0) {
      return ShaftMotion.NEVER;
    }
    double border = counts + 0.5 * direction;
    double angle = gripAngle + (border - gripCounts) / (grip * countsPerRad);
    return motion.reachesNs(angle, nowNs);
  }

  private synchronized void happen(long ticket, long atNs) {
    if (ticket == armed) {
      settle(atNs);
    }
  }

  /// Lets everything happen that is due.
  private void settle(long nowNs) {
    while (nextNs != ShaftMotion.NEVER && nextNs - nowNs <= 0) {
      long atNs = nextNs;
      if (atNs == motion.stopNs()) {
        move(atNs, 0);
      } else {
        count(motion.direction(), atNs);
      }
    }
  }

  /// What follows is armed before anybody is told, since a listener may look or command.
  private void count(int direction, long atNs) {
    counts += direction;
    arm(atNs);
    a.drive(Quadrature.isHighA(counts), atNs);
    b.drive(Quadrature.isHighB(counts), atNs);
  }
}
