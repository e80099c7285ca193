package dev.tasko.task;

import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// What each task owns, last taken first. The list runs through the things themselves.
///
/// Thread: the loop's. Allocates: at construction.
public final class Holdings {
  private final @Nullable Holding[] first;

  /// Makes empty lists.
  ///
  /// @param capacity the number of tasks there can be
  public Holdings(int capacity) {
    first = new @Nullable Holding[capacity];
  }

  /// The task owns one thing more.
  ///
  /// @param task its index
  /// @param holding owned by nobody
  public void add(int task, Holding holding) {
    holding.next = first[task];
    first[task] = holding;
  }

  /// The task owns the thing no more. Cost: the number of things it took later and still owns.
  ///
  /// @param task its index
  /// @param holding nothing happens if the task does not own it
  public void remove(int task, Holding holding) {
    Holding before = null;
    for (Holding other = first[task]; other != null; other = other.next) {
      if (other.equals(holding)) {
        if (before == null) {
          first[task] = holding.next;
        } else {
          before.next = holding.next;
        }
        holding.next = null;
        return;
      }
      before = other;
    }
  }

  /// Whether the task owns nothing.
  ///
  /// @param task its index
  /// @return true for a task that may end
  public boolean isEmpty(int task) {
    return first[task] == null;
  }

  /// Gives back all that the task owns, whatever that throws.
  ///
  /// @param task its index
  /// @param taskName for the message
  /// @return what the task did wrong, with all that was thrown meanwhile suppressed
  public IllegalStateException giveBackAll(int task, String taskName) {
    IllegalStateException found =
        new IllegalStateException(
            "body: task "
                + taskName
                + " ended with "
                + names(task)
                + " not given back (expected: each lease closed, by try-with-resources); done now");
    for (Holding holding = first[task]; holding != null; holding = first[task]) {
      try {
        holding.giveBack();
      } catch (Throwable thrown) {
        found.addSuppressed(thrown);
      } finally {
        remove(task, holding);
      }
    }
    return found;
  }

  private String names(int task) {
    StringJoiner names = new StringJoiner(", ");
    for (Holding holding = first[task]; holding != null; holding = holding.next) {
      names.add(name(holding));
    }
    return names.toString();
  }

  /// Calls code of the user's, for whose sake nothing may stay taken.
  private static String name(Holding holding) {
    try {
      return holding.toString();
    } catch (RuntimeException e) {
      return "something that cannot be named (" + e + ")";
    }
  }
}
