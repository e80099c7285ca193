package dev.tasko;

import dev.tasko.task.Coroutine;
import org.jspecify.annotations.Nullable;

/// Which thread a loop belongs to: the first that steps it, and while a body runs on a worker's
/// thread, that one in its stead.
///
/// Read by any thread, without ordering: a thread can only find itself here if it put itself here.
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

  boolean isCurrent() {
    Thread thread = Thread.currentThread();
    Thread bound = owner;
    Coroutine worker = running;
    return bound == null || thread.equals(bound) || (worker != null && worker.isOn(thread));
  }

  void require(String operation) {
    if (!isCurrent()) {
      throw new IllegalStateException(
          operation
              + ": called on thread "
              + Thread.currentThread().getName()
              + " (expected: the loop's own"
              + (owner == null ? "" : ", " + owner.getName())
              + "; use post)");
    }
  }
}
