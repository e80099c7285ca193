package dev.tasko.hal;

import java.nio.ByteBuffer;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/// One full-duplex message, prepared once and sent many times.
///
/// Its segments lie one after the other in a transmit and a receive buffer of equal length, both
/// outside the heap and aligned to 64 bytes, at addresses that never change. What a bus could
/// refuse is refused here, at preparation. Sending allocates nothing.
///
/// ```text
/// offset  0        4                    12
///   tx    | seg 0  | seg 1               |      rx has the same shape: byte i of rx
///   rx    | seg 0  | seg 1               |      came in while byte i of tx went out
/// wait             ^ delayAfterUs(0)     ^ delayAfterUs(1)
/// ```
///
/// Thread: whoever owns the message; during a transfer that is the bus.
public final class SpiMessage {
  private static final int ALIGNMENT_BYTES = 64;
  private static final int MAX_DELAY_US = 65_535;

  private final int[] segmentBytes;
  private final int[] delayAfterUs;
  private final int bytes;
  private final long totalDelayNs;
  private final UnsafeBuffer tx;
  private final UnsafeBuffer rx;

  private SpiMessage(int[] segmentBytes, int[] delayAfterUs, int bytes) {
    this.segmentBytes = segmentBytes;
    this.delayAfterUs = delayAfterUs;
    this.bytes = bytes;
    this.totalDelayNs = sumDelayNs(delayAfterUs);
    this.tx = alignedBuffer(bytes);
    this.rx = alignedBuffer(bytes);
  }

  /// Prepares a message of one segment.
  ///
  /// @param capabilities of the device it is for
  /// @param bytes its length
  /// @return the message, transmitting zeros
  /// @throws IllegalArgumentException if the device could not take it
  public static SpiMessage prepare(SpiCapabilities capabilities, int bytes) {
    return prepare(capabilities, new int[] {bytes}, new int[1]);
  }

  /// Prepares a message of several segments.
  ///
  /// @param capabilities of the device it is for
  /// @param segmentBytes the length of each segment
  /// @param delayAfterUs the wait after each segment with the clock at rest, in microseconds
  /// @return the message, transmitting zeros
  /// @throws IllegalArgumentException if the device could not take it
  public static SpiMessage prepare(
      SpiCapabilities capabilities, int[] segmentBytes, int[] delayAfterUs) {
    checkSegments(capabilities, segmentBytes, delayAfterUs);
    int bytes = checkedSum(capabilities, segmentBytes);
    return new SpiMessage(segmentBytes.clone(), delayAfterUs.clone(), bytes);
  }

  private static void checkSegments(
      SpiCapabilities capabilities, int[] segmentBytes, int[] delayAfterUs) {
    if (segmentBytes.length < 1 || segmentBytes.length > capabilities.maxSegments()) {
      throw new IllegalArgumentException(
          "segments: %d (expected: 1 to %d)"
              .formatted(segmentBytes.length, capabilities.maxSegments()));
    }
    if (delayAfterUs.length != segmentBytes.length) {
      throw new IllegalArgumentException(
          "delayAfterUs: %d values (expected: %d, one a segment)"
              .formatted(delayAfterUs.length, segmentBytes.length));
    }
    for (int i = 0; i < delayAfterUs.length; i++) {
      if (delayAfterUs[i] < 0 || delayAfterUs[i] > MAX_DELAY_US) {
        throw new IllegalArgumentException(
            "delayAfterUs[%d]: %d (expected: 0 to %d)".formatted(i, delayAfterUs[i], MAX_DELAY_US));
      }
    }
  }

  private static int checkedSum(SpiCapabilities capabilities, int[] segmentBytes) {
    long sum = 0;
    for (int i = 0; i < segmentBytes.length; i++) {
      if (segmentBytes[i] < 1) {
        throw new IllegalArgumentException(
            "segmentBytes[%d]: %d (expected: >= 1)".formatted(i, segmentBytes[i]));
      }
      sum += segmentBytes[i];
    }
    if (sum > capabilities.maxMessageBytes()) {
      throw new IllegalArgumentException(
          "messageBytes: %d (expected: at most %d)".formatted(sum, capabilities.maxMessageBytes()));
    }
    return (int) sum;
  }

  private static UnsafeBuffer alignedBuffer(int bytes) {
    ByteBuffer memory = BufferUtil.allocateDirectAligned(bytes, ALIGNMENT_BYTES);
    return new UnsafeBuffer(memory, 0, bytes);
  }

  private static long sumDelayNs(int[] delayAfterUs) {
    long sumUs = 0;
    for (int delayUs : delayAfterUs) {
      sumUs += delayUs;
    }
    return 1000 * sumUs;
  }

  /// Returns what goes out.
  ///
  /// @return the transmit buffer, the same each time
  public UnsafeBuffer tx() {
    return tx;
  }

  /// Returns what came in with the last transfer that was done.
  ///
  /// @return the receive buffer, the same each time
  public UnsafeBuffer rx() {
    return rx;
  }

  /// Returns the length of the whole message.
  ///
  /// @return bytes in each direction
  public int bytes() {
    return bytes;
  }

  /// Returns how many segments there are.
  ///
  /// @return at least 1
  public int segments() {
    return segmentBytes.length;
  }

  /// Returns the length of one segment.
  ///
  /// @param segment its index
  /// @return bytes in each direction
  public int segmentBytes(int segment) {
    return segmentBytes[segment];
  }

  /// Returns the wait after one segment.
  ///
  /// @param segment its index
  /// @return microseconds
  public int delayAfterUs(int segment) {
    return delayAfterUs[segment];
  }

  /// Returns the sum of the waits after segments.
  ///
  /// @return nanoseconds
  public long totalDelayNs() {
    return totalDelayNs;
  }
}
