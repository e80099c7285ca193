package dev.tasko;

import dev.tasko.task.Delays;
import java.time.Duration;

/// What becomes of a task whose body or callback throws. Set for a loop ([LoopConfig#errorPolicy])
/// or a task ([Task#errorPolicy]). Whatever the policy, a failure is counted ([Task#failures],
/// [Loop#failures]), and one that neither leaves the loop nor reaches a waiting task is logged. A
/// cancelled task does not begin anew, whatever its policy says.
///
/// Thread: the loop's.
@FunctionalInterface
public interface ErrorPolicy {
  /// The task ends and what it threw leaves `step` or `run`, as in tasko.
  ErrorPolicy PROPAGATE = (_, _, _) -> Reaction.PROPAGATE;

  /// The task ends; the others go on.
  ErrorPolicy DISABLE = (_, _, _) -> Reaction.DISABLE;

  /// The task begins anew after a pause: the first time after `first`, then twice as long after
  /// each failure in a row, at most `max`.
  ///
  /// @param first at least 0; 0 means in the next step, each time
  /// @param max at least `first`
  /// @return the policy
  /// @throws IllegalArgumentException if they contradict each other
  static ErrorPolicy restart(Duration first, Duration max) {
    long firstNs = Delays.toNs("first", first);
    long maxNs = Delays.toNs("max", max);
    if (firstNs < 0) {
      throw new IllegalArgumentException("first: " + first + " (expected: >= 0)");
    }
    if (maxNs < firstNs) {
      throw new IllegalArgumentException("max: " + max + " (expected: >= first, " + first + ")");
    }
    return (_, _, failuresInRow) ->
        Reaction.restartAfterNs(backoffNs(firstNs, maxNs, failuresInRow));
  }

  private static long backoffNs(long firstNs, long maxNs, int failuresInRow) {
    long pauseNs = firstNs;
    for (int i = 1; i < failuresInRow && pauseNs < maxNs; i++) {
      pauseNs = pauseNs > maxNs / 2 ? maxNs : 2 * pauseNs;
      if (pauseNs == 0) {
        return 0;
      }
    }
    return pauseNs;
  }

  /// Decides. What it throws itself leaves the loop, with the failure suppressed.
  ///
  /// @param task whose body has ended
  /// @param thrown by it
  /// @param failuresInRow this one included; an activation that ends well begins a new row
  /// @return what is to be done
  Reaction onError(Task task, Throwable thrown, int failuresInRow);

  /// What is to be done about a failure.
  ///
  /// @param kind what
  /// @param pauseNs before a restart, else 0
  record Reaction(Kind kind, long pauseNs) {
    /// The kinds of reaction.
    public enum Kind {
      /// The task ends and the loop's caller gets the exception.
      PROPAGATE,
      /// The task ends, and that is logged.
      DISABLE,
      /// The task begins anew, and that is logged.
      RESTART
    }

    /// The task ends and the loop's caller gets the exception.
    public static final Reaction PROPAGATE = new Reaction(Kind.PROPAGATE, 0);

    /// The task ends; the others go on.
    public static final Reaction DISABLE = new Reaction(Kind.DISABLE, 0);

    /// Makes a restart.
    ///
    /// @param pauseNs from now; not positive means in the next step
    /// @return the reaction
    public static Reaction restartAfterNs(long pauseNs) {
      return new Reaction(Kind.RESTART, pauseNs);
    }
  }
}
