package dev.tasko.hal;

import org.jspecify.annotations.Nullable;

/// An input line that reports its changes.
public interface EdgeInput {
  /// Returns the name the input was asked for by.
  ///
  /// @return such as `BUTTON`
  String name();

  /// Returns the level of the line. Thread: any.
  ///
  /// @return true when high
  boolean isHigh();

  /// Sets the one listener. Thread: any; an edge under way may still reach the former listener.
  ///
  /// @param listener who is told from now on; null for nobody
  void onEdge(@Nullable EdgeListener listener);
}
