package dev.tasko.wakeup;

import dev.tasko.task.Scheduler;
import org.jspecify.annotations.Nullable;

/// Producers fire one interrupt; a task awaits it again and again.
final class AwaitRun implements Explorer.Outcome {
  private final ExploredQueue queue;
  private final Interrupt interrupt;
  private final Explorer.SimulatedThread loop;
  private final int firings;
  private long counted;

  AwaitRun(Explorer threads, ExploredQueue queue, int producers, int firingsEach) {
    this.queue = queue;
    StubScheduler scheduler = new StubScheduler();
    scheduler.turn(this::turn);
    interrupt = new Interrupt(scheduler, queue, "edge", Scheduler.WaitFor.EVENT);
    firings = producers * firingsEach;
    loop = threads.thread("loop", this::task);
    queue.loop(loop);
    for (int i = 0; i < producers; i++) {
      threads.thread("p" + i, () -> produce(firingsEach));
    }
  }

  private void produce(int count) {
    for (int i = 0; i < count; i++) {
      interrupt.fire();
    }
  }

  private void task() {
    while (true) {
      long count = interrupt.await();
      if (count == 0) {
        throw new IllegalStateException("await returned 0");
      }
      counted += count;
    }
  }

  /// What is left of the turn after the task has begun to wait, and the next one up to the task.
  private void turn() {
    queue.point();
    if (queue.isEmpty()) {
      queue.park(Long.MAX_VALUE);
    }
    queue.drain();
  }

  @Override
  public @Nullable String violation() {
    if (!loop.isParked() || !queue.isEmpty()) {
      return "the loop sleeps while a source is pending";
    }
    return counted == firings ? null : "fired " + firings + ", counted " + counted;
  }
}
