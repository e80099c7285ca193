package dev.tasko.bench.report;

import dev.tasko.bench.peer.Completeness;
import dev.tasko.bench.peer.WheelMemory;
import dev.tasko.report.Environment;
import java.util.List;
import java.util.Objects;

/// A run before its first result: what is known of it and what it is going to measure.
///
/// @param environment where and when
/// @param whole whether it measures all of a plan, not what was picked from one
/// @param settings forks, iterations and what else decides over results, one a line
/// @param planned names of the cells, in their order
/// @param completeness of each peer
/// @param wheelMemory by capacity
/// @param peerMemory by peer and capacity
public record Run(
    Environment environment,
    boolean whole,
    List<String> settings,
    List<String> planned,
    List<Completeness> completeness,
    List<WheelMemory> wheelMemory,
    List<PeerMemory> peerMemory) {
  /// Nothing is missing in it.
  ///
  /// @param environment where and when
  /// @param whole whether it measures all of a plan, not what was picked from one
  /// @param settings forks, iterations and what else decides over results, one a line
  /// @param planned names of the cells, in their order
  /// @param completeness of each peer
  /// @param wheelMemory by capacity
  /// @param peerMemory by peer and capacity
  public Run {
    Objects.requireNonNull(environment, "environment");
    settings = List.copyOf(settings);
    planned = List.copyOf(planned);
    completeness = List.copyOf(completeness);
    wheelMemory = List.copyOf(wheelMemory);
    peerMemory = List.copyOf(peerMemory);
  }

  /// Checks that results of two runs may stand in one table.
  ///
  /// @param environment of the one that goes on
  /// @param settings of the one that goes on
  /// @param planned by the one that goes on
  /// @throws IllegalArgumentException naming the first difference
  public void requireSame(Environment environment, List<String> settings, List<String> planned) {
    requireSame("commit", this.environment.commit(), environment.commit());
    requireSame("JDK", this.environment.jdk(), environment.jdk());
    requireSame("machine", this.environment.cpu(), environment.cpu());
    requireSame("settings", String.join(", ", this.settings), String.join(", ", settings));
    if (!this.planned.equals(planned)) {
      throw differs(
          "plan", planned.size() + " other cells", this.planned.size() + " cells planned then");
    }
  }

  private static void requireSame(String what, String saved, String found) {
    if (!saved.equals(found)) {
      throw differs(what, found, saved);
    }
  }

  private static IllegalArgumentException differs(String what, String found, String saved) {
    return new IllegalArgumentException(
        "--resume: %s: %s (expected: %s, as in the saved run; without --resume a new one begins)"
            .formatted(what, found, saved));
  }
}
