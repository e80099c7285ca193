package dev.tasko.bench.peer;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;

/// Runs a random history of schedule, cancel, postpone and advance against a peer, with timers
/// scheduled by timers, and keeps account of every timer.
///
/// Thread: one; engines on the wall clock call [#onTimer] from their own, so everything is guarded.
public final class CompletenessCheck implements TimerQueue.Expiry {
  private static final int CAPACITY = 1 << 15;
  private static final int OPERATIONS = 20_000;
  private static final long START_NS = 1L << 40;
  private static final long MILLISECOND_NS = 1_000_000;
  private static final int LATE_TIMERS = 10_000;
  private static final int WALL_CLOCK_TIMERS = 500;
  private static final long PATIENCE_NS = 10_000 * MILLISECOND_NS;

  private static final byte ARMED = 1;
  private static final byte FIRED = 2;
  private static final byte CANCELLED = 3;

  private final String peer;
  private final TimerQueue queue;
  private final Random64 random;
  private final byte[] states = new byte[CAPACITY];
  private final long[] handles = new long[CAPACITY];
  private final long[] deadlines = new long[CAPACITY];
  private final int[] arrivals = new int[CAPACITY];
  private final int[] armedAtPoll = new int[CAPACITY];

  private int timers;
  private int armed;
  private int polls;
  private long nowNs = START_NS;
  private long lastPollNs = START_NS;
  private int lastFired;

  private int fired;
  private int early;
  private int twice;
  private int undead;
  private int late;
  private int deadlineOrder;
  private int arrivalOrder;
  private long maxLatenessNs;

  private CompletenessCheck(
      String peer, long seed, BiFunction<Load, TimerQueue.Expiry, TimerQueue> make) {
    this.peer = peer;
    random = new Random64(seed);
    Load load = new Load("hold", CAPACITY, START_NS, Delays.LONGEST_NS, Delays.LONGEST_NS);
    queue = make.apply(load, this);
  }

  /// Checks a peer: by polls with a clock of its own, or for about a tenth of a second on the wall
  /// clock.
  ///
  /// @param peer as [PeerSpec#parse] reads it
  /// @param seed of the history
  /// @return what it did
  public static Completeness run(String peer, long seed) {
    return run(peer, seed, (load, expiry) -> Peers.create(peer, load, expiry));
  }

  /// Of an engine that need not be one of the peers.
  static Completeness run(
      String peer, long seed, BiFunction<Load, TimerQueue.Expiry, TimerQueue> make) {
    CompletenessCheck check = new CompletenessCheck(peer, seed, make);
    try (TimerQueue closed = check.queue) {
      if (closed.isOnWallClock()) {
        check.runOnWallClock();
      } else {
        check.runByPolls();
      }
      return check.result();
    }
  }

  /// Checks what a polled peer makes of a late caller: timers of up to 30 s, armed and cancelled
  /// between polls that come only at every stall.
  ///
  /// @param peer as [PeerSpec#parse] reads it, not on the wall clock
  /// @param seed of the history
  /// @param stallNs simulated time between two polls
  /// @return what it did; the lateness is mostly the stall
  public static Completeness runLate(String peer, long seed, long stallNs) {
    CompletenessCheck check =
        new CompletenessCheck(peer, seed, (load, expiry) -> Peers.create(peer, load, expiry));
    try (TimerQueue closed = check.queue) {
      for (int i = 0; i < LATE_TIMERS; i++) {
        check.schedule(check.nowNs + 1 + check.random.below(1000) * (Delays.LONGEST_NS / 1000));
        if (i % 10 == 9) {
          check.cancel(check.random.below(check.timers));
        }
      }
      long endNs = check.nowNs + 3 * Delays.LONGEST_NS + 3 * stallNs;
      while (closed.size() > 0 && check.nowNs < endNs) {
        check.poll(check.nowNs + stallNs);
      }
      return check.result();
    }
  }

  private void runByPolls() {
    for (int i = 0; i < OPERATIONS; i++) {
      int kind = random.below(20);
      if (kind < 10) {
        schedule(randomDeadlineNs());
      } else if (kind < 13) {
        cancel(random.below(Math.max(timers, 1)));
      } else if (kind < 16) {
        postpone(random.below(Math.max(timers, 1)), randomDeadlineNs());
      } else {
        poll(nowNs + random.below(kind == 19 ? 20_000_000 : 2_000_000));
      }
    }
    long endNs = nowNs + 3 * Delays.LONGEST_NS;
    while (queue.size() > 0 && nowNs < endNs) {
      poll(nowNs + 3 * MILLISECOND_NS);
    }
  }

