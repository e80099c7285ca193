package dev.tasko;

/// What becomes of the activations that a task has lost when it ends one after the next was due.
/// With a period of 10 and an activation from 0 to 25, the next ones are due at:
///
/// | | | missed |
/// |---|---|---|
/// | [#REPHASE] | 25, 35, 45 | 1 |
/// | [#BURST] | 10, 20, 30 (the first two at once) | 0 |
/// | [#SKIP] | 30, 40, 50 | 2 |
/// | [#DELAY] | 25, 35, 45, and after an activation that only begins late also a period later | 1 |
public enum MissedTicks {
  /// tasko's rule: after a whole lost period the grid begins anew, now. A smaller lateness leaves
  /// the grid alone, so nothing drifts.
  REPHASE,

  /// Every activation takes place, those that are late one after the other. For work that has to be
  /// done so many times; a task that stays too slow is never done.
  BURST,

  /// What was lost stays lost; the next activation is the next point of the same grid. For work
  /// that is tied to times.
  SKIP,

  /// The next activation is due one period after the present one began, however little that was
  /// late. For devices that need a pause; it drifts.
  DELAY
}
