package dev.tasko.bench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Lets a run that is interrupted (Ctrl-C, SIGTERM) write what it has before the VM ends: ends the
/// fork that runs, and then waits until [#close].
final class Interruption implements AutoCloseable {
  private static final int PATIENCE_S = 30;

  private final CountDownLatch settled = new CountDownLatch(1);
  private final Thread hook = new Thread(this::interrupt, "bench-interruption");
  private volatile boolean requested;

  private Interruption() {}

  /// From here on.
  static Interruption await() {
    Interruption interruption = new Interruption();
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  boolean requested() {
    return requested;
  }

  private void interrupt() {
    requested = true;
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    try {
      if (!settled.await(PATIENCE_S, TimeUnit.SECONDS)) {
        System.err.println("interrupted before the report could be written; see --from");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Everything is written.
  @Override
  public void close() {
    settled.countDown();
    if (!requested) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }
}
