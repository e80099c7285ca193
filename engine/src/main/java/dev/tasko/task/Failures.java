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

  /// Throws what has gone wrong, if anything has.
  ///
  /// @param failure thrown as it is, or `null`
  public static void throwIfAny(@Nullable Throwable failure) {
    if (failure != null) {
      LangUtil.rethrowUnchecked(failure);
    }
  }
}
