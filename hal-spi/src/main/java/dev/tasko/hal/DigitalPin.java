package dev.tasko.hal;

/// One output line. As a chip select it is active low.
///
/// Thread: one user at a time, except where [#drivesFromAnyThread] says more. Allocates: no. Takes
/// no modelled time.
public interface DigitalPin {
  /// Returns the name the pin was asked for by.
  ///
  /// @return such as `D4`
  String name();

  /// Drives the line.
  ///
  /// @param high the level
  /// @throws HalException if the line does not follow
  void setHigh(boolean high);

  /// Returns the level of the line.
  ///
  /// @return true when high
  boolean isHigh();

  /// Whether any thread may drive the line at any time, also while its user drives it or a bus
  /// transfers: without the loop, and without waiting for anybody. What is driven last stays.
  ///
  /// @return by default false; true where the line has a way of its own to the hardware
  default boolean drivesFromAnyThread() {
    return false;
  }

  /// Drives the line low, which selects the chip behind it.
  ///
  /// @throws HalException if the line does not follow
  default void select() {
    setHigh(false);
  }

  /// Drives the line high, which releases the chip behind it.
  ///
  /// @throws HalException if the line does not follow
  default void deselect() {
    setHigh(true);
  }

  /// Returns whether the chip behind the line is selected.
  ///
  /// @return true when the line is low
  default boolean isSelected() {
    return !isHigh();
  }
}
