package dev.tasko.user;

import dev.tasko.Loop;
import dev.tasko.Release;
import dev.tasko.ScheduledTask;
import dev.tasko.Task;
import dev.tasko.task.Body;

/// A user's class, outside the engine's packages, whose lines are named as call sites.
public final class Setup {
  private Setup() {}

  /// Schedules.
  ///
  /// @param loop on which
  /// @param name of the task
  /// @param release when
  /// @param callback runs at each
  /// @return the task
  public static ScheduledTask schedule(Loop loop, String name, Release release, Runnable callback) {
    return loop.scheduleCallback(name, release, callback);
  }

  /// Adds.
  ///
  /// @param loop on which
  /// @param name of the task
  /// @param body runs once
  /// @return the task
  public static Task add(Loop loop, String name, Body body) {
    return loop.addTask(name, body);
  }
}
