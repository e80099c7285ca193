package dev.tasko.safety;

import dev.tasko.Pulse;
import org.jspecify.annotations.Nullable;

/// Decides, look by look, whether a loop still gets on. Reads no clock and has no thread.
///
/// A turn that is found unchanged in [#LOOKS] looks after the first is a stall, if it has taken
/// `stalledAfter` by then; if the looks came a little soon, the next one decides. Looks are
/// counted, not time alone: if the machine or the whole VM stands still for a minute, that is one
/// look that comes late, and three more must find the turn unchanged while everything runs, an
/// eighth of the time apart at least.
///
/// ```text
///      turn begins          stalledAfter
///           │◄────────────────────────────────►│
///   looks   ┊   1       2       3       4       5: stalled
///               └ seen  └ ¼     └ ½     └ ¾     └ stalledAfter, counted from look 1
/// ```
///
/// So it takes from `stalledAfter` to 3/2 of it, and what the watchdog's thread is late itself.
///
/// Thread: the watchdog's, except [#stopBegins].
final class Watchdog {
  static final int LOOKS = 4;

  /// Below that the looks would come at the times at which threads are usually late.
  static final long MIN_STALLED_NS = 1_000_000;

  /// What a look has found.
  enum Finding {
    /// The loop gets on, or nothing can be said yet.
    ALIVE,
    /// It is parked and was at the last look: nothing is to be looked after until it wakes.
    ASLEEP,
    /// It is in the same turn for too long. Found once for a turn.
    STALLED,
    /// Its thread has ended without closing it. Found once.
    DEAD,
    /// It has begun to stop and is not done within the bound. Found once.
    OVERDUE
  }

  private final Pulse pulse;
  private final long stalledNs;
  private final long overdueNs;
  private long beats = -1;
  private int unchanged;
  private long sinceNs;
  private boolean stallTold;
  private boolean deadTold;
  private boolean overdueTold;

  /// Published by `stopping`.
  private long stopNs;

  private volatile boolean stopping;

  /// Makes one that has not looked yet.
  ///
  /// @param stalledNs how long a turn may take
  /// @param overdueNs how long a stop may take
  Watchdog(Pulse pulse, long stalledNs, long overdueNs) {
    this.pulse = pulse;
    this.stalledNs = stalledNs;
    this.overdueNs = overdueNs;
  }

  /// From here on the loop is to come to an end.
  ///
  /// Thread: any, once.
  void stopBegins(long nowNs) {
    stopNs = nowNs;
    stopping = true;
  }

  /// Looks. To be called four times in the time after which the loop counts as stalled.
  Finding look(long nowNs) {
    Finding turn = lookAtTurn(nowNs);
    if (turn == Finding.STALLED) {
      return turn;
    }
    if (!deadTold && pulse.isDead()) {
      deadTold = true;
      return Finding.DEAD;
    }
    if (!overdueTold && stopping && nowNs - stopNs > overdueNs) {
      overdueTold = true;
      return Finding.OVERDUE;
    }
    return stopping ? Finding.ALIVE : turn;
  }

  private Finding lookAtTurn(long nowNs) {
    long seen = pulse.beats();
    if (seen != beats) {
      beats = seen;
      unchanged = 0;
      sinceNs = nowNs;
      stallTold = false;
      return Finding.ALIVE;
    }
    unchanged = Math.min(unchanged + 1, LOOKS);
    if (!isInTurn()) {
      return pulse.isAsleep() ? Finding.ASLEEP : Finding.ALIVE;
    }
    if (stallTold || unchanged < LOOKS || nowNs - sinceNs < stalledNs || pulse.isDead()) {
      return Finding.ALIVE;
    }
    stallTold = true;
    return Finding.STALLED;
  }

  private boolean isInTurn() {
    return (beats & 1) != 0;
  }

  /// In words, right after a finding.
  StalledException describe(Finding finding, String culprit, long nowNs) {
    long forNs = nowNs - (finding == Finding.OVERDUE ? stopNs : sinceNs);
    String found =
        switch (finding) {
          case STALLED ->
              "stalled: one turn takes " + ms(forNs) + " in " + culprit + below(stalledNs);
          case OVERDUE ->
              "overdue: the stop takes " + ms(forNs) + " in " + culprit + below(overdueNs);
          default ->
              "dead: thread "
                  + threadName()
                  + " has ended in "
                  + culprit
                  + " (expected: after a safe stop)";
        };
    return new StalledException(found, culprit, forNs, pulse.dump(), pulse.stack());
  }

  private @Nullable String threadName() {
    Thread thread = pulse.thread();
    return thread == null ? null : thread.getName();
  }

  private static String below(long limitNs) {
    return " (expected: below " + ms(limitNs) + ")";
  }

  private static String ms(long ns) {
    return ns / 1_000_000 + " ms";
  }
}
