package dev.tasko.hal;

/// Told of each edge of an [EdgeInput].
@FunctionalInterface
public interface EdgeListener {
  /// One edge. Called from any thread, one edge at a time; it must neither block nor throw.
  ///
  /// Two edges of the same direction may follow each other where the line moves faster than the
  /// hardware reads it, so nobody may rely on alternation.
  ///
  /// @param rising whether the line went high
  /// @param timestampNs when, in the clock of the hardware's configuration
  /// @param sequence counts the edges of this input from 1; a gap is the number of edges lost
  void onEdge(boolean rising, long timestampNs, long sequence);
}
