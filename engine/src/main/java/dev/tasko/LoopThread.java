package dev.tasko;

import dev.tasko.task.Coroutine;
import org.jspecify.annotations.Nullable;

/// Which thread a loop belongs to: the first that steps it, and while a body runs on a worker's
/// thread, that one in its stead.
///
/// Read by any thread, without ordering: a thread finds itself in [#isBoundCurrent] only if it put
/// itself here. A loop that no thread has stepped yet belongs to whoever sets it up.
final class LoopThread {
  private @Nullable Thread owner;
  private @Nullable Coroutine running;

  void bind() {
    if (owner == null) {
      owner = Thread.currentThread();
    }
  }

  void runs(@Nullable Coroutine worker) {
    running = worker;
  }

  @Nullable Thread owner() {
    return owner;
  }

  @Nullable Coroutine running() {
    return running;
  }

  boolean isCurrent() {
    return owner == null || isBoundCurrent();
  }

  boolean isBoundCurrent() {
    Thread thread = Thread.currentThread();
    Coroutine worker = running;
    return thread.equals(owner) || (worker != null && worker.isOn(thread));
  }

  void require(String operation) {
    Thread bound = owner;
    if (!isCurrent()) {
      throw new IllegalStateException(
          operation
              + ": called on thread "
              + Thread.currentThread().getName()
              + " (expected: the loop's own"
              + (bound == null ? "" : ", " + bound.getName())
              + "; use post)");
    }
  }
}
