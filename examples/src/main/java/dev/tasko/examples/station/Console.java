package dev.tasko.examples.station;

import java.io.PrintStream;
import org.agrona.concurrent.UnsafeBuffer;

/// Lines of text built in place, so that telling what happens makes no garbage.
final class Console {
  private static final int CAPACITY = 256;
  private static final int COLUMN = 24;
  private static final long NS_PER_MS = 1_000_000;
  private static final int THOUSAND = 1000;
  private static final int HUNDRED = 100;

  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintStream out;
  private final boolean terminal;
  private final byte[] bytes = new byte[CAPACITY];
  private final UnsafeBuffer line = new UnsafeBuffer(bytes);
  private int length;

  /// Makes one.
  ///
  /// @param terminal whether a line can be written over
  Console(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /// Begins a line with a time, in seconds.
  Console at(long elapsedNs, String who) {
    length = 0;
    if (terminal) {
      text(CLEAR_LINE);
    }
    int start = length;
    fixed(elapsedNs / NS_PER_MS, THOUSAND, 3);
    text(" s  ").text(who);
    while (length < start + COLUMN) {
      text(" ");
    }
    return this;
  }

  Console text(String ascii) {
    length += line.putStringWithoutLengthAscii(length, ascii);
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
    text("\n");
    write();
  }

  /// Ends what the next line may write over, where that is possible.
  void printForNow() {
    if (!terminal) {
      text("\n");
    }
    write();
  }

  private void write() {
    out.write(bytes, 0, length);
    out.flush();
  }
}
