package dev.tasko.wakeup;

/// Something that can wake the loop. Stands in the [WakeupQueue] at most once: whoever makes it
/// pending enqueues it, and it stays pending until the loop has taken it out.
public abstract class WakeupSource {
  /// For subclasses.
  protected WakeupSource() {}

  /// The loop has taken it out of the queue; from here on it may be enqueued again.
  ///
  /// Thread: the loop's. Must not throw.
  protected abstract void onWakeup();
}
