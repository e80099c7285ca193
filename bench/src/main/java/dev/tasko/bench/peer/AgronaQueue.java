package dev.tasko.bench.peer;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.BitUtil;
import org.agrona.DeadlineTimerWheel;

/// Agrona's wheel as fast as it can be had with a payload: payloads lie in an array beside it, in
/// the same places as the deadlines.
///
/// Without settings the wheel is sized so that it never grows and every delay fits in one
/// revolution: a tick of 1.05 ms, and as many places in a tick as the busiest one needs. Settings:
///
/// - `tickNs` and `spokes` (powers of two), `alloc` (places in a tick, a power of two) or
///   `allocShift` (twice as many as needed for 1);
/// - `default=true`: what one writes without knowing the load, 1.05 ms, 1024 spokes and Agrona's
///   own 16 places, which grow;
/// - `best=true`: what a search found for the workload and the number of timers, see [AgronaBest].
final class AgronaQueue implements TimerQueue {
  private static final int SPOKE_SHIFT = 32;
  private static final long PLACES_MAX = 1 << 27;
  private static final PeerSpec DEFAULT =
      new PeerSpec("agrona", Map.of("tickNs", "1048576", "spokes", "1024", "alloc", "16"));

  private final DeadlineTimerWheel wheel;
  private final DeadlineTimerWheel.TimerHandler handler;
  private long[] payloads;
  private int places;

  AgronaQueue(Load load, PeerSpec spec, Expiry expiry) {
    PeerSpec settings = settings(load, spec);
    wheel = createWheel(load, settings);
    places = placesInTick(load, settings);
    payloads = new long[wheel.ticksPerWheel() * places];
    handler =
        (unit, now, timerId) -> {
          expiry.onTimer(payloads[placeOf(timerId)]);
          return true;
        };
  }

  /// The specification with what `default` and `best` stand for; single settings go before them.
  static PeerSpec settings(Load load, PeerSpec spec) {
    if (spec.flag("default")) {
      return spec.or(DEFAULT);
    }
    return spec.flag("best") ? spec.or(AgronaBest.find(load)) : spec;
  }

  static DeadlineTimerWheel createWheel(Load load, PeerSpec settings) {
    long placesInWheel = (long) ticksPerWheel(load, settings) * placesInTick(load, settings);
    if (placesInWheel > PLACES_MAX) {
      throw new IllegalArgumentException(
          "agrona: " + placesInWheel + " places (expected: <= " + PLACES_MAX + ")");
    }
    return new DeadlineTimerWheel(
        TimeUnit.NANOSECONDS,
        load.startNs(),
        tickNs(settings),
        ticksPerWheel(load, settings),
        placesInTick(load, settings));
  }

  private static long tickNs(PeerSpec settings) {
    return settings.number("tickNs", 1 << 20);
  }

  private static int ticksPerWheel(Load load, PeerSpec settings) {
    long needed = load.longestNs() / tickNs(settings) + 2;
    return (int) settings.number("spokes", BitUtil.findNextPositivePowerOfTwo((int) needed));
  }

  /// The mean of the busiest tick and six standard deviations of a Poisson distribution. Delays
  /// beyond a revolution lie over each other.
  static int placesInTick(Load load, PeerSpec settings) {
    double mean = load.timers();
    if (load.densestNs() > 0) {
      double share = (double) tickNs(settings) / load.densestNs();
      mean *= Math.min(1, Math.max(share, 1.0 / ticksPerWheel(load, settings)));
    }
    int needed = (int) Math.min(load.timers(), mean + 6 * Math.sqrt(mean) + 3);
    int enough = BitUtil.findNextPositivePowerOfTwo(Math.max(needed, 1));
    double shifted = Math.scalb((double) enough, (int) settings.number("allocShift", 0));
    return (int) settings.number("alloc", Math.max(1, (long) shifted));
  }

  /// Polls once for each tick that has passed and once for the tick that has not.
  static int advance(
      DeadlineTimerWheel wheel, DeadlineTimerWheel.TimerHandler handler, long nowNs) {
    if (wheel.timerCount() == 0) {
      wheel.currentTickTime(nowNs);
      return 0;
    }
    int fired = 0;
    while (wheel.currentTickTime() - nowNs <= 0) {
      fired += wheel.poll(nowNs, handler, Integer.MAX_VALUE);
    }
    return fired + wheel.poll(nowNs, handler, Integer.MAX_VALUE);
  }

  @Override
  public long schedule(long deadlineNs, long payload) {
    long timerId = wheel.scheduleTimer(deadlineNs);
    if ((int) timerId >= places) {
      grow();
    }
    payloads[placeOf(timerId)] = payload;
    return timerId;
  }

  @Override
  public boolean cancel(long handle) {
    return wheel.cancelTimer(handle);
  }

  @Override
  public long postpone(long handle, long deadlineNs) {
    long payload = payloads[placeOf(handle)];
    return wheel.cancelTimer(handle) ? schedule(deadlineNs, payload) : NO_HANDLE;
  }

  @Override
  public int advanceTo(long nowNs) {
    return advance(wheel, handler, nowNs);
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

  /// Deadlines and payloads.
  @Override
  public long bytes() {
    return 2L * Long.BYTES * payloads.length;
  }

  private int placeOf(long timerId) {
    return (int) (timerId >>> SPOKE_SHIFT) * places + (int) timerId;
  }

  /// The wheel has doubled every spoke, and so do we.
  private void grow() {
    int spokes = wheel.ticksPerWheel();
    long[] grown = new long[payloads.length * 2];
    for (int spoke = 0; spoke < spokes; spoke++) {
      System.arraycopy(payloads, spoke * places, grown, spoke * places * 2, places);
    }
    payloads = grown;
    places *= 2;
  }

  @Override
  public String toString() {
    return "AgronaQueue" + Arrays.asList(wheel.tickResolution(), wheel.ticksPerWheel(), places);
  }
}
