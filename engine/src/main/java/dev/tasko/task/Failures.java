package dev.tasko.task;

import org.agrona.LangUtil;
import org.jspecify.annotations.Nullable;

/// One failure out of several.
///
/// Thread: any. Allocates: the list of the suppressed.
public final class Failures {
  private Failures() {}

  /// The first, with the next suppressed. They may be one and the same, when somebody throws again
  /// what was thrown at him.
  ///
  /// @param first of all, or `null` if there was none yet
  /// @param next or `null`
  /// @return what to throw at the end, or `null` if there is nothing
  public static @Nullable Throwable join(@Nullable Throwable first, @Nullable Throwable next) {
    if (first == null) {
      return next;
    }
    if (next != null && !next.equals(first)) {
      first.addSuppressed(next);
    }
    return first;
  }

  /// Whether something was thrown for no other reason than that a task was to end. Who waits for a
  /// task that is cancelled fails by that, and may have been cancelled itself.
  ///
  /// @param thrown by a body
  /// @return false also if something else went wrong on the way out, which is suppressed in it
  public static boolean isCancellation(Throwable thrown) {
    for (Throwable besides : thrown.getSuppressed()) {
      if (!isCancellation(besides)) {
        return false;
      }
    }
    Throwable cause = thrown.getCause();
    return thrown instanceof TaskCancelledException || (cause != null && isCancellation(cause));
  }

  /// Throws what has gone wrong, if anything has.
  ///
  /// @param failure thrown as it is, or `null`
  public static void throwIfAny(@Nullable Throwable failure) {
    if (failure != null) {
      LangUtil.rethrowUnchecked(failure);
    }
  }
}
