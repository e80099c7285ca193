package dev.tasko.examples.station;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// Lines to a stream, without garbage.
final class PlainLines implements Lines {
  private static final byte[] CLEAR_LINE = "\r\u001b[K".getBytes(StandardCharsets.US_ASCII);

  private final PrintStream out;
  private final boolean terminal;

  /// Makes one.
  ///
  /// @param terminal whether a line can be written over
  PlainLines(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  @Override
  public void line(byte[] ascii, int length) {
    write(ascii, length);
    out.write('\n');
    out.flush();
  }

  @Override
  public void lineForNow(byte[] ascii, int length) {
    write(ascii, length);
    if (!terminal) {
      out.write('\n');
    }
    out.flush();
  }

  private void write(byte[] ascii, int length) {
    if (terminal) {
      out.write(CLEAR_LINE, 0, CLEAR_LINE.length);
    }
    out.write(ascii, 0, length);
  }
}
