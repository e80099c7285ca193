package dev.tasko.hal.sim;

import dev.tasko.hal.Hal;
import dev.tasko.hal.HalConfig;
import dev.tasko.hal.HalProvider;

/// Opens [SimHal] by the name `sim`.
public final class SimHalProvider implements HalProvider {
  /// For the service loader.
  public SimHalProvider() {}

  @Override
  public String name() {
    return "sim";
  }

  @Override
  public Hal open(HalConfig config) {
    return SimHal.open(config);
  }
}
