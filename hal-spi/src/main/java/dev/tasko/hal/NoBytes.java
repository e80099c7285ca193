package dev.tasko.hal;

import org.agrona.concurrent.UnsafeBuffer;

/// The half of an I2C transfer that is left out.
final class NoBytes {
  static final UnsafeBuffer BUFFER = new UnsafeBuffer(new byte[0]);

  private NoBytes() {}
}
