package dev.tasko.hal.bus;

import dev.tasko.hal.SpiBus;
import dev.tasko.hal.SpiConfig;
import dev.tasko.hal.SpiMessage;
import dev.tasko.hal.TransferResult;
import java.util.Objects;
import org.agrona.LangUtil;
import org.jspecify.annotations.Nullable;

/// What is handed over: a message, or clocks without one, and its result on the way back. Plain
/// fields; the rings publish them.
final class Transaction {
  private @Nullable SpiMessage message;
  private @Nullable SpiConfig config;
  private int clocks;
  private @Nullable TransferResult result;
  private @Nullable Throwable failure;

  Transaction ofMessage(SpiMessage newMessage, SpiConfig newConfig) {
    message = newMessage;
    config = newConfig;
    return this;
  }

  Transaction ofClocks(int newClocks, SpiConfig newConfig) {
    message = null;
    clocks = newClocks;
    config = newConfig;
    return this;
  }

  /// Whatever the bus throws belongs to the task, an [Error] included; the thread lives on.
  ///
  /// Thread: the bus's.
  void perform(SpiBus bus) {
    SpiConfig use = Objects.requireNonNull(config);
    result = null;
    failure = null;
    try {
      result = message == null ? bus.idleClocks(clocks, use) : bus.transfer(message, use);
    } catch (Throwable thrown) {
      failure = thrown;
    }
  }

  /// Thread: the loop's.
  TransferResult takeResult() {
    if (failure != null) {
      LangUtil.rethrowUnchecked(failure);
    }
    return Objects.requireNonNull(result, "bug: transaction: no result");
  }
}
