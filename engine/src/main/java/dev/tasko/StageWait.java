package dev.tasko;

import dev.tasko.task.Scheduler;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// A task's wait for a completion stage.
final class StageWait {
  private StageWait() {}

  static <T extends @Nullable Object> T await(Loop loop, CompletionStage<T> stage) {
    Answer<T> answer = new Answer<>(loop);
    var _ = stage.whenComplete((value, thrown) -> answer.give(value, cause(thrown)));
    try {
      return answer.await(Scheduler.WaitFor.EVENT);
    } finally {
      if (!answer.isGiven()
          && stage instanceof Future<?> future
          && !(stage instanceof ResultTask.Outcome<?>)) {
        cancel(future);
      }
    }
  }

  private static void cancel(Future<?> future) {
    try {
      future.cancel(true);
    } catch (UnsupportedOperationException e) {
      // A view of a future for those who may not complete it.
    }
  }

  private static @Nullable Throwable cause(@Nullable Throwable thrown) {
    Throwable cause = thrown;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
