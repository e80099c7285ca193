package dev.tasko;

/// Which of two behaviours a loop shows where tasko's own is defensible but surprising.
public enum Compat {
  /// As tasko, trace for trace. The sleeper pass of a step makes as many resumptions as tasks were
  /// asleep when it began, so that a short sleeper may be resumed twice in one step;
  /// `scheduleLater` anchors its phase in its first step, gives way once, and is not delayed again
  /// when restarted.
  TASKO,

  /// A sleeper that falls asleep during a sleeper pass is not resumed in it; `scheduleLater` runs
  /// one period after each start, counted from the call.
  STRICT
}
