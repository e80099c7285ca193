package dev.tasko.bench.peer;

import org.apache.kafka.server.util.timer.TimerTask;
import org.apache.kafka.server.util.timer.VirtualTimer;

/// Kafka's hierarchical wheel in simulated time. Deadlines are rounded up to its milliseconds.
/// Settings: `tickMs` (1), `spokes` (512, which is faster by a fifth and more than the broker's
/// 20).
final class KafkaQueue implements TimerQueue {
  private static final long MILLISECOND_NS = 1_000_000;

  private final VirtualTimer timer;
  private final Slots<Task> tasks;

  KafkaQueue(Load load, PeerSpec settings, Expiry expiry) {
    tasks = new Slots<>(load.timers());
    timer =
        new VirtualTimer(
            settings.number("tickMs", 1),
            (int) settings.number("spokes", 512),
            Math.floorDiv(load.startNs(), MILLISECOND_NS),
            task -> fire((Task) task, expiry));
  }

  private void fire(Task task, Expiry expiry) {
    tasks.release(task.slot);
    expiry.onTimer(task.payload);
  }

  @Override
  public long schedule(long deadlineNs, long payload) {
    int slot = tasks.next();
    if (slot == Slots.NONE) {
      return NO_HANDLE;
    }
    Task task = new Task(slot, payload);
    tasks.put(task);
    timer.add(task, Math.ceilDiv(deadlineNs, MILLISECOND_NS));
    return slot;
  }

  @Override
  public boolean cancel(long handle) {
    Task task = tasks.get(handle);
    if (task == null) {
      return false;
    }
    tasks.release((int) handle);
    task.cancel();
    return true;
  }

  @Override
  public long postpone(long handle, long deadlineNs) {
    Task task = tasks.get(handle);
    return task != null && cancel(handle) ? schedule(deadlineNs, task.payload) : NO_HANDLE;
  }

  @Override
  public int advanceTo(long nowNs) {
    return timer.advanceTo(Math.floorDiv(nowNs, MILLISECOND_NS));
  }

  @Override
  public long nextDeadlineNs() {
    long nextMs = timer.nextMs();
    return nextMs == Long.MAX_VALUE ? NO_DEADLINE : nextMs * MILLISECOND_NS;
  }

  @Override
  public int size() {
    return tasks.size();
  }

  private static final class Task extends TimerTask {
    final int slot;
    final long payload;

    Task(int slot, long payload) {
      super(0);
      this.slot = slot;
      this.payload = payload;
    }

    @Override
    public void run() {
      throw new IllegalStateException("bug: run by nobody");
    }
  }
}
