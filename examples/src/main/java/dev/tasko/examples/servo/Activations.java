package dev.tasko.examples.servo;

import org.HdrHistogram.Histogram;

/// The body of the control loop, whoever calls it: notes how late it is, and does a step.
///
/// Thread: the contender's. Allocates: no.
final class Activations {
  private final Histogram latenessNs = Lateness.newHistogram();
  private final Servo servo;
  private final long periodNs;
  private final long durationNs;
  private long startNs;

  Activations(Conditions conditions) {
    periodNs = conditions.periodNs();
    durationNs = conditions.durationNs();
    servo = new Servo(1.0 / conditions.rateHz());
  }

  /// One activation.
  ///
  /// @param nowNs when it began
  /// @param dueNs the point of the grid at which it should have
  /// @return whether another one is wanted: the round lasts for its time, however late it is
  boolean run(long nowNs, long dueNs) {
    if (latenessNs.getTotalCount() == 0) {
      startNs = dueNs;
    }
    latenessNs.recordValue(Math.clamp(nowNs - dueNs, 0, Lateness.MAX_NS));
    servo.step();
    // Half a period, as a point of the grid may be known with an error.
    long nextNs = dueNs + periodNs + periodNs / 2;
    return nextNs - startNs <= durationNs && nowNs - startNs < durationNs;
  }

  Histogram latenessNs() {
    return latenessNs;
  }

  Servo servo() {
    return servo;
  }
}
