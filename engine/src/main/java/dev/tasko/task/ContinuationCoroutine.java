package dev.tasko.task;

import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;
import org.jspecify.annotations.Nullable;

/// A coroutine on the VM's own continuations: a switch copies a few frames and allocates nothing.
/// This class must not be loaded before [CoroutineEngine] has found the package exported.
final class ContinuationCoroutine extends Continuation implements Coroutine {
  private static final ContinuationScope SCOPE = new ContinuationScope("tasko");

  private final CoroutinePool pool;

  ContinuationCoroutine(CoroutinePool pool) {
    super(SCOPE, ContinuationCoroutine::serve);
    this.pool = pool;
  }

  /// One for all of them, as there may be many.
  private static void serve() {
    Continuation current = Continuation.getCurrentContinuation(SCOPE);
    if (current instanceof ContinuationCoroutine self) {
      self.pool.serve(self);
    }
  }

  @Override
  public @Nullable Thread ownThread() {
    return null;
  }

  @Override
  public StackTraceElement[] stack() {
    return getStackTrace();
  }

  @Override
  public void switchIn() {
    run();
  }

  @Override
  public void switchOut() {
    if (!equals(Continuation.getCurrentContinuation(SCOPE))) {
      throw new IllegalStateException(
          "suspend: another loop runs inside this task (expected: its own loop's task on top)");
    }
    Continuation.yield(SCOPE);
  }

  @Override
  public void afterClose() {
    if (!isDone()) {
      throw new IllegalStateException("bug: coroutine: closed but not at its end");
    }
  }

  /// Says in words why the VM cannot suspend, instead of `Pinned: NATIVE`.
  @Override
  protected void onPinned(Continuation.Pinned reason) {
    String found =
        switch (reason) {
          case NATIVE -> "a native frame (a class initializer, JNI or a foreign upcall)";
          case MONITOR -> "a Java monitor (synchronized)";
          default -> "a critical section of the VM";
        };
    throw new IllegalStateException(
        "suspend: the task's stack holds "
            + found
            + " (expected: none; suspend outside it, or use the BATON engine)");
  }
}
