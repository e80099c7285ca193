package dev.tasko.safety;

import org.jspecify.annotations.Nullable;

/// One failure out of several.
final class Failures {
  private Failures() {}

  /// The first, with the others suppressed.
  static @Nullable Throwable join(@Nullable Throwable first, @Nullable Throwable next) {
    if (first == null) {
      return next;
    }
    if (next != null && !next.equals(first)) {
      first.addSuppressed(next);
    }
    return first;
  }
}
