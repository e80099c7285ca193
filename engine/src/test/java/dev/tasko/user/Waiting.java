package dev.tasko.user;

import dev.tasko.Loop;
import dev.tasko.resource.Handle;
import dev.tasko.resource.Lease;

/// User code, outside the engine's packages, whose frames a report shows.
public final class Waiting {
  private Waiting() {}

  /// Takes one thing, then the other.
  ///
  /// @param loop of the running task
  /// @param first taken first
  /// @param second taken while the first is held
  public static void takeBoth(Loop loop, Handle<?, ?> first, Handle<?, ?> second) {
    try (Lease<?> _ = first.acquire()) {
      loop.yieldNow();
      second.acquire().close();
    }
  }
}
