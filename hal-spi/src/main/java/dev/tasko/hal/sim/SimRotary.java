package dev.tasko.hal.sim;

import dev.tasko.hal.Later;

/// A simulated rotary encoder with a push-button, as on a front panel: three contacts to ground
/// with pull-ups. It rests at detents, where both lines are high; from one to the next is one cycle
/// of four counts. Every contact bounces for up to 5 ms.
///
/// Turns are planned, each after the one before. Faults are those of its lines ([SimLine]).
///
/// Thread: set-up by one; edges are told by whatever thread runs what is armed for later.
public final class SimRotary {
  /// The shortest time from one detent to the next in which the contacts come to rest between
  /// counts.
  public static final long MIN_DETENT_NS = Quadrature.COUNTS_PER_CYCLE * SimLine.SETTLE_NS;

  private final SimLine a;
  private final SimLine b;
  private final SimButton button;
  private boolean bouncing = true;
  private long plannedCounts;
  private long restNs = Long.MIN_VALUE;

  SimRotary(String name, Later later, long seed) {
    a = new SimLine(name + "_A", later, seed);
    b = new SimLine(name + "_B", later, seed);
    button = new SimButton(name + "_BUTTON", later, seed);
  }

  /// Returns the line that changes first when the knob is turned up.
  ///
  /// @return the line, with its faults
  public SimLine a() {
    return a;
  }

  /// Returns the line that changes second when the knob is turned up.
  ///
  /// @return the line, with its faults
  public SimLine b() {
    return b;
  }

  /// Returns the button under the knob.
  ///
  /// @return the button, to plan presses
  public SimButton button() {
    return button;
  }

  /// Sets whether the contacts of the turns planned from now on bounce.
  ///
  /// @param newBouncing false for an optical encoder
  public void bounce(boolean newBouncing) {
    bouncing = newBouncing;
  }

  /// Plans a turn.
  ///
  /// @param atNs when it begins, absolute; not before the turn planned last has ended
  /// @param detents how far, negative for down
  /// @param detentNs the time from one detent to the next: the speed
  /// @throws IllegalArgumentException if it begins too early, or is too fast for the contacts
  public void turn(long atNs, int detents, long detentNs) {
    long minNs = bouncing ? MIN_DETENT_NS : Quadrature.COUNTS_PER_CYCLE;
    if (detentNs < minNs) {
      throw new IllegalArgumentException("detentNs: " + detentNs + " (expected: >= " + minNs + ")");
    }
    if (restNs != Long.MIN_VALUE && atNs - restNs < 0) {
      throw new IllegalArgumentException(
          "atNs: " + atNs + " (expected: >= " + restNs + ", when the turn before has ended)");
    }
    long counts = (long) Quadrature.COUNTS_PER_CYCLE * detents;
    int step = Long.signum(counts);
    for (long i = 0; i < Math.abs(counts); i++) {
      planCount(plannedCounts + step, atNs + i * detentNs / Quadrature.COUNTS_PER_CYCLE);
      plannedCounts += step;
    }
    restNs = atNs + Math.abs((long) detents) * detentNs;
  }

  private void planCount(long count, long atNs) {
    boolean movesA = Quadrature.isHighA(count) != Quadrature.isHighA(plannedCounts);
    SimLine line = movesA ? a : b;
    boolean toHigh = movesA ? Quadrature.isHighA(count) : Quadrature.isHighB(count);
    if (bouncing) {
      line.planBouncing(toHigh, atNs);
    } else {
      line.plan(toHigh, atNs);
    }
  }

  /// Returns where the knob is after all turns planned so far.
  ///
  /// @return counts, four a detent
  public long plannedCounts() {
    return plannedCounts;
  }
}
