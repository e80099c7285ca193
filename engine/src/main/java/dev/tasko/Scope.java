package dev.tasko;

import dev.tasko.task.Scheduler;
import dev.tasko.wheel.TimerWheel;
import org.jspecify.annotations.Nullable;

/// A part of a task's run, from a call that begins it to the one that ends it: with a time limit,
/// shielded, or the life of a group. Used again and again; see [Scopes].
final class Scope {
  /// The place in the pool, and the payload of its timer.
  final int id;

  int task = Scheduler.NO_TASK;
  @Nullable Scope outer;

  /// What is outside does not reach in.
  boolean shield;

  /// It is a group's, which ends it.
  boolean group;

  /// Everything inside is to end.
  boolean expired;

  /// The limit, or 0 if there is none.
  long limitNs;

  long timer = TimerWheel.NULL_HANDLE;

  /// What to throw inside, if it is not a time limit.
  @Nullable TaskFailedException failure;

  /// It was thrown.
  boolean reported;

  Scope(int id) {
    this.id = id;
  }
}
