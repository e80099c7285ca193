package dev.tasko.task;

/// What [Thread] lacks.
public final class Threads {
  private static volatile Runnable preparation = () -> {};

  private Threads() {}

  /// Sets what threads do first that a loop makes to work beside it: a thread inherits what its
  /// maker has asked the kernel for.
  ///
  /// @param first called by each of them
  public static void prepareBy(Runnable first) {
    preparation = first;
  }

  /// The work of a thread beside the loop, after its preparation.
  ///
  /// @param work of the thread
  /// @return to be run once, on it
  public static Runnable prepared(Runnable work) {
    return () -> {
      preparation.run();
      work.run();
    };
  }

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
