package dev.tasko;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A task that runs once and has a result.
///
/// Thread: the loop's.
///
/// @param <T> of the result
public final class ResultTask<T> extends Task {
  private final Callable<? extends T> callable;
  private @Nullable T value;
  private @Nullable Outcome<@Nullable T> future;

  /// Shared by all who want the result: one who does not any more leaves it to the others.
  static final class Outcome<T extends @Nullable Object> extends CompletableFuture<T> {}

  ResultTask(Loop loop, @Nullable String name, Callable<? extends T> callable) {
    super(loop, name, null, null);
    this.callable = callable;
  }

  @Override
  void runBody() throws Exception {
    value = callable.call();
  }

  @Override
  boolean isAwaited() {
    return (future != null && !future.isDone()) || super.isAwaited();
  }

  @Override
  void ended(@Nullable Throwable thrown) {
    super.ended(thrown);
    if (future != null) {
      complete(future);
    }
  }

  private void complete(CompletableFuture<@Nullable T> waiting) {
    Throwable thrown = failure();
    if (thrown == null) {
      waiting.complete(value);
    } else {
      waiting.completeExceptionally(thrown);
    }
  }

  /// Waits, in another task, for its result.
  ///
  /// @return what its body returned
  /// @throws TaskFailedException if it failed or was cancelled
  public @Nullable T result() {
    join();
    return value;
  }

  /// The result for code that knows nothing of tasks. It is completed on the loop's thread;
  /// cancelling it does not cancel the task. Of a failure that it takes, the loop's caller is not
  /// told.
  ///
  /// @return always the same
  public CompletableFuture<@Nullable T> future() {
    loop.requireOnLoop("future");
    Outcome<@Nullable T> waiting = future;
    if (waiting == null) {
      waiting = new Outcome<>();
      future = waiting;
      if (isDone()) {
        complete(waiting);
      }
    }
    return waiting;
  }
}
