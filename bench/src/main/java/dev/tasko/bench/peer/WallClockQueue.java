package dev.tasko.bench.peer;

/// An engine with a thread of its own behind the interface of those that are polled. Time runs from
/// the moment of construction.
///
/// Setting `offsetS` makes every delay longer, so that the live timers of a benchmark stay alive
/// while it runs. A timer that has fired keeps its slot until it is cancelled.
final class WallClockQueue implements TimerQueue {
  private final WallClockEngine engine;
  private final Expiry expiry;
  private final long startNs;
  private final long offsetNs;
  private final long startedNs = System.nanoTime();
  private final Slots<Object> timers;
  private final long[] payloads;

  WallClockQueue(WallClockEngine engine, Load load, PeerSpec settings, Expiry expiry) {
    this.engine = engine;
    this.expiry = expiry;
    startNs = load.startNs();
    offsetNs = settings.number("offsetS", 0) * 1_000_000_000L;
    timers = new Slots<>(load.timers());
    payloads = new long[load.timers()];
  }

  @Override
  public long schedule(long deadlineNs, long payload) {
    int slot = timers.next();
    if (slot == Slots.NONE) {
      return NO_HANDLE;
    }
    payloads[slot] = payload;
    timers.put(engine.start(expiry, payload, delayNs(deadlineNs)));
    return slot;
  }

  @Override
  public boolean cancel(long handle) {
    Object timer = timers.get(handle);
    if (timer == null) {
      return false;
    }
    timers.release((int) handle);
    return engine.stop(timer);
  }

  @Override
  public long postpone(long handle, long deadlineNs) {
    Object timer = timers.get(handle);
    if (timer == null) {
      return NO_HANDLE;
    }
    long payload = payloads[(int) handle];
    timers.replace((int) handle, engine.restart(timer, expiry, payload, delayNs(deadlineNs)));
    return handle;
  }

  /// With an offset, time stands still as it does for the others.
  private long delayNs(long deadlineNs) {
    return deadlineNs - (offsetNs > 0 ? startNs - offsetNs : nowNs());
  }

  @Override
  public long nowNs(long simulatedNs) {
    return nowNs();
  }

  private long nowNs() {
    return startNs + System.nanoTime() - startedNs;
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
    return timers.size();
  }

  @Override
  public boolean isOnWallClock() {
    return true;
  }

  @Override
  public void close() {
    engine.close();
  }
}
