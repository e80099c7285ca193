package dev.tasko.examples.station;

import java.io.IOException;

/// An image that is not the log it should be.
final class LogException extends IOException {
  private static final long serialVersionUID = 1L;

  LogException(String message) {
    super(message);
  }
}
