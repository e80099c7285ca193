package dev.tasko.bench.peer;

import dev.tasko.wheel.TimerHandler;
import dev.tasko.wheel.TimerWheel;

/// tasko's own wheel.
final class TaskoQueue implements TimerQueue {
  private final TimerWheel wheel;
  private final TimerHandler handler;

  TaskoQueue(Load load, Expiry expiry) {
    wheel = new TimerWheel(load.timers(), load.startNs());
    handler = (handle, payload, deadlineNs) -> expiry.onTimer(payload);
  }

  @Override
  public long schedule(long deadlineNs, long payload) {
    long handle = wheel.schedule(deadlineNs, payload);
    return handle == TimerWheel.NULL_HANDLE ? NO_HANDLE : handle;
  }

  @Override
  public boolean cancel(long handle) {
    return wheel.cancel(handle);
  }

  @Override
  public long postpone(long handle, long deadlineNs) {
    return wheel.postpone(handle, deadlineNs) ? handle : NO_HANDLE;
  }

  @Override
  public int advanceTo(long nowNs) {
    return wheel.poll(nowNs, handler, Integer.MAX_VALUE);
  }

  @Override
  public long nextDeadlineNs() {
    return wheel.nextDeadlineNs();
  }

  @Override
  public int size() {
    return wheel.size();
  }

  @Override
  public long bytes() {
    return WheelMemory.directBytes(wheel.capacity()) + WheelMemory.HEAP_BYTES;
  }
}
