package dev.tasko.bench.peer;

import org.agrona.DeadlineTimerWheel;
import org.agrona.collections.Long2LongHashMap;

/// Agrona's wheel as Aeron's consensus module uses it: two maps, from the payload to the timer and
/// back. Payloads are unique, and are the handles. Settings as [AgronaQueue].
final class AgronaMapQueue implements TimerQueue {
  private final DeadlineTimerWheel wheel;
  private final DeadlineTimerWheel.TimerHandler handler;
  private final Long2LongHashMap timerByPayload;
  private final Long2LongHashMap payloadByTimer;
  private final long wheelBytes;

  AgronaMapQueue(Load load, PeerSpec spec, Expiry expiry) {
    PeerSpec settings = AgronaQueue.settings(load, spec);
    wheel = AgronaQueue.createWheel(load, settings);
    wheelBytes =
        (long) Long.BYTES * wheel.ticksPerWheel() * AgronaQueue.placesInTick(load, settings);
    timerByPayload = createMap(load);
    payloadByTimer = createMap(load);
    handler =
        (unit, now, timerId) -> {
          long payload = payloadByTimer.remove(timerId);
          timerByPayload.remove(payload);
          expiry.onTimer(payload);
          return true;
        };
  }

  private static Long2LongHashMap createMap(Load load) {
    return new Long2LongHashMap(2 * load.timers(), 0.55f, NO_HANDLE);
  }

  @Override
  public long schedule(long deadlineNs, long payload) {
    long timerId = wheel.scheduleTimer(deadlineNs);
    timerByPayload.put(payload, timerId);
    payloadByTimer.put(timerId, payload);
    return payload;
  }

  @Override
  public boolean cancel(long handle) {
    long timerId = timerByPayload.remove(handle);
    if (timerId == NO_HANDLE) {
      return false;
    }
    payloadByTimer.remove(timerId);
    return wheel.cancelTimer(timerId);
  }

  @Override
  public long postpone(long handle, long deadlineNs) {
    return cancel(handle) ? schedule(deadlineNs, handle) : NO_HANDLE;
  }

  @Override
  public int advanceTo(long nowNs) {
    return AgronaQueue.advance(wheel, handler, nowNs);
  }

  /// It cannot tell.
  @Override
  public long nextDeadlineNs() {
    return NO_DEADLINE;
  }

  @Override
  public int size() {
    return (int) wheel.timerCount();
  }

  /// The wheel as it was made, and a key and a value in each place of the maps.
  @Override
  public long bytes() {
    return wheelBytes + 2L * Long.BYTES * (capacityOf(timerByPayload) + capacityOf(payloadByTimer));
  }

  private static long capacityOf(Long2LongHashMap map) {
    return map.capacity();
  }
}
