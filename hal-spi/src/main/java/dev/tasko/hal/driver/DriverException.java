package dev.tasko.hal.driver;

/// A device that did not behave: which one, in which step, what it answered and what was expected.
public final class DriverException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String step;

  /// Makes the exception.
  ///
  /// @param device the device's name
  /// @param step what was tried
  /// @param detail what was found, and in brackets what was expected
  public DriverException(String device, String step, String detail) {
    super(device + ": " + step + ": " + detail);
    this.step = step;
  }

  /// Returns the step that failed.
  ///
  /// @return such as `CMD8`
  public String step() {
    return step;
  }
}
