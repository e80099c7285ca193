package dev.tasko.bench.report;

import dev.tasko.report.Spread;
import java.util.List;

/// How a run did on a target.
///
/// @param target that was set
/// @param against the peers it was measured against, one for each size
/// @param value that was measured; NaN without results
record Outcome(Target target, List<String> against, Spread value) {
  /// What it comes to.
  enum Verdict {
    /// At the goal or better.
    MET("met"),
    /// Short of the goal, not of the floor.
    FLOOR("floor met"),
    /// Short of both.
    MISSED("**missed**"),
    /// Not measured.
    NO_RESULT("no such result");

    final String text;

    Verdict(String text) {
      this.text = text;
    }
  }

  Verdict verdict() {
    if (Double.isNaN(value.median())) {
      return Verdict.NO_RESULT;
    }
    if (value.median() <= target.goal()) {
      return Verdict.MET;
    }
    return value.median() <= target.floor() ? Verdict.FLOOR : Verdict.MISSED;
  }
}
