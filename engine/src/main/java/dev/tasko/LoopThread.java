package dev.tasko;

import org.jspecify.annotations.Nullable;

/// Which thread a loop belongs to: the first that steps it, and while a body runs on a worker's
/// thread, that one in its stead.
///
/// Read by any thread, without ordering: a thread finds itself in [#isBoundCurrent] only if it put
/// itself here. A loop that no thread has stepped yet belongs to whoever sets it up.
final class LoopThread {
  private @Nullable Thread owner;
  private @Nullable Thread standIn;

  void bind() {
    if (owner == null) {
      owner = Thread.currentThread();
    }
  }

  /// A body is about to run, or has come back. Written only if that changes something, which it
  /// never does on continuations: to write a reference costs the collector's barrier.
  ///
  /// @param other the thread that it runs on, or `null` for the loop's own
  @SuppressWarnings("ReferenceEquality") // threads have an identity only
  void lendTo(@Nullable Thread other) {
    if (standIn != other) {
      standIn = other;
    }
  }

  @Nullable Thread owner() {
    return owner;
  }

  /// The thread that is at work, as far as another thread can see it.
  @Nullable Thread atWork() {
    Thread other = standIn;
    return other == null ? owner : other;
  }

  boolean isCurrent() {
    return owner == null || isBoundCurrent();
  }

  boolean isBoundCurrent() {
    Thread thread = Thread.currentThread();
    return thread.equals(owner) || thread.equals(standIn);
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
