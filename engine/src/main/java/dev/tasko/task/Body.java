package dev.tasko.task;

/// What a task does: straight-line code that may suspend and may throw.
@FunctionalInterface
public interface Body {
  /// Runs once for each activation, on a coroutine of the loop.
  ///
  /// Thread: the loop's (with [CoroutineEngine#BATON] a thread that runs in its stead). No Java
  /// monitor or lock may be held over a suspension.
  ///
  /// @throws Exception to end the task; it leaves the loop's `step` or `run` unchanged
  void run() throws Exception;
}
