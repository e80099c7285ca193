package dev.tasko.user;

import dev.tasko.resource.Handle;
import dev.tasko.resource.Lease;

/// A user's class, outside the engine's packages, that asks for what it holds.
public final class Nesting {
  private Nesting() {}

  /// Holds one and asks for the other.
  ///
  /// @param outer held
  /// @param inner asked for
  /// @return never
  public static String nest(Handle<String, String> outer, Handle<String, String> inner) {
    try (Lease<String> lease = outer.acquire()) {
      return lease.get() + inner(inner);
    }
  }

  private static String inner(Handle<String, String> handle) {
    try (Lease<String> lease = handle.acquire()) {
      return lease.get();
    }
  }
}
