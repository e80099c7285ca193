package dev.tasko.examples.station;

import java.io.PrintStream;
import org.agrona.concurrent.UnsafeBuffer;

/// Lines of text built in place, so that telling what happens makes no garbage.
final class Console {
  private static final int CAPACITY = 256;
  private static final long NS_PER_MS = 1_000_000;
  private static final int THOUSAND = 1000;
  private static final int HUNDRED = 100;

  private final PrintStream out;
  private final byte[] bytes = new byte[CAPACITY];
  private final UnsafeBuffer line = new UnsafeBuffer(bytes);
  private int length;

  Console(PrintStream out) {
    this.out = out;
  }

  /// Begins a line with a time, in seconds.
  Console at(long elapsedNs, String who) {
    length = 0;
    long ms = elapsedNs / NS_PER_MS;
    fixed(ms, THOUSAND, 3);
    text(" s  ").text(who);
    while (length < 24) {
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

  void print() {
    text("\n");
    out.write(bytes, 0, length);
    out.flush();
  }
}
