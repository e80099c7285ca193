package dev.tasko.hal;

/// What a bus or device can do; asked once, when messages are prepared.
///
/// @param maxMessageBytes the longest message
/// @param maxSegments the most segments in a message
/// @param idleClocks whether clocks with chip select inactive can be given
/// @param holdSelect whether chip select can stay active from one message to the next
public record SpiCapabilities(
    int maxMessageBytes, int maxSegments, boolean idleClocks, boolean holdSelect) {
  /// What every Linux SPI device node takes: 4,096 bytes, and 32 segments even where each is
  /// rounded up to a cache line of 128 bytes.
  public static final SpiCapabilities COMMON = new SpiCapabilities(4096, 32, true, true);

  /// Checks the limits.
  ///
  /// @throws IllegalArgumentException if a limit is not positive
  public SpiCapabilities {
    if (maxMessageBytes <= 0) {
      throw new IllegalArgumentException(
          "maxMessageBytes: " + maxMessageBytes + " (expected: > 0)");
    }
    if (maxSegments <= 0) {
      throw new IllegalArgumentException("maxSegments: " + maxSegments + " (expected: > 0)");
    }
  }
}
