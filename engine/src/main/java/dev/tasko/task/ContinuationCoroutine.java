package dev.tasko.task;

import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;

/// A coroutine on the VM's own continuations: a switch copies a few frames and allocates nothing.
/// This class must not be loaded before [CoroutineEngine] has found the package exported.
final class ContinuationCoroutine extends Coroutine {
  private static final ContinuationScope SCOPE = new ContinuationScope("tasko");

  private final Continuation continuation = new Worker(this::serve);

  @Override
  public boolean isOn(Thread thread) {
    return false;
  }

  @Override
  public StackTraceElement[] stack() {
    return continuation.getStackTrace();
  }

  /// Its frames are on the stack of the thread that runs it.
  @Override
  public StackTraceElement[] runningStack(Thread loopThread) {
    return loopThread.getStackTrace();
  }

  @Override
  public boolean isStackSafe() {
    return false;
  }

  @Override
  void switchIn() {
    continuation.run();
  }

  @Override
  void switchOut() {
    if (!continuation.equals(Continuation.getCurrentContinuation(SCOPE))) {
      throw new IllegalStateException(
          "suspend: another loop runs inside this task (expected: its own loop's task on top)");
    }
    Continuation.yield(SCOPE);
  }

  @Override
  void afterClose() {
    if (!continuation.isDone()) {
      throw new IllegalStateException("bug: coroutine: closed but not at its end");
    }
  }

  /// Says in words why the VM cannot suspend, instead of `Pinned: NATIVE`.
  private static final class Worker extends Continuation {
    Worker(Runnable target) {
      super(SCOPE, target);
    }

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
}
