package dev.tasko.hal.bus;

import dev.tasko.task.Threads;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.varhandle.SpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/// The thread that blocks on a bus so that the loop does not.
///
/// ```text
///   loop ── submit ──► submitted ──► perform ──► completed ──► poll ── loop
///                      (ring)        on the bus   (ring)  └── onCompletion ──► wakes the loop
/// ```
///
/// Each ring has one producer and one consumer, so neither side ever retries: wait-free both ways.
/// Going to sleep follows the rule of every such pair: each side writes, then reads what the other
/// wrote (the thread: `idle`, then the ring; the loop: the ring, then `idle`), with a full fence
/// between, so that at least one sees the other.
///
/// | field | written | read |
/// |---|---|---|
/// | rings | JCTools, release | JCTools, acquire |
/// | idle | volatile, bus thread | volatile, loop after a full fence |
/// | closing | volatile, loop | volatile, bus thread |
final class BusThread {
  private static final int RING_CAPACITY = 16;

  private final Runnable onCompletion;
  private final SpscVarHandleArrayQueue<Transaction> submitted;
  private final SpscVarHandleArrayQueue<Transaction> completed =
      new SpscVarHandleArrayQueue<>(RING_CAPACITY);
  private final Thread thread;
  private volatile boolean idle;
  private volatile boolean closing;

  BusThread(String busName, Runnable onCompletion) {
    this(busName, onCompletion, new SpscVarHandleArrayQueue<>(RING_CAPACITY));
  }

  /// Of a given ring, so that a test can come between two looks at it.
  BusThread(String busName, Runnable onCompletion, SpscVarHandleArrayQueue<Transaction> submitted) {
    this.onCompletion = onCompletion;
    this.submitted = submitted;
    thread = new Thread(Threads.prepared(this::serve), "tasko-bus-" + busName);
    thread.setDaemon(true);
    thread.start();
  }

  /// Whether nothing can be submitted any more. Thread: the loop's.
  boolean isClosed() {
    return closing;
  }

  /// Thread: the loop's. Wait-free.
  void submit(Transaction transaction) {
    if (!submitted.offer(transaction)) {
      throw new IllegalStateException(
          "bug: bus ring: full with " + RING_CAPACITY + " transactions (expected: one)");
    }
    VarHandle.fullFence();
    if (idle) {
      LockSupport.unpark(thread);
    }
  }

  /// Thread: the loop's. Wait-free.
  @Nullable Transaction poll() {
    return completed.poll();
  }

  /// Finishes what was submitted and ends the thread.
  void close() {
    closing = true;
    LockSupport.unpark(thread);
    Threads.joinUninterruptibly(thread);
  }

  private void serve() {
    while (true) {
      boolean last = closing; // before the ring: what was submitted first is still done
      Transaction next = submitted.poll();
      if (next != null) {
        next.perform();
        completed.offer(next);
        onCompletion.run();
      } else if (last) {
        return;
      } else {
        sleepUnlessSubmitted();
      }
    }
  }

  private void sleepUnlessSubmitted() {
    idle = true;
    if (submitted.isEmpty() && !closing) {
      LockSupport.park(this);
    }
    idle = false;
  }
}
