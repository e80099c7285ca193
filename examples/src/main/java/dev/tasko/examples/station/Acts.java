package dev.tasko.examples.station;

/// When the acts begin. Three equal ones share the run, but no more than its first minute: a day of
/// a servo would be 86 million activations.
///
/// @param actNs how long each lasts
record Acts(long actNs) {
  private static final double LONGEST_SECONDS = 60;
  private static final double NS_PER_SECOND = 1e9;

  static Acts ofRun(double seconds) {
    return new Acts((long) (Math.min(seconds, LONGEST_SECONDS) * NS_PER_SECOND / Act.COUNT));
  }

  /// Whether a run goes on after them.
  boolean endBefore(double seconds) {
    return seconds > LONGEST_SECONDS;
  }

  /// From the start of the run.
  long beginNs(Act act) {
    return act.index() * actNs;
  }

  /// When the third act breaks it, from the start of the run.
  long spinNs() {
    return beginNs(Act.BREAK_IT) + actNs / 2;
  }
}
