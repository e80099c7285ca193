package dev.tasko;

import dev.tasko.task.ReadyQueue;
import dev.tasko.task.Scheduler;
import dev.tasko.task.TaskRecords;
import dev.tasko.wheel.TimerWheel;
import org.agrona.concurrent.NanoClock;

/// Where the tasks stand that do not run. Each is in at most one place: once in the ready queue,
/// once in the wheel, or with whatever will resume it.
///
/// Thread: the loop's. Allocates: at construction.
final class Places {
  private final NanoClock clock;
  private final LoopRules rules;
  private final TimerWheel wheel;
  private final TaskRecords records;
  private final ReadyQueue ready;
  private int leftOfRound;
  private long rounds;
  private int outstanding;
  private int handedOver;

  Places(LoopConfig config, TimerWheel wheel, TaskRecords records) {
    clock = config.clock;
    rules = config.rules;
    this.wheel = wheel;
    this.records = records;
    ready =
        config.priorities == 1
            ? rules.createReadyQueue(config.taskCapacity)
            : rules.createReadyClasses(config.taskCapacity, config.priorities, records);
  }

  // The ready queue. A round is the tasks that are ready when it begins.

  void beginRound() {
    leftOfRound = ready.size();
    rounds++;
  }

  long rounds() {
    return rounds;
  }

  /// The next task of the round, out of the queue, or [Scheduler#NO_TASK].
  int nextOfRound() {
    if (leftOfRound == 0) {
      return Scheduler.NO_TASK;
    }
    leftOfRound--;
    return ready.take();
  }

  boolean isAnyReady() {
    return !ready.isEmpty();
  }

  void makeReady(int task) {
    records.state(task, TaskRecords.READY);
    ready.add(task);
  }

  /// The running task, resumed before it waits, gets in line already.
  void keepPlace(int task) {
    ready.add(task);
  }

  /// One that leaves this round must not make room in it for one that came later.
  void removeReady(int task) {
    int place = ready.remove(task);
    if (place >= 0 && place < leftOfRound) {
      leftOfRound--;
    }
  }

  // The wheel.

  void armTimer(int task, long deadlineNs) {
    long handle = rules.arm(wheel, deadlineNs, task);
    if (handle == TimerWheel.NULL_HANDLE) {
      throw new IllegalStateException("bug: wheel: full (expected: room for each task)");
    }
    records.timer(task, handle);
    records.state(task, TaskRecords.SLEEPING);
  }

  void cancelTimer(int task) {
    wheel.cancel(records.timer(task));
  }

  long armLimit(int scope, long limitNs) {
    long handle = wheel.schedule(deadlineIn(limitNs), Timers.payload(Timers.LIMIT, scope));
    if (handle == TimerWheel.NULL_HANDLE) {
      throw new IllegalStateException("bug: wheel: full (expected: room for each scope)");
    }
    return handle;
  }

  void disarmLimit(long handle) {
    wheel.cancel(handle);
  }

  long deadlineIn(long delayNs) {
    return wheel.deadlineNs(clock.nanoTime(), delayNs);
  }

  // With whatever will resume it.

  void suspend(int task, Scheduler.WaitFor waitFor) {
    records.state(task, TaskRecords.SUSPENDED);
    if (waitFor != Scheduler.WaitFor.TASK) {
      records.set(task, TaskRecords.OUTSTANDING);
      outstanding++;
    }
    if (waitFor == Scheduler.WaitFor.HANDED_OVER) {
      records.set(task, TaskRecords.HANDED_OVER);
      handedOver++;
    }
  }

  void resume(int task) {
    endSuspension(task);
    makeReady(task);
  }

  /// Whether something outside the loop is to resume a task.
  boolean isAnyOutstanding() {
    return outstanding > 0;
  }

  /// Whether another thread has been given something to do.
  boolean isAnyHandedOver() {
    return handedOver > 0;
  }

  /// Takes a task out of wherever it stands.
  void leave(int task) {
    cancelTimer(task);
    removeReady(task);
    endSuspension(task);
  }

  private void endSuspension(int task) {
    if (records.has(task, TaskRecords.OUTSTANDING)) {
      outstanding--;
      if (records.has(task, TaskRecords.HANDED_OVER)) {
        handedOver--;
      }
      records.clear(task, TaskRecords.OUTSTANDING | TaskRecords.HANDED_OVER);
    }
  }
}
