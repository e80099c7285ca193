package dev.tasko.hal.sim;

/// Two lines a quarter of a cycle apart, as a position in counts shows on them.
///
/// ```text
///   count & 3     0   1   2   3   0
///   A            ‾‾‾‾\_______/‾‾‾‾‾
///   B            ‾‾‾‾‾‾‾‾\_______/‾
/// ```
///
/// Exactly one line changes from one count to the next: A on the way to an odd one when going up.
final class Quadrature {
  static final int COUNTS_PER_CYCLE = 4;

  private Quadrature() {}

  static boolean isHighA(long count) {
    long phase = count & 3;
    return phase == 0 || phase == 3;
  }

  static boolean isHighB(long count) {
    return (count & 3) < 2;
  }
}
