package dev.tasko.hal.sim;

import dev.tasko.hal.EdgeInput;
import dev.tasko.hal.EdgeListener;
import dev.tasko.hal.Later;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A simulated push-button to ground with a pull-up: high when released, low when pressed.
///
/// Its contact bounces: each press and each release begins with a drawn number of extra pulses
/// within the first milliseconds. Edges are told by whatever thread runs what is armed for later.
public final class SimButton implements EdgeInput {
  static final long SETTLE_MS = 5;
  private static final int MAX_BOUNCES = 6;
  private static final long MIN_BOUNCE_NS = 20_000;
  private static final long MAX_BOUNCE_NS = 400_000;

  private final String name;
  private final Later later;
  private final SplittableRandom random;
  private volatile boolean high = true;
  private volatile @Nullable EdgeListener listener;
  private long sequence;

  SimButton(String name, Later later, long seed) {
    this.name = name;
    this.later = later;
    this.random = new SplittableRandom(seed ^ name.hashCode());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean isHigh() {
    return high;
  }

  @Override
  public void onEdge(@Nullable EdgeListener newListener) {
    listener = newListener;
  }

  /// Plans one press with its bounces. Presses must be apart by the hold and 5 ms more.
  ///
  /// @param atNs when the finger comes, absolute
  /// @param holdNs how long it stays, at least the 5 ms that a contact needs to settle
  /// @throws IllegalArgumentException if the hold is shorter
  public void press(long atNs, long holdNs) {
    if (holdNs < 1_000_000 * SETTLE_MS) {
      throw new IllegalArgumentException("holdNs: " + holdNs + " (expected: >= 5000000)");
    }
    settle(false, atNs);
    settle(true, atNs + holdNs);
  }

  /// Plans a change of level: an odd number of edges, so that the last one stays.
  private void settle(boolean toHigh, long atNs) {
    int edges = 2 * random.nextInt(MAX_BOUNCES + 1) + 1;
    long edgeNs = atNs;
    for (int i = 0; i < edges; i++) {
      plan(i % 2 == 0 ? toHigh : !toHigh, edgeNs);
      edgeNs += random.nextLong(MIN_BOUNCE_NS, MAX_BOUNCE_NS + 1);
    }
  }

  private void plan(boolean toHigh, long atNs) {
    later.runAtNs(atNs, () -> change(toHigh, atNs));
  }

  private void change(boolean toHigh, long atNs) {
    if (high == toHigh) {
      return;
    }
    high = toHigh;
    sequence++;
    EdgeListener told = listener;
    if (told != null) {
      told.onEdge(toHigh, atNs, sequence);
    }
  }
}
