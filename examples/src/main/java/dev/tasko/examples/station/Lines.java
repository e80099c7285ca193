package dev.tasko.examples.station;

/// Where lines go. The bytes are ASCII, without a line end, and used again after the call.
interface Lines {
  void line(byte[] ascii, int length);

  /// A line that the next may write over, or that may be left out.
  void lineForNow(byte[] ascii, int length);
}
