package dev.tasko.task;

import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MonitorInfo;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.HashSet;
import java.util.Set;

/// Refuses a suspension while a Java monitor or lock is held.
///
/// A raw continuation that yields inside `synchronized` takes the thread's whole lock stack along,
/// on JDK 24 and later without a word: a second task that wants the monitor blocks the loop for
/// ever, or, if the monitor is inflated, enters it. A `ReentrantLock` knows only the thread, so
/// every task of the loop may re-enter it. The only place that knows all held monitors and their
/// frames is the management bean. It costs tens of microseconds, so the guard works in strict mode.
/// Asking for locks besides walks the heap, so that is done once for each place that suspends.
///
/// Thread: the loop's. Allocates: yes; strict mode is not for the steady state of a product.
public final class MonitorGuard {
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Set<String> sitesChecked = new HashSet<>();

  /// Makes a guard that has seen no place yet.
  public MonitorGuard() {}

  /// Checks the current thread.
  ///
  /// @param operation what is about to happen, for the message
  /// @throws IllegalStateException naming the lock and the frame that locked it
  public void check(String operation) {
    boolean withLocks = sitesChecked.add(CallSite.ofUser());
    long[] self = {Thread.currentThread().threadId()};
    ThreadInfo info = threads.getThreadInfo(self, true, withLocks)[0];
    if (info == null) {
      return;
    }
    for (MonitorInfo monitor : info.getLockedMonitors()) {
      throw new IllegalStateException(
          operation
              + ": the monitor of a "
              + monitor.getClassName()
              + " is held, locked at "
              + place(monitor.getLockedStackFrame())
              + " (expected: no monitor held over a suspension; use a ManagedResource)");
    }
    for (LockInfo lock : info.getLockedSynchronizers()) {
      throw new IllegalStateException(
          operation
              + ": a "
              + lock.getClassName()
              + " is held by this thread (expected: no lock held over a suspension; use a"
              + " ManagedResource)");
    }
  }

  /// Without the class loader, which a management frame's own text begins with.
  private static String place(StackTraceElement frame) {
    return new StackTraceElement(
            frame.getClassName(), frame.getMethodName(), frame.getFileName(), frame.getLineNumber())
        .toString();
  }
}
