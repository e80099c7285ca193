package dev.tasko.hal.sim;

import dev.tasko.hal.SpiConfig;
import org.jspecify.annotations.Nullable;

/// Nobody there: the pulled-up receive line reads as ones.
final class EmptySocket implements SimPeripheral {
  @Override
  public void select(long nowNs) {}

  @Override
  public int exchange(int mosi, long nowNs) {
    return 0xFF;
  }

  @Override
  public void deselect(long nowNs) {}

  @Override
  public void idleClocks(int clocks, boolean mosiHigh) {}

  @Override
  public boolean holdsMiso() {
    return false;
  }

  @Override
  public @Nullable String refusal(SpiConfig config) {
    return null;
  }
}
