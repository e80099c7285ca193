package dev.tasko.bench.peer;

/// What an engine is told of the workload before it starts, so that each can be sized for it.
///
/// @param workload under which settings were searched for it, or `""`
/// @param timers the most that are armed at one time
/// @param startNs the present
/// @param longestNs the longest delay
/// @param densestNs the time over which all timers would come due if they kept coming at the rate
///   of the busiest moment; 0 if all come due at once
public record Load(String workload, int timers, long startNs, long longestNs, long densestNs) {
  /// A workload that nobody searched settings for.
  ///
  /// @param timers the most that are armed at one time
  /// @param startNs the present
  /// @param longestNs the longest delay
  /// @param densestNs as above
  public Load(int timers, long startNs, long longestNs, long densestNs) {
    this("", timers, startNs, longestNs, densestNs);
  }
}
