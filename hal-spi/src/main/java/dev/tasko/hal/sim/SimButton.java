package dev.tasko.hal.sim;

import dev.tasko.hal.Later;

/// A simulated push-button to ground with a pull-up: high when released, low when pressed.
///
/// Its contact bounces: each press and each release begins with a drawn number of extra pulses
/// within the first milliseconds. Edges are told by whatever thread runs what is armed for later.
public final class SimButton extends SimLine {
  static final long SETTLE_MS = SETTLE_NS / 1_000_000;

  SimButton(String name, Later later, long seed) {
    super(name, later, seed);
  }

  /// Plans one press with its bounces. Presses must be apart by the hold and 5 ms more.
  ///
  /// @param atNs when the finger comes, absolute
  /// @param holdNs how long it stays, at least the 5 ms that a contact needs to settle
  /// @throws IllegalArgumentException if the hold is shorter
  public void press(long atNs, long holdNs) {
    if (holdNs < SETTLE_NS) {
      throw new IllegalArgumentException("holdNs: " + holdNs + " (expected: >= 5000000)");
    }
    planBouncing(false, atNs);
    planBouncing(true, atNs + holdNs);
  }
}
