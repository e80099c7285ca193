package dev.tasko.examples.servo;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/// How late one contender's activations began, round by round.
///
/// Thread: one at a time. Allocates: one histogram for each round.
final class Lateness {
  static final long MAX_NS = 60_000_000_000L;
  private static final int DIGITS = 3;

  private final String name;
  private final List<Histogram> rounds = new ArrayList<>();
  private long planned;

  /// @param name of the contender
  Lateness(String name) {
    this.name = name;
  }

  static Histogram newHistogram() {
    return new Histogram(MAX_NS, DIGITS);
  }

  /// Adds a round.
  ///
  /// @param plannedInRound activations that there should have been
  /// @param latenessNs of those that there were
  void add(long plannedInRound, Histogram latenessNs) {
    planned += plannedInRound;
    rounds.add(latenessNs);
  }

  String name() {
    return name;
  }

  List<Histogram> rounds() {
    return rounds;
  }

  Histogram all() {
    Histogram all = newHistogram();
    rounds.forEach(all::add);
    return all;
  }

  long activations() {
    return rounds.stream().mapToLong(Histogram::getTotalCount).sum();
  }

  /// Of the planned activations, those that never began.
  long missed() {
    return Math.max(planned - activations(), 0);
  }
}
