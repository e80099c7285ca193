package dev.tasko.resource;

import dev.tasko.Loop;
import dev.tasko.task.Scheduler;
import java.util.function.Consumer;

/// A managed resource as most locks are: released, it is free for whoever comes first, and the one
/// that has waited has to try again. For the test that the corpus of traces notices.
///
/// @param <R> the thing shared
/// @param <A> what a handle carries
public final class GapResource<R, A> extends ManagedResource<R, A> {
  private final Scheduler scheduler;

  /// See [ManagedResource].
  ///
  /// @param loop the tasks' loop
  /// @param resource the thing
  /// @param onAcquire runs in the task that gets it
  /// @param onRelease runs in the task that gives it back
  public GapResource(
      Loop loop, R resource, Consumer<? super A> onAcquire, Consumer<? super A> onRelease) {
    super(loop, resource, onAcquire, onRelease);
    scheduler = loop.scheduler();
  }

  @Override
  void handOver() {
    owner = Scheduler.NO_TASK;
    int next = takeWaiter();
    if (next != Scheduler.NO_TASK) {
      scheduler.resume(next);
    }
  }

  @Override
  void waitForTurn(int task) {
    do {
      super.waitForTurn(task);
    } while (isOwned());
    owner = task;
  }
}
