package dev.tasko.task;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A coroutine on a platform thread. Loop and workers hand a baton to each other; exactly one runs.
/// Works on any VM, and costs two thread switches (some microseconds) where a continuation costs a
/// copy. The baton is a volatile flag: writing it publishes all that its holder did.
final class BatonCoroutine extends Coroutine {
  private final Thread thread;
  private @Nullable Thread loopThread;
  private volatile boolean workersTurn;
  private boolean started;

  BatonCoroutine(String name) {
    thread = new Thread(this::live, name);
    thread.setDaemon(true);
  }

  @Override
  public boolean isOn(Thread other) {
    return other.equals(thread);
  }

  @Override
  void switchIn() {
    loopThread = Thread.currentThread();
    workersTurn = true;
    if (started) {
      LockSupport.unpark(thread);
    } else {
      started = true;
      thread.start();
    }
    while (workersTurn) {
      LockSupport.park(this);
    }
  }

  @Override
  void switchOut() {
    handBack();
    while (!workersTurn) {
      LockSupport.park(this);
    }
  }

  @Override
  void afterClose() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void live() {
    try {
      serve();
    } finally {
      handBack();
    }
  }

  private void handBack() {
    Thread waiting = loopThread;
    workersTurn = false;
    LockSupport.unpark(waiting);
  }
}
