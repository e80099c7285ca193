package dev.tasko.wheel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a [TimerWheel] must do, slow and obvious: a set sorted by deadline, then by arming.
///
/// Times are nanoseconds since the wheel's start, so that plain `long` order is the order by
/// difference. Handles are the wheel's; the model only checks that none is given twice.
final class WheelModel {
  private static final Comparator<Timer> ORDER =
      Comparator.<Timer>comparingLong(timer -> timer.deadline)
          .thenComparingLong(timer -> timer.arming);

  /// One arming of a record. Its place in the order changes when it is postponed.
  static final class Timer {
    final long handle;
    final long payload;
    final List<Operation> reactions;
    private long deadline;
    private long arming;
    private int livePosition = -1;

    private Timer(long handle, long payload, List<Operation> reactions) {
      this.handle = handle;
      this.payload = payload;
      this.reactions = reactions;
    }

    long deadline() {
      return deadline;
    }

    boolean isArmed() {
      return livePosition >= 0;
    }
  }

  private final long lastGenerationHandle;
  private final TreeSet<Timer> armed = new TreeSet<>(ORDER);

  /// Armed during the poll that is running, for its time or before: fires in a later one.
  private final TreeSet<Timer> deferred = new TreeSet<>(ORDER);

  private final Map<Long, Timer> byHandle = new HashMap<>();
  private final List<Timer> issued = new ArrayList<>();
  private final List<Timer> live = new ArrayList<>();

  /// Deadlines of timers that were cancelled, postponed or fired, with how many: the wheel may wake
  /// once for each, until a poll has come to its end or the wheel was empty.
  private final NavigableMap<Long, Integer> ghosts = new TreeMap<>();

  private int usable;
  private long armings;
  private boolean polling;
  private long pollTime;
  private @Nullable Timer firing;

  WheelModel(int capacity, long lastGenerationHandle) {
    usable = capacity;
    this.lastGenerationHandle = lastGenerationHandle;
  }

  int size() {
    return live.size();
  }

  boolean isFull() {
    return live.size() + (firing == null ? 0 : 1) == usable;
  }

  int usable() {
    return usable;
  }

  boolean isKnown(long handle) {
    return byHandle.containsKey(handle);
  }

  /// The timer of a handle that was ever given out.
  @Nullable Timer find(long handle) {
    return byHandle.get(handle);
  }

  void schedule(long handle, long payload, long deadline, List<Operation> reactions) {
    Timer timer = new Timer(handle, payload, reactions);
    byHandle.put(handle, timer);
    issued.add(timer);
    arm(timer, deadline);
  }

  boolean cancel(long handle) {
    Timer timer = byHandle.get(handle);
    if (timer == null || !timer.isArmed()) {
      return false;
    }
    ghosts.merge(timer.deadline, 1, Integer::sum);
    disarm(timer);
    forgetGhostsIfEmpty();
    release(timer);
    return true;
  }

  boolean postpone(long handle, long deadline) {
    Timer timer = byHandle.get(handle);
    if (timer != null && timer == firing) {
      firing = null;
      arm(timer, deadline);
      return true;
    }
    if (timer == null || !timer.isArmed()) {
      return false;
    }
    ghosts.merge(timer.deadline, 1, Integer::sum);
    disarm(timer);
    arm(timer, deadline);
    return true;
  }

  void clear() {
    while (!live.isEmpty()) {
      Timer timer = live.getLast();
      disarm(timer);
      release(timer);
    }
    forgetGhostsIfEmpty();
  }

  void beginPoll(long now) {
    polling = true;
    pollTime = now;
  }

  /// The timer that must fire next in this poll.
  @Nullable Timer due() {
    Timer first = first();
    return first == null || first.deadline > pollTime ? null : first;
  }

  /// The earliest timer, not counting those of a later poll.
  @Nullable Timer first() {
    return armed.isEmpty() ? null : armed.first();
  }

  /// The timer after the earliest, if it has the same deadline.
  @Nullable Timer secondInSlot() {
    Timer first = first();
    Timer second = first == null ? null : armed.higher(first);
    return first == null || second == null || second.deadline != first.deadline ? null : second;
  }

  void beginFire(Timer timer) {
    disarm(timer);
    forgetGhostsIfEmpty();
    ghosts.merge(timer.deadline, 1, Integer::sum);
    firing = timer;
  }

  void endFire() {
    if (firing != null) {
      release(firing);
      firing = null;
    }
  }

  @Nullable Timer firing() {
    return firing;
  }

  void endPoll() {
    polling = false;
    armed.addAll(deferred);
    deferred.clear();
    forgetGhostsIfEmpty();
  }

  /// After a poll that had budget to spare no early wake up to its time is left.
  void forgetGhostsThrough(long now) {
    ghosts.headMap(now, true).clear();
  }

  boolean isGhost(long deadline) {
    return ghosts.containsKey(deadline);
  }

  long nextDeadline() {
    long next = armed.isEmpty() ? Long.MAX_VALUE : armed.first().deadline;
    return deferred.isEmpty() ? next : Math.min(next, deferred.first().deadline);
  }

  /// Any armed timer, by number.
  @Nullable Timer anyLive(int pick) {
    return live.isEmpty() ? null : live.get(Math.floorMod(pick, live.size()));
  }

  /// Any timer ever armed, by number.
  @Nullable Timer anyIssued(int pick) {
    return issued.isEmpty() ? null : issued.get(Math.floorMod(pick, issued.size()));
  }

  private void arm(Timer timer, long deadline) {
    timer.deadline = deadline;
    timer.arming = armings++;
    timer.livePosition = live.size();
    live.add(timer);
    (polling && deadline <= pollTime ? deferred : armed).add(timer);
  }

  private void disarm(Timer timer) {
    if (!armed.remove(timer)) {
      deferred.remove(timer);
    }
    Timer last = live.removeLast();
    if (last != timer) {
      live.set(timer.livePosition, last);
      last.livePosition = timer.livePosition;
    }
    timer.livePosition = -1;
  }

  private void forgetGhostsIfEmpty() {
    if (live.isEmpty()) {
      ghosts.clear();
    }
  }

  private void release(Timer timer) {
    if (Long.compareUnsigned(timer.handle, lastGenerationHandle) >= 0) {
      usable--;
    }
  }
}
