package dev.tasko.task;

import org.jspecify.annotations.Nullable;

/// Something that a task can own for a time. [Holdings] lists what each task owns, so that nothing
/// is lost with a task that ends without giving it back.
///
/// Its `toString` names it in messages.
///
/// Thread: the loop's.
public abstract class Holding {
  @Nullable Holding next;

  /// For primitives that can be owned; one object each, made with the primitive.
  protected Holding() {}

  /// The owner ends: give it to the next, as if the owner had. Must take it off the list.
  protected abstract void giveBack();
}
