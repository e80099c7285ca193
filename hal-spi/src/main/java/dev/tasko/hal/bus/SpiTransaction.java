package dev.tasko.hal.bus;

import dev.tasko.hal.SpiBus;
import dev.tasko.hal.SpiConfig;
import dev.tasko.hal.SpiMessage;
import dev.tasko.hal.TransferResult;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A message, or clocks without one.
final class SpiTransaction extends Transaction {
  private final SpiBus bus;
  private @Nullable SpiMessage message;
  private @Nullable SpiConfig config;
  private int clocks;

  SpiTransaction(SpiBus bus) {
    this.bus = bus;
  }

  SpiTransaction ofMessage(SpiMessage newMessage, SpiConfig newConfig) {
    message = newMessage;
    config = newConfig;
    return this;
  }

  SpiTransaction ofClocks(int newClocks, SpiConfig newConfig) {
    message = null;
    clocks = newClocks;
    config = newConfig;
    return this;
  }

  @Override
  TransferResult transfer() {
    SpiConfig use = Objects.requireNonNull(config);
    return message == null ? bus.idleClocks(clocks, use) : bus.transfer(message, use);
  }
}
