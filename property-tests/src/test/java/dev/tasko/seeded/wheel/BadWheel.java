package dev.tasko.seeded.wheel;

import dev.tasko.seeded.task.BadTask;
import java.util.concurrent.ConcurrentHashMap;

/// Breaks on purpose: a wheel that knows of tasks and of threads.
public class BadWheel {
  private final ConcurrentHashMap<Long, BadTask> timers = new ConcurrentHashMap<>();

  /// To be imported, not made.
  public BadWheel() {}

  /// Uses tasks.
  ///
  /// @return count
  public int size() {
    return timers.size();
  }
}
