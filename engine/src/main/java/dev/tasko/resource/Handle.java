package dev.tasko.resource;

import dev.tasko.task.Delays;
import java.time.Duration;

/// A way to a managed resource with an argument of its own, for example a chip select.
///
/// Thread: the loop's. Allocates: no.
///
/// @param <R> the thing shared
/// @param <A> the argument
public final class Handle<R, A> {
  private final ManagedResource<R, A> managed;
  private final A argument;
  private final Lease<R> lease = new Lease<>(this);

  Handle(ManagedResource<R, A> managed, A argument) {
    this.managed = managed;
    this.argument = argument;
  }

  /// Waits until it is the running task's turn and takes the resource. If it is free, the task goes
  /// on at once.
  ///
  /// @return to be closed by the same task; the object is the handle's own, and used again
  /// @throws IllegalStateException outside a task, or if the task holds the resource already
  public Lease<R> acquire() {
    managed.acquire(this, ManagedResource.NO_LIMIT);
    return lease;
  }

  /// [#acquire()] with a limit to the wait. The turn itself is not limited.
  ///
  /// @param limit from now; of zero or less means: if it is free
  /// @return to be closed by the same task
  /// @throws dev.tasko.task.TaskTimeoutException if the turn has not come within the limit; the
  ///   task has left the queue then
  public Lease<R> acquire(Duration limit) {
    managed.acquire(this, Delays.toNs("limit", limit));
    return lease;
  }

  /// Whether some task holds the resource through this handle.
  ///
  /// @return derived from the owner, never stale
  public boolean isActive() {
    return managed.isOwnedThrough(this);
  }

  /// The argument.
  ///
  /// @return as given
  public A argument() {
    return argument;
  }

  R resource() {
    return managed.resource(this);
  }

  void release() {
    managed.release(this);
  }
}
