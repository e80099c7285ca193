package dev.tasko.wheel;

import static java.util.Locale.ROOT;

import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Runs a [Workload] on a wheel whose memory is counted, and prints the cache lines that each
/// operation touches.
///
/// Deadlines are uniform over 1 to 30 s, and a poll with no limit comes every millisecond while
/// time goes on. Lines are distinct within one call; a poll's are shared among the timers that it
/// fires and moves. Polls with nothing due are counted apart.
final class CacheLineRun {
  private static final long CADENCE_NS = 1_000_000;
  private static final long SHORTEST_NS = 1_000_000_000;
  private static final long LONGEST_NS = 30_000_000_000L;

  /// Past the first turn of level 3, 68.7 s, so that a wheel is seen in all its phases.
  private static final long HOLD_NS = 70_000_000_000L;

  /// The wheel's age at first. About as many deadlines lie beyond the end of that turn as do on
  /// average: 15.5 of 68.7.
  private static final long AGE_NS = 45_000_000_000L;

  private static final long WARM_UP_NS = 2_000_000_000;
  private static final int LEAST_OPERATIONS = 20_000;

  /// What is done to the live timers.
  enum Workload {
    /// One more is scheduled and cancelled; time stands still.
    SCHEDULE_THEN_CANCEL,
    /// A random one is cancelled and scheduled anew; time stands still.
    CANCEL_RANDOM,
    /// A random one is postponed, by up to 1 s; time stands still.
    POSTPONE_LATER,
    /// Each that fires is scheduled anew after the poll.
    HOLD,
    /// All fire.
    DRAIN,
    /// All fire, by polls that do one unit of work each.
    DRAIN_BY_UNITS
  }

  private final Map<String, LongSummaryStatistics> lines = new TreeMap<>();
  private final SplittableRandom random = new SplittableRandom(7);
  private final int live;
  private final TimerWheel wheel;
  private final long[] handles;
  private final long[] deadlinesNs;
  private final int[] fired;
  private int firedCount;
  private long polls;
  private long allFired;
  private long allMoves;
  private int mostMoves;
  private long nowNs = 1;

  private CacheLineRun(int live) {
    this.live = live;
    wheel = new TimerWheel(live + 1, nowNs - AGE_NS);
    handles = new long[live + 1];
    deadlinesNs = new long[live + 1];
    fired = new int[live];
    for (int timer = 0; timer < live; timer++) {
      schedule(timer);
    }
    putIntoLists();
    restart();
  }

  /// Arms another timer, so that the one armed last is not left for the first poll to put there.
  private void putIntoLists() {
    schedule(live);
    cancel(live);
  }

  private void restart() {
    CacheLines.restartMoves();
    polls = 0;
    allFired = 0;
    allMoves = 0;
    lines.clear();
  }

  /// Returns averages by name: lines for each call of `schedule`, `cancel`, `postpone`; for each
  /// timer fired the lines (`fire`), moves (`moves`) and polls (`polls`) that it takes; polls that
  /// neither fire nor move do not count.
  static Map<String, Double> run(String workload, int live) {
    CacheLineRun run = new CacheLineRun(live);
    switch (Workload.valueOf(workload)) {
      case SCHEDULE_THEN_CANCEL -> run.scheduleThenCancel();
      case CANCEL_RANDOM -> run.cancelRandom();
      case POSTPONE_LATER -> run.postponeLater();
      case HOLD -> run.hold();
      case DRAIN -> run.drain(Integer.MAX_VALUE);
      case DRAIN_BY_UNITS -> run.drain(1);
    }
    System.out.printf(ROOT, "cache lines, %s of %,d: %s%n", workload, live, run);
    return run.averages();
  }

  private void scheduleThenCancel() {
    warmUp();
    for (int i = operations(); i > 0; i--) {
      schedule(live);
      cancel(live);
    }
  }

  private void cancelRandom() {
    warmUp();
    for (int i = operations(); i > 0; i--) {
      int timer = random.nextInt(live);
      cancel(timer);
      schedule(timer);
    }
  }

  private void postponeLater() {
    warmUp();
    for (int i = operations(); i > 0; i--) {
      postpone(random.nextInt(live));
    }
  }

  private void hold() {
    warmUp();
    holdFor(HOLD_NS);
  }

  private void drain(int budget) {
    while (wheel.size() > 0) {
      nowNs += CADENCE_NS;
      while (wheel.isDue(nowNs)) {
        poll(budget);
      }
    }
    mostMoves = CacheLines.mostMoves();
  }

  private int operations() {
    return Math.max(LEAST_OPERATIONS, 2 * live);
  }

  private void warmUp() {
    holdFor(WARM_UP_NS);
    restart();
  }

  private void holdFor(long durationNs) {
    for (long endNs = nowNs + durationNs; nowNs < endNs; ) {
      nowNs += CADENCE_NS;
      poll(Integer.MAX_VALUE);
      for (int i = 0; i < firedCount; i++) {
        schedule(fired[i]);
      }
    }
  }

  private void schedule(int timer) {
    deadlinesNs[timer] = nowNs + random.nextLong(SHORTEST_NS, LONGEST_NS);
    handles[timer] = wheel.schedule(deadlinesNs[timer], timer);
    count("schedule");
  }

  private void cancel(int timer) {
    check(wheel.cancel(handles[timer]));
    count("cancel");
  }

  private void postpone(int timer) {
    deadlinesNs[timer] += random.nextLong(1, SHORTEST_NS);
    check(wheel.postpone(handles[timer], deadlinesNs[timer]));
    count("postpone");
  }

  private void poll(int budget) {
    boolean due = wheel.isDue(nowNs);
    CacheLines.take();
    long movesBefore = CacheLines.moves();
    firedCount = 0;
    wheel.poll(nowNs, this::note, budget);
    count(due ? "poll" : "idle poll");
    long moved = CacheLines.moves() - movesBefore;
    polls += firedCount + moved > 0 ? 1 : 0;
    allFired += firedCount;
    allMoves += moved;
  }

  private void note(long handle, long payload, long deadlineNs) {
    fired[firedCount++] = (int) payload;
  }

  private void count(String call) {
    lines.computeIfAbsent(call, first -> new LongSummaryStatistics()).accept(CacheLines.take());
  }

  private Map<String, Double> averages() {
    Map<String, Double> averages = new TreeMap<>();
    lines.forEach((call, counts) -> averages.put(call, counts.getAverage()));
    LongSummaryStatistics busy = lines.get("poll");
    if (busy != null) {
      averages.put("fire", (double) busy.getSum() / allFired);
      averages.put("moves", (double) allMoves / allFired);
      averages.put("polls", (double) polls / allFired);
    }
    return averages;
  }

  private static void check(boolean done) {
    if (!done) {
      throw new IllegalStateException("bug: no such timer");
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    averages()
        .forEach((name, average) -> {
          text.append(text.isEmpty() ? "" : ", ")
              .append(String.format(ROOT, "%s %.3f", name, average));
          LongSummaryStatistics counts = lines.get(name);
          if (counts != null) {
            text.append(String.format(ROOT, " (max %,d)", counts.getMax()));
          }
        });
    if (mostMoves > 0) {
      text.append(", moves of one at most ").append(mostMoves);
    }
    return text.toString();
  }
}
