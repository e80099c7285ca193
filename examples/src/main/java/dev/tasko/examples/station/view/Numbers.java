package dev.tasko.examples.station.view;

import java.util.Locale;

/// Numbers as text, the same in each country.
final class Numbers {
  private Numbers() {}

  static String fixed(double value, int places) {
    return String.format(Locale.ROOT, "%." + places + "f", value);
  }
}
