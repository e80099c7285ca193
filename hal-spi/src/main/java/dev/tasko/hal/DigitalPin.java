package dev.tasko.hal;

/// One output line. As a chip select it is active low.
///
/// Thread: one user at a time. Allocates: no. Takes no modelled time.
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
