package dev.tasko.hal.bus;

import dev.tasko.hal.TransferResult;
import java.util.Objects;
import org.agrona.LangUtil;
import org.jspecify.annotations.Nullable;

/// What is handed over, and its result on the way back. Plain fields, those of the kinds of
/// transaction too; the rings publish them.
abstract class Transaction {
  private @Nullable TransferResult result;
  private @Nullable Throwable failure;

  /// Does it on the bus. Thread: the bus's.
  abstract TransferResult transfer();

  /// Whatever the bus throws belongs to the task, an [Error] included; the thread lives on.
  ///
  /// Thread: the bus's.
  final void perform() {
    result = null;
    failure = null;
    try {
      result = transfer();
    } catch (Throwable thrown) {
      failure = thrown;
    }
  }

  /// Thread: the loop's.
  final TransferResult takeResult() {
    if (failure != null) {
      LangUtil.rethrowUnchecked(failure);
    }
    return Objects.requireNonNull(result, "bug: transaction: no result");
  }
}
