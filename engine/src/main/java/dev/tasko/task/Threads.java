package dev.tasko.task;

/// What [Thread] lacks.
public final class Threads {
  private Threads() {}

  /// Waits until a thread has ended. An interrupt meanwhile is kept for the caller.
  ///
  /// @param thread started
  public static void joinUninterruptibly(Thread thread) {
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
}
