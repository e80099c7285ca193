package dev.tasko.wakeup;

import dev.tasko.task.Scheduler;

/// The real [WakeupQueue] and [Interrupt].
final class RealProtocol implements WakeupProtocol {
  private final ExploredQueue queue;
  private final Interrupt[] interrupts;

  RealProtocol(ExploredQueue queue, int sources) {
    this.queue = queue;
    interrupts = new Interrupt[sources];
    for (int i = 0; i < sources; i++) {
      interrupts[i] =
          new Interrupt(new StubScheduler(), queue, "edge" + i, Scheduler.WaitFor.EVENT);
    }
  }

  @Override
  public void fire(int source) {
    interrupts[source].fire();
  }

  @Override
  public int drain() {
    return queue.drain();
  }

  @Override
  public long take(int source) {
    return interrupts[source].take();
  }

  @Override
  public boolean isEmpty() {
    return queue.isEmpty();
  }

  @Override
  public void park() {
    queue.park(Long.MAX_VALUE);
  }

  @Override
  public void loop(Explorer.SimulatedThread thread) {
    queue.loop(thread);
  }
}
