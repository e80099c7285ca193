package dev.tasko.hal.bus;

import dev.tasko.Loop;
import dev.tasko.hal.TransferResult;
import dev.tasko.wakeup.Interrupt;
import java.util.concurrent.locks.LockSupport;

/// The loop's side of a bus thread: a transaction suspends the task while the thread carries it
/// out.
///
/// The caller holds the bus, so there is at most one transaction under way.
///
/// Thread: the loop's. Allocates: no, unless a transfer fails.
final class HandOver {
  private static final long WIRE_POLL_NS = 50_000;

  private final String name;
  private final Interrupt completion;
  private final BusThread thread;

  /// Starts the thread of the bus.
  HandOver(Loop loop, String name) {
    this.name = name;
    completion = loop.completion(name);
    thread = new BusThread(name, completion::fire);
  }

  TransferResult perform(Transaction transaction) {
    if (thread.isClosed()) {
      return new TransferResult.Failed(
          name, "-", TransferResult.Reason.CLOSED, "its thread has ended (expected: open)");
    }
    thread.submit(transaction);
    boolean answered = false;
    try {
      Transaction done = null;
      while (done == null) {
        completion.await();
        done = thread.poll();
      }
      answered = true;
      return done.takeResult();
    } finally {
      if (!answered) {
        awaitWire();
      }
    }
  }

  /// The task cannot wait any longer (its loop is closing, or it may not suspend here). Until the
  /// wire is done the message, the select line and the one transaction belong to it, so the thread
  /// waits.
  private void awaitWire() {
    while (thread.poll() == null) {
      LockSupport.parkNanos(this, WIRE_POLL_NS);
    }
  }

  /// Finishes what is on the wire and ends the thread.
  void close() {
    thread.close();
  }
}
