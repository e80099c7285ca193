package dev.tasko.hal;

import org.agrona.concurrent.NanoClock;

/// What every bus is, whatever its wires: a name, a clock, and a way to wait.
///
/// Thread: one user at a time, but not always the same thread.
public interface Bus {
  /// Returns the address the bus was asked for by.
  ///
  /// @return such as `sim:0`
  String name();

  /// Returns whether waiting for the wire suspends only the calling task.
  ///
  /// True in virtual time: call from the task itself and use no second thread. False: a transfer
  /// blocks its thread for the wire time, so a loop hands it to a thread of the bus.
  ///
  /// @return how the injected delay works
  boolean delaySuspends();

  /// Returns the clock by which the bus and its devices live.
  ///
  /// @return the injected clock
  NanoClock clock();

  /// Waits without using the bus, by the injected delay.
  ///
  /// @param delayNs relative
  void delayNs(long delayNs);
}
