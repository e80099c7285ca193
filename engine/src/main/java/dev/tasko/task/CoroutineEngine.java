package dev.tasko.task;

import org.jspecify.annotations.Nullable;

/// How bodies get a stack that can be suspended. Both engines behave the same.
public enum CoroutineEngine {
  /// The VM's internal continuations: about a hundred nanoseconds a switch, and 0 bytes once the
  /// suspended frames are compiled. Needs the package `jdk.internal.vm` exported.
  CONTINUATION,

  /// One platform thread for each suspended body: microseconds to tens of microseconds a switch, no
  /// flag.
  BATON;

  /// The flag that opens the continuations.
  public static final String FLAG = "--add-exports java.base/jdk.internal.vm=ALL-UNNAMED";

  private static final @Nullable String OBSTACLE = findObstacle();

  /// The best engine of this VM.
  ///
  /// @return [#CONTINUATION] where it works
  public static CoroutineEngine best() {
    return OBSTACLE == null ? CONTINUATION : BATON;
  }

  /// Why [#CONTINUATION] does not work here, and what to do about it.
  ///
  /// @return `null` when it works
  public static @Nullable String obstacle() {
    return OBSTACLE;
  }

  /// Makes an idle worker.
  ///
  /// @param name of its thread, if it has one
  /// @param pool whose body it runs
  /// @return a new worker
  Coroutine newCoroutine(String name, CoroutinePool pool) {
    return this == CONTINUATION ? new ContinuationCoroutine(pool) : new BatonCoroutine(name, pool);
  }

  private static @Nullable String findObstacle() {
    Module own = CoroutineEngine.class.getModule();
    if (!Object.class.getModule().isExported("jdk.internal.vm", own)) {
      return "jdk.internal.vm is not exported; start java with " + FLAG;
    }
    try {
      CoroutinePool probe = new CoroutinePool(CONTINUATION, 1, () -> {});
      probe.giveBack(probe.take());
      probe.close();
      return null;
    } catch (UnsupportedOperationException e) {
      return "this VM has no continuations (" + e.getMessage() + ")";
    }
  }
}
