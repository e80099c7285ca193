package dev.tasko.task;

import org.jspecify.annotations.Nullable;

/// A stack of its own, on which a [CoroutinePool] runs one body after another.
///
/// ```text
///          switchIn()                   switchOut()
///   loop ─────────────► body runs ────────────────────► loop
///          switchIn()                   switchOut()
///   loop ─────────────► body goes on ─────────────────► loop
/// ```
///
/// An interface, so that the VM's continuation can be one itself: to wake a task that has slept
/// among a hundred thousand costs a miss for each object on the way to its stack.
public sealed interface Coroutine permits BatonCoroutine, ContinuationCoroutine {
  /// Goes on where it was switched out, until it is again.
  ///
  /// Thread: the loop's.
  void switchIn();

  /// Goes back to the loop until the next [#switchIn].
  ///
  /// Thread: the body's.
  ///
  /// @throws IllegalStateException if the VM cannot suspend this stack
  void switchOut();

  /// The thread that the body runs on, if that is not whichever switches to it.
  ///
  /// @return always the same
  @Nullable Thread ownThread();

  /// Where the suspended body stands.
  ///
  /// Thread: the loop's; any if the coroutine has a thread of its own. Without one, a switch at the
  /// same moment would pull the stack away.
  ///
  /// @return innermost frame first; allocates
  StackTraceElement[] stack();

  /// Waits until nothing is left of one that has returned from [CoroutinePool#serve].
  void afterClose();
}
