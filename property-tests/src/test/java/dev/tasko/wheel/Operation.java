package dev.tasko.wheel;

import java.util.List;

/// One step of a random program, free of state: it names timers and times by how to find them, so
/// that a shorter program is still a program.
///
/// @param kind what to do
/// @param pick which timer, modulo how many there are; of garbage, the handle; of `SCHEDULE`, the
///   time between the deadlines
/// @param time the deadline, or the poll's time
/// @param count the poll's budget, or how many timers to arm
/// @param reactions what the armed timer's handler does
record Operation(Kind kind, long pick, Time time, int count, List<Operation> reactions) {

  /// Enough for anything, but a defect cannot loop for ever.
  static final int UNLIMITED = 1 << 22;

  enum Kind {
    SCHEDULE,
    CANCEL,
    /// The earliest: after a rewind was begun for it, this gives the rewind up.
    CANCEL_FIRST,
    CANCEL_STALE,
    CANCEL_GARBAGE,
    /// The timer being fired; outside a handler the one fired last.
    CANCEL_SELF,
    /// The timer behind the one being fired, in the same slot; outside, behind the earliest.
    CANCEL_NEXT,
    POSTPONE,
    POSTPONE_FIRST,
    POSTPONE_STALE,
    POSTPONE_SELF,
    POSTPONE_NEXT,
    POLL,
    POLL_AT,
    POLL_ONE,
    ADVANCE,
    THROW,
    CLEAR,
    NESTED_POLL,
    ASK
  }

  enum Base {
    /// The clock.
    NOW,
    /// The wheel's start.
    START,
    /// The deadline of an armed timer.
    LIVE,
    /// The deadline given last.
    LAST,
    /// The earliest deadline.
    NEXT,
    /// The first multiple after the clock of one slot of a level.
    BOUNDARY,
    /// The clock plus the offset, rounded down.
    ROUNDED
  }

  /// @param base counted from here
  /// @param pick which timer, which level, or how many bits
  /// @param offset nanoseconds
  record Time(Base base, int pick, long offset) {
    static final Time NOW = new Time(Base.NOW, 0, 0);

    @Override
    public String toString() {
      return base
          + (base == Base.LIVE || base == Base.BOUNDARY || base == Base.ROUNDED ? "#" + pick : "")
          + (offset < 0 ? "" : "+")
          + offset;
    }
  }

  Operation with(List<Operation> others) {
    return new Operation(kind, pick, time, count, others);
  }

  Operation withCount(int other) {
    return new Operation(kind, pick, time, other, reactions);
  }

  Operation withTime(Time other) {
    return new Operation(kind, pick, other, count, reactions);
  }

  @Override
  public String toString() {
    return switch (kind) {
          case SCHEDULE ->
              "schedule " + time + (count > 1 ? " x " + count + ", each " + pick + " later" : "");
          case CANCEL, CANCEL_STALE -> kind + " #" + pick;
          case CANCEL_GARBAGE -> kind + " " + Long.toHexString(pick);
          case POSTPONE, POSTPONE_STALE -> kind + " #" + pick + " to " + time;
          case POSTPONE_FIRST, POSTPONE_SELF, POSTPONE_NEXT -> kind + " to " + time;
          case POLL -> "poll, budget " + count;
          case POLL_AT -> "poll at " + time + ", budget " + count;
          case POLL_ONE, ADVANCE, ASK, NESTED_POLL -> kind + " " + time;
          case CANCEL_FIRST, CANCEL_SELF, CANCEL_NEXT, THROW, CLEAR -> kind.toString();
        }
        + (reactions.isEmpty() ? "" : " -> " + reactions);
  }
}
