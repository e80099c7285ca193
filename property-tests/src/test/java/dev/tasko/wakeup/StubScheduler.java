package dev.tasko.wakeup;

import dev.tasko.task.Holdings;
import dev.tasko.task.Scheduler;
import dev.tasko.task.TaskRecords;
import dev.tasko.task.WaitTarget;
import org.jspecify.annotations.Nullable;

/// A loop with one task, number 0, whose wait runs the loop until the task is resumed.
final class StubScheduler implements Scheduler {
  private @Nullable Runnable turn;
  private boolean suspended;

  /// Sets what the loop does while its task waits.
  void turn(Runnable whatTheLoopDoes) {
    turn = whatTheLoopDoes;
  }

  @Override
  public boolean isClosing() {
    return false;
  }

  @Override
  public int suspendableTask(String operation) {
    return 0;
  }

  @Override
  public void requireOnLoop(String operation) {}

  @Override
  public int currentTask() {
    return 0;
  }

  @Override
  public void suspend(String operation, WaitFor waitFor, WaitTarget target) {
    if (turn == null) {
      throw new IllegalStateException("nobody awaits here");
    }
    suspended = true;
    while (suspended) {
      turn.run();
    }
  }

  @Override
  public void resume(int task) {
    if (!suspended) {
      throw new IllegalStateException("resumed a task that is not suspended");
    }
    suspended = false;
  }

  @Override
  public void beginTimeLimit(String operation, long limitNs) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void endTimeLimit() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void beginShield(String operation) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void endShield() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void sleepNs(long delayNs) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long nowNs() {
    return 0;
  }

  @Override
  public String taskName(int task) {
    return "task";
  }

  @Override
  public Holdings holdings() {
    throw new UnsupportedOperationException("holdings");
  }

  @Override
  public TaskRecords records() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isStrict() {
    return false;
  }
}
