package dev.tasko.task;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A coroutine on a platform thread. Loop and workers hand a baton to each other; exactly one runs.
/// Works on any VM, and costs two thread switches where a continuation costs a copy. The baton is a
/// volatile flag: writing it publishes all that its holder did.
///
/// Who waits looks at the flag for some microseconds before it parks, because waking a parked
/// thread takes tens of them; on a machine with one processor it parks at once.
///
/// An interrupt goes with the baton, as if there were one thread: the body sees that of the loop's
/// thread, and the loop that of the body. Left set on a thread that waits, it would also turn its
/// parking into spinning.
final class BatonCoroutine implements Coroutine {
  private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 500 : 0;

  private final CoroutinePool pool;
  private final Thread thread;
  private @Nullable Thread loopThread;
  private boolean interrupted;
  private volatile boolean workersTurn;
  private boolean started;

  BatonCoroutine(String name, CoroutinePool pool) {
    this.pool = pool;
    thread = new Thread(this::live, name);
    thread.setDaemon(true);
  }

  @Override
  public Thread ownThread() {
    return thread;
  }

  @Override
  public StackTraceElement[] stack() {
    return thread.getStackTrace();
  }

  @Override
  public void switchIn() {
    loopThread = Thread.currentThread();
    interrupted = Thread.interrupted();
    workersTurn = true;
    if (started) {
      LockSupport.unpark(thread);
    } else {
      thread.start();
      started = true;
    }
    awaitTurn(false, thread);
    takeInterrupt();
  }

  @Override
  public void switchOut() {
    handBack();
    awaitTurn(true, loopThread);
    takeInterrupt();
  }

  private void awaitTurn(boolean workers, @Nullable Thread holder) {
    for (int spins = SPINS; spins > 0 && workersTurn != workers; spins--) {
      Thread.onSpinWait();
    }
    while (workersTurn != workers) {
      passLateInterruptTo(holder);
      LockSupport.park(this);
    }
  }

  @Override
  public void afterClose() {
    Threads.joinUninterruptibly(thread);
  }

  private void live() {
    takeInterrupt();
    try {
      pool.serve(this);
    } finally {
      handBack();
    }
  }

  private void handBack() {
    Thread waiting = loopThread;
    interrupted = Thread.interrupted();
    workersTurn = false;
    LockSupport.unpark(waiting);
  }

  private void takeInterrupt() {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// One that comes while this thread waits, meant for the thread that runs.
  private static void passLateInterruptTo(@Nullable Thread other) {
    if (other != null && Thread.interrupted()) {
      other.interrupt();
    }
  }
}
