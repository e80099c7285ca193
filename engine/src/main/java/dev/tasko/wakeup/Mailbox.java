package dev.tasko.wakeup;

import dev.tasko.task.Scheduler;
import java.util.Objects;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/// Values from any thread to a task of the loop, in order for each thread. It is bounded: an offer
/// to a full mailbox is refused and counted, and the producer goes on. A value is accepted or
/// refused, never lost. Made by [dev.tasko.Loop#mailbox].
///
/// For several receiving tasks let one take and hand on through a [dev.tasko.Channel].
///
/// @param <T> of the values
public final class Mailbox<T> extends AwaitedInbox {
  private final MessagePassingQueue<T> values;
  private @Nullable T next;

  /// For the loop, which knows how many sources its queue has room for.
  ///
  /// @param scheduler of the loop
  /// @param wakeups of the loop
  /// @param name for messages
  /// @param capacity rounded up to a power of two, at least 2
  public Mailbox(Scheduler scheduler, WakeupQueue wakeups, String name, int capacity) {
    super(scheduler, wakeups, name);
    values = new MpscVarHandleArrayQueue<>(Math.max(capacity, 2));
  }

  /// Puts a value down for the task and wakes it. What the thread wrote before is seen by the task
  /// after it has taken the value.
  ///
  /// Thread: any. Progress: lock-free. Allocates: no.
  ///
  /// @param value not null
  /// @return whether it was accepted: `false` if the mailbox is full or closed
  public boolean offer(T value) {
    Objects.requireNonNull(value, "value");
    return offered(enter() && values.offer(value));
  }

  /// Takes the next value; waits until there is one.
  ///
  /// Thread: a task of the loop. While a task waits here, `run` does not return. Allocates: no.
  ///
  /// @return never null
  /// @throws dev.tasko.task.ClosedException if it is closed and empty
  /// @throws IllegalStateException outside a task, or if another task waits for it
  public T take() {
    await();
    return next();
  }

  /// Takes the next value without waiting.
  ///
  /// Thread: the loop's. Progress: wait-free. Allocates: no.
  ///
  /// @return `null` if there is none, or if what there is belongs to a waiting task
  public @Nullable T poll() {
    return fetchForAnyone() ? next() : null;
  }

  @Override
  public int capacity() {
    return values.capacity();
  }

  @Override
  boolean fetch() {
    if (next == null) {
      next = values.relaxedPoll();
    }
    return next != null;
  }

  private T next() {
    T value = Objects.requireNonNull(next, "bug: no value");
    next = null;
    return value;
  }
}
