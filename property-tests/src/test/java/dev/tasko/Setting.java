package dev.tasko;

/// Numbers that tests are given on the command line. A seed with a typo must not be taken for one
/// under which nothing fails.
public final class Setting {
  private Setting() {}

  /// Reads a system property.
  ///
  /// @param name of the property
  /// @param byDefault if it is not set
  /// @return its value
  /// @throws IllegalArgumentException if it is no whole number
  public static long number(String name, long byDefault) {
    String value = System.getProperty(name);
    if (value == null) {
      return byDefault;
    }
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: whole number)", e);
    }
  }
}
