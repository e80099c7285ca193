package dev.tasko.wakeup;

/// The wakeup protocol as a program under the [Explorer] sees it: the real classes, or a copy with
/// a defect.
interface WakeupProtocol {
  /// From a producer.
  void fire(int source);

  // From the loop.

  int drain();

  long take(int source);

  boolean isEmpty();

  void park();

  /// Names the thread that parks.
  void loop(Explorer.SimulatedThread thread);
}