  /// Some in the past, many equal, some far away.
  private long randomDeadlineNs() {
    return switch (random.below(4)) {
      case 0 -> nowNs - 5 * MILLISECOND_NS + random.below(10_000_000);
      case 1 -> (nowNs / MILLISECOND_NS + random.below(10)) * MILLISECOND_NS;
      case 2 -> nowNs + random.below(100_000_000);
      default -> nowNs + random.below(1000) * (Delays.LONGEST_NS / 1000);
    };
  }

  private void runOnWallClock() {
    for (int i = 0; i < WALL_CLOCK_TIMERS; i++) {
      schedule(presentNs() + 20 * MILLISECOND_NS + random.below(60_000_000));
    }
    for (int timer = 0; timer < WALL_CLOCK_TIMERS; timer += 5) {
      cancel(timer);
      postpone(timer + 1, presentNs() + random.below(60_000_000));
    }
    long startedNs = System.nanoTime();
    while (countArmed() > 0 && System.nanoTime() - startedNs < PATIENCE_NS) {
      LockSupport.parkNanos(10 * MILLISECOND_NS);
    }
    LockSupport.parkNanos(20 * MILLISECOND_NS);
  }

  private long presentNs() {
    return queue.nowNs(nowNs);
  }

  private synchronized void schedule(long deadlineNs) {
    if (timers == CAPACITY) {
      return;
    }
    int timer = timers++;
    arm(timer, deadlineNs);
    handles[timer] = queue.schedule(deadlineNs, timer);
  }

  private void arm(int timer, long deadlineNs) {
    states[timer] = ARMED;
    deadlines[timer] = deadlineNs;
    arrivals[timer] = armed++;
    armedAtPoll[timer] = polls;
  }

  /// An engine may refuse what it is about to fire: on a thread of its own, or because the time has
  /// come. One that refuses otherwise will be found to fire what was cancelled, or, if it was to be
  /// postponed, early.
  private synchronized void cancel(int timer) {
    if (states[timer] != ARMED) {
      return;
    }
    boolean cancelled = queue.cancel(handles[timer]);
    if (cancelled || mustTake(timer)) {
      states[timer] = CANCELLED;
    }
  }

  private synchronized void postpone(int timer, long deadlineNs) {
    if (states[timer] != ARMED) {
      return;
    }
    long handle = queue.postpone(handles[timer], deadlineNs);
    boolean postponed = handle != TimerQueue.NO_HANDLE;
    if (postponed) {
      handles[timer] = handle;
    }
    if (postponed || mustTake(timer)) {
      arm(timer, deadlineNs);
    }
  }

  private boolean mustTake(int timer) {
    return !queue.isOnWallClock() && deadlines[timer] > nowNs;
  }

  private void poll(long untilNs) {
    lastPollNs = nowNs;
    nowNs = untilNs;
    polls++;
    lastFired = -1;
    queue.advanceTo(nowNs);
  }

  @Override
  public synchronized void onTimer(long payload) {
    int timer = (int) payload;
    long firedNs = presentNs();
    fired++;
    countFaults(timer, firedNs);
    states[timer] = FIRED;
    if (!queue.isOnWallClock()) {
      countDisorder(timer);
      lastFired = timer;
      if (random.below(10) < 3) {
        schedule(nowNs + 1 + random.below(50_000_000));
      }
    }
  }

  private void countFaults(int timer, long firedNs) {
    twice += states[timer] == FIRED ? 1 : 0;
    undead += states[timer] == CANCELLED ? 1 : 0;
    early += firedNs < deadlines[timer] ? 1 : 0;
    maxLatenessNs = Math.max(maxLatenessNs, firedNs - deadlines[timer]);
    boolean wasDueBefore = polls > 0 && deadlines[timer] <= lastPollNs;
    late += wasDueBefore && armedAtPoll[timer] < polls - 1 ? 1 : 0;
  }

  private void countDisorder(int timer) {
    if (lastFired < 0) {
      return;
    }
    long after = deadlines[timer] - deadlines[lastFired];
    deadlineOrder += after < 0 ? 1 : 0;
    arrivalOrder += after == 0 && arrivals[timer] < arrivals[lastFired] ? 1 : 0;
  }

  private synchronized int countArmed() {
    int count = 0;
    for (int timer = 0; timer < timers; timer++) {
      count += states[timer] == ARMED ? 1 : 0;
    }
    return count;
  }

  private synchronized Completeness result() {
    return new Completeness(
        peer,
        armed,
        fired,
        early,
        countArmed(),
        twice,
        undead,
        late,
        queue.isOnWallClock() ? Completeness.NOT_COUNTED : deadlineOrder,
        queue.isOnWallClock() ? Completeness.NOT_COUNTED : arrivalOrder,
        maxLatenessNs);
  }
}
