package dev.tasko.hal.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.tasko.hal.TransferResult;
import java.util.concurrent.CountDownLatch;
import org.jctools.queues.varhandle.SpscVarHandleArrayQueue;
import org.junit.jupiter.api.Test;

class BusThreadTest {
  /// What is submitted before the end is done, even if both come right after the thread found its
  /// ring empty.
  @Test
  void close_finishesWhatWasSubmittedJustBefore() throws InterruptedException {
    HeldRing ring = new HeldRing();
    BusThread thread = new BusThread("test", () -> {}, ring);
    ring.foundEmpty.await();
    Transaction transaction = new Nothing();
    thread.submit(transaction);
    Thread closer = new Thread(thread::close);
    closer.start();
    while (!thread.isClosed()) {
      Thread.onSpinWait();
    }
    ring.release.countDown();
    closer.join();
    assertSame(transaction, thread.poll());
    assertEquals(TransferResult.DONE, transaction.takeResult());
  }

  /// A ring whose consumer, having found it empty for the first time, is held up.
  private static final class HeldRing extends SpscVarHandleArrayQueue<Transaction> {
    final CountDownLatch foundEmpty = new CountDownLatch(1);
    final CountDownLatch release = new CountDownLatch(1);

    HeldRing() {
      super(16);
    }

    @Override
    public Transaction poll() {
      Transaction next = super.poll();
      if (next == null) {
        foundEmpty.countDown();
        try {
          release.await();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
      return next;
    }
  }

  private static final class Nothing extends Transaction {
    @Override
    TransferResult transfer() {
      return TransferResult.DONE;
    }
  }
}
