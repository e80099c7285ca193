package dev.tasko.examples.station;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;

/// The latest lines, for a view; without those that are for now only.
final class Events implements Lines {
  private static final int KEPT = 12;

  private final ArrayDeque<String> latest = new ArrayDeque<>();

  @Override
  public void line(byte[] ascii, int length) {
    if (latest.size() == KEPT) {
      latest.removeFirst();
    }
    latest.addLast(new String(ascii, 0, length, StandardCharsets.US_ASCII));
  }

  @Override
  public void lineForNow(byte[] ascii, int length) {
    // A view shows the same in its own way.
  }

  List<String> latest() {
    return List.copyOf(latest);
  }
}
