package dev.tasko.bench.peer;

/// What a peer did with a random history of timers. Without the first four at zero its speed means
/// nothing; the others are what it does not promise.
///
/// @param peer as specified
/// @param armed timers scheduled and postponed
/// @param fired timers that fired
/// @param early fired before the deadline
/// @param lost neither fired nor cancelled
/// @param twice fired more than once
/// @param undead fired although cancelled
/// @param late fired in a later poll than the first that was due
/// @param deadlineOrder fired in one poll after a timer with a later deadline
/// @param arrivalOrder fired in one poll after a timer of equal deadline that was armed later
/// @param maxLatenessNs the greatest lateness; with a poll at every few milliseconds, that of the
///   polls
public record Completeness(
    String peer,
    int armed,
    int fired,
    int early,
    int lost,
    int twice,
    int undead,
    int late,
    int deadlineOrder,
    int arrivalOrder,
    long maxLatenessNs) {
  /// For the order of engines that have no polls.
  public static final int NOT_COUNTED = -1;

  /// Whether each timer did what it was there for.
  ///
  /// @return whether each fired exactly once, never early, and never after a cancel
  public boolean isComplete() {
    return early == 0 && lost == 0 && twice == 0 && undead == 0;
  }
}
