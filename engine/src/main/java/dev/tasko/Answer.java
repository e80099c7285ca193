package dev.tasko;

import dev.tasko.task.Failures;
import dev.tasko.task.Scheduler;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What another thread will tell the running task: a value or a failure, once.
///
/// ```text
///   null ── the task waits ──► its Suspension ── given ──► GIVEN, and the task is resumed
///     └──────────────────────────── given ───────────────► GIVEN, and the task does not wait
/// ```
///
/// | field | owner | read | written |
/// |---|---|---|---|
/// | state | both | with the write | CAS by the loop, getAndSet by the giver |
/// | value, failure | the giver, then the loop | plain, after `state` or the resume | plain, before |
final class Answer<T extends @Nullable Object> {
  private static final Object GIVEN = new Object();

  private final Loop loop;
  private final AtomicReference<@Nullable Object> state = new AtomicReference<>();
  private @Nullable T value;
  private @Nullable Throwable failure;

  Answer(Loop loop) {
    this.loop = loop;
  }

  /// Thread: any, once.
  void give(@Nullable T result, @Nullable Throwable thrown) {
    value = result;
    failure = thrown;
    if (state.getAndSet(GIVEN) instanceof Suspension waiting) {
      waiting.resume();
    }
  }

  boolean isGiven() {
    return GIVEN.equals(state.get());
  }

  /// Waits for it, in the task that made it.
  @SuppressWarnings("NullAway") // the value is there if nothing was thrown
  T await(Scheduler.WaitFor waitFor) {
    if (!isGiven()) {
      Suspension suspension = loop.suspend();
      if (!state.compareAndSet(null, suspension)) {
        suspension.resume();
      }
      loop.runner().await(suspension, waitFor);
    }
    Failures.throwIfAny(failure);
    return value;
  }
}
