package dev.tasko.hal.sim;

import java.util.SplittableRandom;

/// What a transfer costs besides its clocks.
///
/// A call overhead is drawn for each: even between the two bounds, and now and then up to the tail,
/// since on a real system it is the way into the driver that dominates small messages.
///
/// @param callMinNs the least overhead of a call
/// @param callMaxNs the most, but for the tail
/// @param tailPermille how many calls in a thousand fall into the tail
/// @param tailMaxNs the most overhead in the tail
/// @param selectNs the time from chip select to the first clock
public record WireTiming(
    long callMinNs, long callMaxNs, int tailPermille, long tailMaxNs, long selectNs) {
  /// As measured on small boards: 10 to 20 µs, one call in 200 up to 300 µs, 1 µs after select.
  public static final WireTiming TYPICAL = new WireTiming(10_000, 20_000, 5, 300_000, 1_000);

  /// Nothing but the clocks.
  public static final WireTiming NONE = new WireTiming(0, 0, 0, 0, 0);

  /// Checks the bounds.
  ///
  /// @throws IllegalArgumentException if one is negative or they are out of order
  public WireTiming {
    requireAtLeast("callMinNs", callMinNs, 0);
    requireAtLeast("callMaxNs", callMaxNs, callMinNs);
    requireAtLeast("tailPermille", tailPermille, 0);
    if (tailPermille > 1000) {
      throw new IllegalArgumentException(
          "tailPermille: " + tailPermille + " (expected: 0 to 1000)");
    }
    if (tailPermille > 0) {
      requireAtLeast("tailMaxNs", tailMaxNs, callMaxNs);
    }
    requireAtLeast("selectNs", selectNs, 0);
  }

  private static void requireAtLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
    }
  }

  /// Draws the overhead of one call. The cube makes long tails rarer than short ones.
  long drawCallNs(SplittableRandom random) {
    if (tailPermille > 0 && random.nextInt(1000) < tailPermille) {
      double fraction = random.nextDouble();
      return callMaxNs + (long) (fraction * fraction * fraction * (tailMaxNs - callMaxNs));
    }
    return callMinNs == callMaxNs ? callMinNs : random.nextLong(callMinNs, callMaxNs + 1);
  }
}
