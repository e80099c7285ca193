package dev.tasko.examples.station;

import org.agrona.concurrent.UnsafeBuffer;

/// Lines of text built in place, so that telling what happens makes no garbage.
final class Console {
  private static final int CAPACITY = 256;
  private static final int COLUMN = 24;
  private static final long NS_PER_US = 1_000;
  private static final long NS_PER_MS = 1_000_000;
  private static final int THOUSAND = 1000;
  private static final int HUNDRED = 100;

  private final Lines lines;
  private final byte[] bytes = new byte[CAPACITY];
  private final UnsafeBuffer line = new UnsafeBuffer(bytes);
  private int length;

  Console(Lines lines) {
    this.lines = lines;
  }

  /// Begins a line with a time, in seconds.
  Console at(long elapsedNs, String who) {
    length = 0;
    fixed(elapsedNs / NS_PER_MS, THOUSAND, 3);
    text(" s  ").text(who);
    while (length < COLUMN) {
      text(" ");
    }
    return this;
  }

  /// Text without line ends; what does not fit any more is cut off.
  Console text(String ascii) {
    length += line.putStringWithoutLengthAscii(length, ascii, 0, CAPACITY - length);
    return this;
  }

  Console number(long value) {
    length += line.putLongAscii(length, value);
    return this;
  }

  /// A decimal fraction with two places.
  Console hundredths(long value) {
    return fixed(value, HUNDRED, 2);
  }

  /// Milliseconds with three places.
  Console millis(long ns) {
    return fixed(ns / NS_PER_US, THOUSAND, 3);
  }

  private Console fixed(long value, int scale, int places) {
    if (value < 0) {
      text("-");
    }
    long magnitude = Math.abs(value);
    number(magnitude / scale).text(".");
    line.putNaturalPaddedIntAscii(length, places, (int) (magnitude % scale));
    length += places;
    return this;
  }

  /// Ends the line.
  void print() {
    lines.line(bytes, length);
  }

  /// Ends what the next line may write over, where that is possible.
  void printForNow() {
    lines.lineForNow(bytes, length);
  }
}
