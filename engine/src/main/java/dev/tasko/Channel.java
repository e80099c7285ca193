package dev.tasko;

import dev.tasko.task.ClosedException;
import dev.tasko.task.Scheduler;
import dev.tasko.task.WaitQueue;
import dev.tasko.task.WaitTarget;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Values from task to task of one loop, in order, through a place of bounded size: who sends waits
/// while it is full, who receives waits while it is empty. Made by [Loop#channel].
///
/// ```text
///   send ── a receiver waits ──► given to the receiver
///     │
///     ├──── there is room ─────► [ v4 v3 v2 ] ──► receive
///     │                            ▲
///     └──── full: waits ───────────┘ as soon as there is room, by the receiver that made it
/// ```
///
/// Fair on both sides: first come, first served, and nobody gets in between. A value is given to
/// the task that has waited longest, not to whoever runs first; a sender's value takes the place
/// that becomes free before anybody else can. So there are never both values and waiting receivers,
/// nor both room and waiting senders.
///
/// Nothing is lost. A task that is cancelled or runs out of time while it waits leaves the queue:
/// its value was not sent, or it has received none. If the exchange came first, it counts, also if
/// the task has not run since: `send` and `receive` return, and the next suspension point throws.
///
/// [#close] ends it from the senders' side: what was sent is still received, then `receive` throws.
///
/// `run` does not wait for a channel: when nobody is left who could send, a waiting receiver is
/// stranded and named. Values from other threads come through a [dev.tasko.wakeup.Mailbox].
///
/// Thread: the loop's. Progress: wait-free; a cancelled task's leave costs the length of the queue.
/// Allocates: at construction.
///
/// @param <T> of the values
public class Channel<T> implements WaitTarget {
  private final TaskRunner runner;
  private final TaskValues exchange;
  private final String name;
  private final @Nullable Object[] ring;
  private int head;
  private int size;
  private boolean closed;

  /// For the property test too, which breaks what happens with them.
  final WaitQueue senders;

  private final WaitQueue receivers;

  Channel(TaskRunner runner, String name, int capacity) {
    this.runner = runner;
    this.name = name;
    exchange = runner.values();
    ring = new @Nullable Object[capacity];
    senders = new WaitQueue(runner.records());
    receivers = new WaitQueue(runner.records());
  }

  /// Sends a value; waits while there is no room.
  ///
  /// @param value not null
  /// @throws ClosedException if the channel is closed, or is while the task waits; the value was
  ///   not sent then
  /// @throws IllegalStateException outside a task
  public void send(T value) {
    Objects.requireNonNull(value, "value");
    int task = runner.suspendableTask("send");
    if (!accept("send", value)) {
      exchange.put(task, value);
      boolean sent = await("send", task, senders);
      exchange.take(task);
      requireServed("send", sent);
    }
  }

  /// Sends a value if there is room. May be called outside a task too.
  ///
  /// @param value not null
  /// @return `false` if the channel is full
  /// @throws ClosedException if it is closed
  public boolean trySend(T value) {
    Objects.requireNonNull(value, "value");
    runner.requireOnLoop("trySend");
    return accept("trySend", value);
  }

  /// Receives the oldest value; waits while there is none.
  ///
  /// @return never null
  /// @throws ClosedException if the channel is closed and all that was sent is received
  /// @throws IllegalStateException outside a task
  public T receive() {
    int task = runner.suspendableTask("receive");
    T value = poll();
    if (value == null) {
      requireServed("receive", !closed && await("receive", task, receivers));
      value = cast(exchange.take(task));
    }
    return Objects.requireNonNull(value, "bug: no value");
  }

  /// Receives the oldest value if there is one. May be called outside a task too.
  ///
  /// @return `null` if there is none; from a channel that [#isClosed] there will be none then
  public @Nullable T tryReceive() {
    runner.requireOnLoop("tryReceive");
    return poll();
  }

  /// Accepts nothing more. Tasks that wait to send are refused; tasks that wait to receive have
  /// received everything and are told. May be called outside a task too.
  ///
  /// @throws IllegalStateException if it is closed already
  public void close() {
    runner.requireOnLoop("close");
    if (closed) {
      throw new IllegalStateException("close: " + this + " is closed (expected: open)");
    }
    closed = true;
    resumeAll(senders);
    resumeAll(receivers);
  }

  /// Whether [#close] was called.
  ///
  /// @return also true while there is something left to receive
  public boolean isClosed() {
    return closed;
  }

  /// How many values are there to be received at once.
  ///
  /// @return 0 to [#capacity]; those of waiting senders are not counted
  public int size() {
    return size;
  }

  /// How many values there is room for.
  ///
  /// @return as given
  public int capacity() {
    return ring.length;
  }

  // The exchange.

  private boolean accept(String operation, T value) {
    requireServed(operation, !closed);
    int receiver = receivers.take();
    if (receiver != Scheduler.NO_TASK) {
      exchange.put(receiver, value);
      runner.resume(receiver);
      return true;
    }
    if (size == ring.length) {
      return false;
    }
    addLast(value);
    return true;
  }

  private @Nullable T poll() {
    if (size == 0) {
      return null;
    }
    T value = removeFirst();
    fillRoom();
    return value;
  }

  /// The place that has become free is the first sender's. A method so that the property test can
  /// break it.
  void fillRoom() {
    int sender = senders.take();
    if (sender != Scheduler.NO_TASK) {
      addLast(exchange.take(sender));
      runner.resume(sender);
    }
  }

  /// @return whether the task got what it waited for; if not, the channel was closed
  private boolean await(String operation, int task, WaitQueue queue) {
    queue.add(task);
    try {
      runner.suspend(operation, Scheduler.WaitFor.TASK, this);
    } catch (RuntimeException | Error thrown) {
      withdraw(queue, task);
      // When the loop is closed, a task is unwound although it was served.
      if (!isServed(queue, task)) {
        exchange.take(task);
        throw thrown;
      }
    }
    return isServed(queue, task);
  }

  /// A method so that the property test can break it.
  void withdraw(WaitQueue queue, int task) {
    queue.remove(task);
  }

  /// A sender's value was taken from it, a receiver has one.
  private boolean isServed(WaitQueue queue, int task) {
    return exchange.has(task) == (queue == receivers);
  }

  private void resumeAll(WaitQueue queue) {
    while (!queue.isEmpty()) {
      runner.resume(queue.take());
    }
  }

  private void requireServed(String operation, boolean served) {
    if (!served) {
      throw new ClosedException(operation, this);
    }
  }

  // The ring.

  private void addLast(@Nullable Object value) {
    ring[wrap(head + size)] = value;
    size++;
  }

  private T removeFirst() {
    T value = cast(ring[head]);
    ring[head] = null;
    head = wrap(head + 1);
    size--;
    return Objects.requireNonNull(value, "bug: no value");
  }

  private int wrap(int place) {
    return place < ring.length ? place : place - ring.length;
  }

  @SuppressWarnings("unchecked") // only values of this type were put there
  private @Nullable T cast(@Nullable Object value) {
    return (T) value;
  }

  /// Anybody may send or receive.
  @Override
  public int holder() {
    return Scheduler.NO_TASK;
  }

  @Override
  public String toString() {
    return "channel " + name;
  }
}
