package dev.tasko.user;

import dev.tasko.Loop;
import java.util.concurrent.locks.ReentrantLock;

/// A user's class, outside the engine's packages, that waits where it must not.
public final class Locking {
  private final Object monitor = new Object();
  private final ReentrantLock lock = new ReentrantLock();

  /// For the tests.
  public Locking() {}

  /// Does something with a monitor held.
  ///
  /// @param wait the thing
  public void synchronizedOn(Runnable wait) {
    synchronized (monitor) {
      wait.run();
    }
  }

  /// Sleeps with a lock held.
  ///
  /// @param loop of the running task
  public void sleepLocked(Loop loop) {
    lock.lock();
    try {
      loop.sleepNs(1);
    } finally {
      lock.unlock();
    }
  }

  /// Whether the lock is held by somebody.
  ///
  /// @return false when all is well
  public boolean isLocked() {
    return lock.isLocked();
  }
}
