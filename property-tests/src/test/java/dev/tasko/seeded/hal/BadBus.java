package dev.tasko.seeded.hal;

import java.lang.foreign.MemorySegment;

/// Breaks on purpose: foreign memory outside a package named linux.
public class BadBus {
  /// To be imported, not made.
  public BadBus() {}

  /// Uses foreign memory.
  ///
  /// @return bytes
  public long bytes() {
    return MemorySegment.NULL.byteSize();
  }
}
