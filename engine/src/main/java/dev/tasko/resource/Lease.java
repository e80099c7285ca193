package dev.tasko.resource;

/// A turn with a managed resource, for try-with-resources.
///
/// Thread: the loop's, in the task that acquired it.
///
/// @param <R> the thing shared
public final class Lease<R> implements AutoCloseable {
  private final Handle<R, ?> handle;

  Lease(Handle<R, ?> handle) {
    this.handle = handle;
  }

  /// The thing shared.
  ///
  /// @return never null
  /// @throws IllegalStateException if the turn is over, or another task's
  public R get() {
    return handle.resource();
  }

  /// Gives the resource to the next in the queue. A second call does nothing, and a call in a task
  /// that does not have the resource does nothing. The object serves all turns of its handle, so a
  /// late second call ends the turn that the same task has taken meanwhile through the same handle.
  @Override
  public void close() {
    handle.release();
  }
}
