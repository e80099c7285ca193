package dev.tasko.hal;

/// A failed transfer or line, as an exception.
public final class HalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient TransferResult.Failed failed;

  /// Wraps a failure.
  ///
  /// @param failed what happened
  public HalException(TransferResult.Failed failed) {
    super(
        "%s %s: %s: %s".formatted(failed.bus(), failed.device(), failed.reason(), failed.detail()));
    this.failed = failed;
  }

  /// Returns the failure.
  ///
  /// @return what happened
  public TransferResult.Failed failed() {
    return failed;
  }
}
