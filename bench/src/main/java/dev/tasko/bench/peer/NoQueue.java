package dev.tasko.bench.peer;

/// Does nothing, so that the cost of a workload itself can be read.
final class NoQueue implements TimerQueue {
  @Override
  public long schedule(long deadlineNs, long payload) {
    return deadlineNs ^ payload;
  }

  @Override
  public boolean cancel(long handle) {
    return handle != NO_HANDLE;
  }

  @Override
  public long postpone(long handle, long deadlineNs) {
    return handle ^ deadlineNs;
  }

  @Override
  public int advanceTo(long nowNs) {
    return 0;
  }

  @Override
  public long nextDeadlineNs() {
    return NO_DEADLINE;
  }

  @Override
  public int size() {
    return 0;
  }

  @Override
  public long bytes() {
    return 0;
  }
}
