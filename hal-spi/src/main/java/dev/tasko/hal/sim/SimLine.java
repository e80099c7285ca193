package dev.tasko.hal.sim;

import dev.tasko.hal.EdgeInput;
import dev.tasko.hal.EdgeListener;
import dev.tasko.hal.Later;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A simulated input line: what a part drives it to, what is read from it, and which of its edges
/// are told.
///
/// ```text
///   drive(level, atNs) ──► driven ──► level ──► hardware ──► EdgeListener
///                     bounce()     float()     merge(): several edges are told as one,
///                                              with the level at the telling
///                                              miss(): not told, but counted in the sequence
/// ```
///
/// Edges are told by whatever thread runs what is armed for later. Faults are set up while no edge
/// is under way, or by that thread. Thread of [#isHigh] and [#onEdge]: any.
public class SimLine implements EdgeInput {
  /// How long a bouncing contact needs at most until it rests.
  static final long SETTLE_NS = 5_000_000;

  private static final int MAX_PULSES = 6;
  private static final long MIN_BOUNCE_NS = 20_000;
  private static final long MAX_BOUNCE_NS = 400_000;

  private final String name;
  private final Later later;
  private final SplittableRandom random;
  private volatile boolean high = true;
  private volatile @Nullable EdgeListener listener;
  private boolean driven = true;
  private boolean floating;
  private int mergedEdges;
  private int missedEdges;
  private boolean latched;
  private long latchedNs;
  private long sequence;

  /// A line that is high.
  SimLine(String name, Later later, long seed) {
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

  /// Makes the hardware too slow for the next edges: it notices the first of them, and tells it
  /// with the last, with the level of then. No counter knows of the others.
  ///
  /// @param edges how many become one
  /// @throws IllegalArgumentException if less than 2
  public void merge(int edges) {
    if (edges < 2) {
      throw new IllegalArgumentException("edges: " + edges + " (expected: >= 2)");
    }
    mergedEdges = edges;
  }

  /// Makes the hardware drop the next edges as from a full queue: nobody is told, and the sequence
  /// has a gap.
  ///
  /// @param edges how many
  /// @throws IllegalArgumentException if less than 1
  public void miss(int edges) {
    if (edges < 1) {
      throw new IllegalArgumentException("edges: " + edges + " (expected: >= 1)");
    }
    missedEdges = edges;
  }

  /// Breaks the wire for a time: the line shows noise, and then what it is driven to.
  ///
  /// @param fromNs when it breaks, absolute
  /// @param forNs for how long
  /// @param edges how many edges the noise has in this time, at drawn moments
  /// @throws IllegalArgumentException if `forNs` is less than 1 or `edges` negative
  public void floatFor(long fromNs, long forNs, int edges) {
    if (forNs < 1) {
      throw new IllegalArgumentException("forNs: " + forNs + " (expected: >= 1)");
    }
    if (edges < 0) {
      throw new IllegalArgumentException("edges: " + edges + " (expected: >= 0)");
    }
    later.runAtNs(fromNs, () -> floating = true);
    for (int i = 0; i < edges; i++) {
      long noiseNs = fromNs + random.nextLong(forNs);
      later.runAtNs(noiseNs, () -> show(!high, noiseNs));
    }
    later.runAtNs(fromNs + forNs, () -> reconnect(fromNs + forNs));
  }

  private void reconnect(long nowNs) {
    floating = false;
    show(driven, nowNs);
  }

  /// Plans a change of level by a contact that bounces: an odd number of edges, so that the last
  /// one stays.
  final void planBouncing(boolean toHigh, long atNs) {
    int edges = 2 * random.nextInt(MAX_PULSES + 1) + 1;
    long edgeNs = atNs;
    for (int i = 0; i < edges; i++) {
      plan(i % 2 == 0 ? toHigh : !toHigh, edgeNs);
      edgeNs += random.nextLong(MIN_BOUNCE_NS, MAX_BOUNCE_NS + 1);
    }
  }

  /// Plans a change of level.
  final void plan(boolean toHigh, long atNs) {
    later.runAtNs(atNs, () -> drive(toHigh, atNs));
  }

  /// Changes the level now.
  final void drive(boolean toHigh, long nowNs) {
    driven = toHigh;
    if (!floating) {
      show(toHigh, nowNs);
    }
  }

  private void show(boolean toHigh, long nowNs) {
    if (high == toHigh) {
      return;
    }
    high = toHigh;
    if (missedEdges > 0) {
      missedEdges--;
      sequence++;
    } else if (mergedEdges > 0) {
      latch(nowNs);
    } else {
      tell(nowNs);
    }
  }

  private void latch(long nowNs) {
    if (!latched) {
      latched = true;
      latchedNs = nowNs;
    }
    mergedEdges--;
    if (mergedEdges == 0) {
      latched = false;
      tell(latchedNs);
    }
  }

  private void tell(long edgeNs) {
    sequence++;
    EdgeListener told = listener;
    if (told != null) {
      told.onEdge(high, edgeNs, sequence);
    }
  }
}
