package dev.tasko.examples.station;

import dev.tasko.DeadlineMiss;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who was in the servo's way, and what that cost: for each miss one release that came too late,
/// and all that were left out after it.
///
/// Thread: the loop's. Allocates: for a culprit that is new.
final class Blame {
  private final List<Culprit> culprits = new ArrayList<>();
  private @Nullable Culprit latest;
  private long leftOutBefore;

  /// The handler of misses. What was left out until now was the fault of whoever came before.
  void miss(DeadlineMiss miss) {
    settle(miss.task().missed());
    Culprit culprit = find(miss.culprit());
    culprit.late++;
    culprit.latestRunNs = miss.culpritLongestRunNs();
    culprit.longestRunNs = Math.max(culprit.longestRunNs, culprit.latestRunNs);
    latest = culprit;
  }

  private Culprit find(String name) {
    for (Culprit known : culprits) {
      if (known.name.equals(name)) {
        return known;
      }
    }
    Culprit added = new Culprit(name);
    culprits.add(added);
    return added;
  }

  /// Puts down what was left out since the last call to whoever was blamed last.
  ///
  /// @param leftOut by the servo in all
  /// @return how many there were
  long settle(long leftOut) {
    long more = leftOut - leftOutBefore;
    leftOutBefore = leftOut;
    if (latest != null) {
      latest.leftOut += more;
    }
    return more;
  }

  @Nullable Culprit latest() {
    return latest;
  }

  /// In the order in which they were first blamed.
  List<Culprit> culprits() {
    return culprits;
  }

  /// Returns who was blamed, or null.
  @Nullable Culprit of(String name) {
    return culprits.stream().filter(known -> known.name.equals(name)).findFirst().orElse(null);
  }

  /// One of them.
  static final class Culprit {
    private final String name;
    private long late;
    private long leftOut;
    private long latestRunNs;
    private long longestRunNs;

    private Culprit(String name) {
      this.name = name;
    }

    String name() {
      return name;
    }

    /// Releases that came after their deadline.
    long late() {
      return late;
    }

    /// Releases that never came.
    long leftOut() {
      return leftOut;
    }

    long latestRunNs() {
      return latestRunNs;
    }

    long longestRunNs() {
      return longestRunNs;
    }
  }
}
