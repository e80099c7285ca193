package dev.tasko.hal;

/// How a transfer ended. [Done] is a single object; a failure names where it happened and why.
public sealed interface TransferResult {
  /// The one successful result.
  TransferResult DONE = Done.INSTANCE;

  /// Returns whether the bytes were exchanged.
  ///
  /// @return false for every failure
  boolean isDone();

  /// Returns quietly if done.
  ///
  /// @throws HalException carrying the failure otherwise
  void orThrow();

  /// The type of success.
  enum Done implements TransferResult {
    /// The one value.
    INSTANCE;

    @Override
    public boolean isDone() {
      return true;
    }

    @Override
    public void orThrow() {}
  }

  /// A failure. The receive buffer holds what it held before.
  ///
  /// @param bus the bus, such as `sim:0`
  /// @param device the select pin or pins concerned, or the address such as `0x76`; `-` for none
  /// @param reason the kind of failure
  /// @param detail what was found and what was expected
  record Failed(String bus, String device, Reason reason, String detail) implements TransferResult {
    @Override
    public boolean isDone() {
      return false;
    }

    @Override
    public void orThrow() {
      throw new HalException(this);
    }
  }

  /// The kinds of failure.
  enum Reason {
    /// Two devices, or two users, were on the bus at once.
    BUS_CONFLICT,
    /// No device was selected.
    NOT_SELECTED,
    /// No device acknowledged its address.
    ADDRESS_NACK,
    /// The device did not acknowledge a byte that was written to it.
    DATA_NACK,
    /// Another master won the bus.
    ARBITRATION_LOST,
    /// A line of the bus is held low, so that no transfer can begin.
    BUS_BUSY,
    /// A device held the clock for longer than is waited.
    CLOCK_STRETCHED,
    /// A line did not take the level it was driven to.
    LINE_STUCK,
    /// The bus gave no answer in time.
    TIMEOUT,
    /// The hardware has been closed.
    CLOSED,
    /// The bus or the device cannot do what was asked.
    UNSUPPORTED,
    /// The operating system or the controller reported an error.
    IO
  }
}
