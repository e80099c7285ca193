package dev.tasko.seeded;

import dev.tasko.seeded.resource.BadResource;
import java.util.concurrent.locks.ReentrantLock;

/// Breaks on purpose: uses what stands above it, reads the system's clock, locks.
public class BadLoop {
  private final ReentrantLock lock = new ReentrantLock();

  /// To be imported, not made.
  public BadLoop() {}

  /// Uses the package above.
  ///
  /// @param resource above
  /// @return whether
  public boolean uses(BadResource resource) {
    return resource.hashCode() == lock.hashCode();
  }

  /// Reads the clock of the machine.
  ///
  /// @return ns
  public long now() {
    return System.nanoTime();
  }

  /// Locks.
  ///
  /// @return a number
  public synchronized int locked() {
    return lock.getHoldCount();
  }
}
