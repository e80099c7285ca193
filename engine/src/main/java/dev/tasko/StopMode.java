package dev.tasko;

/// What becomes of a stopped task's place in time.
public enum StopMode {
  /// As tasko: the task stays asleep until its next tick and ends then, so a `start` before it
  /// keeps the old grid. `run` goes on until that tick.
  KEEP_GRID,

  /// The task leaves the wheel at once; a `start` begins a new grid.
  DROP_GRID
}
