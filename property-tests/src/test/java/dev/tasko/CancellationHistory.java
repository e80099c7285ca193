package dev.tasko;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/// What some tasks do, what is done to them from outside, and when their loop is closed.
///
/// @param programs of the tasks that there are from the start
/// @param acts from callbacks and posts
/// @param closeAtNs when the loop is stopped and closed, if it still runs
record CancellationHistory(List<List<Operation>> programs, List<Act> acts, long closeAtNs) {
  static final int RESOURCES = 2;
  static final int INTERRUPTS = 2;
  private static final long LONG_NS = 100_000;
  private static final long NEVER_NS = Long.MAX_VALUE;

  /// What a task does. Those that say "until END" are blocks.
  enum Kind {
    YIELD,
    SLEEP,
    AWAIT,
    SUSPEND,
    JOIN,
    /// Acquires and holds a resource until END.
    HOLD,
    /// The same, but does not wait longer than a limit.
    HOLD_WITHIN,
    /// A time limit until END.
    LIMIT,
    /// A shield until END.
    SHIELD,
    /// Lets nothing that is thrown out until END.
    CATCH,
    /// A group until END.
    GROUP,
    /// A race until END.
    RACE,
    /// In a group a child until END, elsewhere a block of no meaning.
    FORK,
    END,
    FAIL,
    CANCEL,
    FIRE,
    RESUME;

    boolean isBlock() {
      return switch (this) {
        case HOLD, HOLD_WITHIN, LIMIT, SHIELD, CATCH, GROUP, RACE, FORK -> true;
        default -> false;
      };
    }
  }

  /// One thing that a task does.
  ///
  /// @param ns a time, where it needs one
  /// @param which resource, interrupt or task
  record Operation(Kind kind, int ns, int which) {
    /// Some limits are longer than anything else, and must leave nothing behind.
    long limitNs() {
      return which % 4 == 3 ? LONG_NS + ns : ns;
    }

    @Override
    public String toString() {
      return kind + "(" + ns + "," + which + ")";
    }
  }

  /// What happens to the tasks from outside.
  enum Deed {
    CANCEL,
    FIRE,
    RESUME
  }

  /// A deed at a time, in a callback in the sleeper pass or in a post before the next tasks.
  record Act(int atNs, Deed deed, int which, boolean posted) {}

  boolean isClosedEarly() {
    return closeAtNs != NEVER_NS;
  }

  boolean hasGroups() {
    return programs.stream()
        .flatMap(List::stream)
        .anyMatch(operation -> operation.kind() == Kind.GROUP || operation.kind() == Kind.RACE);
  }

  static Arbitrary<CancellationHistory> any() {
    return Combinators.combine(
            anyOperation().list().ofMaxSize(14).list().ofMinSize(1).ofMaxSize(6),
            anyAct().list().ofMaxSize(6),
            Arbitraries.frequencyOf(
                Tuple.of(5, Arbitraries.just(NEVER_NS)),
                Tuple.of(1, Arbitraries.longs().between(0, 12))))
        .as(CancellationHistory::new);
  }

  private static Arbitrary<Operation> anyOperation() {
    return Combinators.combine(
            Arbitraries.frequency(
                Tuple.of(3, Kind.YIELD),
                Tuple.of(4, Kind.SLEEP),
                Tuple.of(3, Kind.AWAIT),
                Tuple.of(3, Kind.SUSPEND),
                Tuple.of(2, Kind.JOIN),
                Tuple.of(5, Kind.HOLD),
                Tuple.of(3, Kind.HOLD_WITHIN),
                Tuple.of(3, Kind.LIMIT),
                Tuple.of(2, Kind.SHIELD),
                Tuple.of(2, Kind.CATCH),
                Tuple.of(2, Kind.GROUP),
                Tuple.of(1, Kind.RACE),
                Tuple.of(3, Kind.FORK),
                Tuple.of(5, Kind.END),
                Tuple.of(1, Kind.FAIL),
                Tuple.of(3, Kind.CANCEL),
                Tuple.of(3, Kind.FIRE),
                Tuple.of(3, Kind.RESUME)),
            Arbitraries.integers().between(-1, 8),
            Arbitraries.integers().between(0, 11))
        .as(Operation::new);
  }

  private static Arbitrary<Act> anyAct() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 12),
            Arbitraries.frequency(
                Tuple.of(4, Deed.CANCEL), Tuple.of(2, Deed.FIRE), Tuple.of(2, Deed.RESUME)),
            Arbitraries.integers().between(0, 11),
            Arbitraries.of(true, false))
        .as(Act::new);
  }
}
