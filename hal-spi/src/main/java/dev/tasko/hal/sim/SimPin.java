package dev.tasko.hal.sim;

import dev.tasko.hal.DigitalPin;
import dev.tasko.hal.HalException;
import dev.tasko.hal.TransferResult.Failed;
import dev.tasko.hal.TransferResult.Reason;
import org.jspecify.annotations.Nullable;

/// A simulated output line, high at first.
public final class SimPin implements DigitalPin {
  private final String name;
  private volatile boolean high = true;
  private volatile boolean stuck;
  private volatile @Nullable SimSpiBus bus;

  SimPin(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean isHigh() {
    return high;
  }

  /// Level and fault are volatile, and the bus takes a change by compare-and-set.
  @Override
  public boolean drivesFromAnyThread() {
    return true;
  }

  @Override
  public void setHigh(boolean newHigh) {
    if (newHigh == high) {
      return;
    }
    if (stuck) {
      String detail = "level: %s (expected: %s)".formatted(level(high), level(newHigh));
      throw new HalException(new Failed("-", name, Reason.LINE_STUCK, detail));
    }
    high = newHigh;
    SimSpiBus wired = bus;
    if (wired != null) {
      wired.selectChanged(this);
    }
  }

  /// Injects the fault of a line that stays where it is.
  ///
  /// @param newStuck whether driving it to the other level fails from now on
  public void stick(boolean newStuck) {
    stuck = newStuck;
  }

  void wireTo(SimSpiBus newBus) {
    bus = newBus;
  }

  private static String level(boolean high) {
    return high ? "high" : "low";
  }
}
