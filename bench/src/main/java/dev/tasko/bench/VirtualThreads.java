package dev.tasko.bench;

/// Virtual threads that take turns on one carrier, as tasks do on a loop's thread.
final class VirtualThreads {
  private VirtualThreads() {}

  /// Keeps the scheduler to one carrier. Has no effect once a virtual thread has run in this VM.
  static void useOneCarrier() {
    System.setProperty("jdk.virtualThreadScheduler.parallelism", "1");
    System.setProperty("jdk.virtualThreadScheduler.maxPoolSize", "1");
  }
}
