package dev.tasko;

import dev.tasko.task.TaskCancelledException;
import dev.tasko.task.TaskTimeoutException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is known of each task beside the loop, and so what may become of each of its waits.
///
/// A wait that is asked for when the task is to end throws at once. One that was granted (by a
/// release, a resume, an end, a firing in an earlier step) returns, whatever came after the grant;
/// one that was not throws as soon as the task is to end. Both happen at the time of whatever woke
/// the task and at most one step later. What is thrown is that of the outermost scope within the
/// nearest shield that has expired, the cancellation of the task before all.
///
/// A timer that is due at this very moment may have fired or not; all else is known exactly.
final class CancellationShadow {
  private static final long NOT_WOKEN = -1;
  private static final int COMPLAINTS_MAX = 5;

  /// A scope that its task has open.
  static final class Scope {
    final long limitNs;
    final long deadlineNs;
    final boolean shield;
    final @Nullable Group group;

    private Scope(long limitNs, long deadlineNs, boolean shield, @Nullable Group group) {
      this.limitNs = limitNs;
      this.deadlineNs = deadlineNs;
      this.shield = shield;
      this.group = group;
    }

    static Scope limit(VirtualTime time, long limitNs) {
      long nowNs = time.nanoTime();
      return new Scope(limitNs, limitNs <= 0 ? Long.MIN_VALUE : nowNs + limitNs, false, null);
    }

    static Scope shield() {
      return new Scope(0, Long.MAX_VALUE, true, null);
    }

    static Scope group(Group group) {
      return new Scope(0, Long.MAX_VALUE, false, group);
    }

    boolean hasExpired(long nowNs) {
      return deadlineNs < nowNs || (group != null && group.ownerTold);
    }

    boolean mayHaveExpired(long nowNs) {
      return deadlineNs <= nowNs || hasExpired(nowNs);
    }

    boolean throwsThis(RuntimeException e) {
      return group == null
          ? e instanceof TaskTimeoutException
              && String.valueOf(e.getMessage()).endsWith(" of " + limitNs + " ns")
          : e instanceof TaskFailedException;
    }
  }

  /// A group that is open.
  static final class Group {
    final Life owner;
    final boolean race;
    final List<Life> children = new ArrayList<>();
    boolean ownerWaits;
    boolean ownerTold;
    boolean failed;
    boolean won;
    boolean closed;

    Group(Life owner, boolean race) {
      this.owner = owner;
      this.race = race;
    }

    boolean isOver() {
      return closed || won || (failed && !race);
    }
  }

  /// A resource: who has been granted it, who uses it, who waits.
  static final class Resource {
    final Deque<Life> queue = new ArrayDeque<>();
    @Nullable Life owner;
    @Nullable Life user;
  }

  /// An interrupt: the steps in which it was fired and not counted yet.
  static final class Signal {
    final Deque<Long> firedInTurn = new ArrayDeque<>();
    @Nullable Life waiter;

    boolean isDue(long turn) {
      return !firedInTurn.isEmpty() && firedInTurn.getFirst() < turn;
    }
  }

  /// A task.
  static final class Life {
    final int number;
    final @Nullable Group group;
    final Deque<Scope> scopes = new ArrayDeque<>();
    boolean begun;
    boolean ended;
    boolean cancelled;

    /// Of the present wait.
    private String what = "nothing";

    private boolean waiting;
    private boolean mustThrow;
    private long sinceTurn;
    private long sinceNs;
    private long wokenTurn = NOT_WOKEN;
    private long wokenNs;
    private boolean granted;

    /// It ends by a grant alone, not by time.
    private boolean needsGrant;

    /// What it asks for is there already.
    private boolean isFree;

    private @Nullable Scope ownLimit;
    private @Nullable Resource asked;
    private @Nullable Signal awaited;
    private @Nullable Life joined;
    @Nullable Suspension suspension;
    private boolean suspended;

    Life(int number, @Nullable Group group) {
      this.number = number;
      this.group = group;
    }

    boolean isShielded() {
      return scopes.stream().anyMatch(scope -> scope.shield);
    }

    /// Those that reach the running code, the outermost first.
    private Deque<Scope> reaching() {
      Deque<Scope> reaching = new ArrayDeque<>();
      for (Scope scope : scopes) {
        if (scope.shield) {
          break;
        }
        reaching.push(scope);
      }
      return reaching;
    }

    private boolean isToEnd() {
      return cancelled && !isShielded();
    }

    private boolean unwinds(long nowNs) {
      return isToEnd() || reaching().stream().anyMatch(scope -> scope.hasExpired(nowNs));
    }

    @Override
    public String toString() {
      return "t" + number + (waiting ? " in " + what : "");
    }
  }

  final List<Life> lives = new ArrayList<>();
  final List<Resource> resources = new ArrayList<>();
  final List<Signal> signals = new ArrayList<>();
  final List<String> wrong = new ArrayList<>();
  boolean closing;

  private final VirtualTime time;
  private final LongSupplier turns;

  CancellationShadow(VirtualTime time, LongSupplier turns) {
    this.time = time;
    this.turns = turns;
    for (int i = 0; i < CancellationHistory.RESOURCES; i++) {
      resources.add(new Resource());
    }
    for (int i = 0; i < CancellationHistory.INTERRUPTS; i++) {
      signals.add(new Signal());
    }
  }

  void check(boolean holds, String complaint) {
    if (!holds && wrong.size() < COMPLAINTS_MAX) {
      wrong.add(time.nanoTime() + " ns, step " + turns.getAsLong() + ": " + complaint);
    }
  }

  private void check(boolean holds, Life life, String complaint) {
    if (!holds) {
      check(false, life + ": " + complaint);
    }
  }

  Life newLife(@Nullable Group group) {
    Life life = new Life(lives.size(), group);
    lives.add(life);
    if (group != null) {
      group.children.add(life);
    }
    return life;
  }

  // Waits.

  void beginWait(Life life, String what) {
    life.what = what;
    life.waiting = true;
    life.mustThrow = life.unwinds(time.nanoTime());
    life.sinceTurn = turns.getAsLong();
    life.sinceNs = time.nanoTime();
    life.wokenTurn = NOT_WOKEN;
    life.granted = false;
    life.needsGrant = false;
    life.isFree = false;
  }

  /// A point that throws or does not, and waits in no case.
  void beginPoint(Life life, String what) {
    beginWait(life, what);
    life.isFree = true;
  }

  void asks(Life life, Resource resource, @Nullable Scope limit) {
    life.needsGrant = true;
    life.isFree = resource.owner == null;
    life.asked = resource;
    if (life.isFree || life.mustThrow) {
      return;
    }
    resource.queue.add(life);
    if (limit != null) {
      life.ownLimit = limit;
      life.scopes.push(limit);
    }
  }

  void suspends(Life life, Suspension suspension) {
    life.suspension = suspension;
    life.suspended = true;
    life.needsGrant = true;
  }

  void joins(Life life, Life target) {
    life.joined = target;
    life.needsGrant = true;
    life.isFree = target.ended;
  }

  void joins(Life life, Group group) {
    life.needsGrant = true;
    life.isFree = group.children.isEmpty();
    group.ownerWaits = !life.isFree && !life.mustThrow;
  }

  void awaits(Life life, Signal signal) {
    life.awaited = signal;
    life.needsGrant = true;
    life.isFree = signal.isDue(turns.getAsLong());
    signal.waiter = life;
  }

  /// It has been told how many firings there were: all of earlier steps.
  void counted(Life life, Signal signal, long count) {
    long due = signal.firedInTurn.stream().filter(turn -> turn < turns.getAsLong()).count();
    check(closing || (count == due && due > 0), life, "counts " + count + ", not " + due);
    boolean inTime = life.isFree || signal.firedInTurn.getFirst() == turns.getAsLong() - 1;
    check(closing || inTime, life, "is woken late");
    for (long i = due; i > 0; i--) {
      signal.firedInTurn.removeFirst();
    }
    life.granted = true;
  }

  /// Whether the wait was begun by a task that is to end.
  boolean mustThrow(Life life) {
    return life.mustThrow;
  }

  void yielded(Life life) {
    check(turns.getAsLong() == life.sinceTurn + 1, life, "yields for more than a step");
    check(time.nanoTime() == life.sinceNs, life, "yields for a time");
  }

  void slept(Life life, long ns) {
    long sleptNs = time.nanoTime() - life.sinceNs;
    check(sleptNs == Math.max(ns, 0), life, "slept " + sleptNs + ", not " + ns);
  }

  void returned(Life life) {
    if (closing) {
      return;
    }
    check(!life.mustThrow, life, "is to end and waits all the same");
    if (life.isFree) {
      check(isAtBegin(life), life, "waits for what is there");
    } else if (life.needsGrant) {
      check(life.granted, life, "goes on without a grant");
    } else {
      check(!life.unwinds(time.nanoTime()), life, "goes on though it is to end");
    }
    checkTimes(life);
  }

  void thrown(Life life, RuntimeException e) {
    if (closing) {
      withdraw(life);
      return;
    }
    check(isExpected(life, e), life, "should not throw " + e);
    check(!life.granted, life, "was granted and throws " + e);
    check(!(life.mustThrow || life.isFree) || isAtBegin(life), life, "waits before it throws");
    if (life.awaited != null && !isAtBegin(life)) {
      check(!life.awaited.isDue(turns.getAsLong()), life, "was fired for and throws " + e);
    }
    if (!life.mustThrow) {
      checkTimes(life);
    }
  }

  void endWait(Life life) {
    if (life.ownLimit != null) {
      life.scopes.remove(life.ownLimit);
      life.ownLimit = null;
    }
    if (life.asked != null) {
      life.asked.queue.remove(life);
      life.asked = null;
    }
    if (life.awaited != null) {
      life.awaited.waiter = null;
      life.awaited = null;
    }
    life.joined = null;
    life.suspended = false;
    life.waiting = false;
  }

  private boolean isAtBegin(Life life) {
    return turns.getAsLong() == life.sinceTurn && time.nanoTime() == life.sinceNs;
  }

  private void checkTimes(Life life) {
    long nowNs = time.nanoTime();
    if (life.wokenTurn != NOT_WOKEN) {
      check(turns.getAsLong() <= life.wokenTurn + 1, life, "runs a step late");
      check(nowNs == life.wokenNs, life, "runs late, woken at " + life.wokenNs);
    }
    for (Scope scope : life.reaching()) {
      boolean over = scope.deadlineNs < nowNs && scope.limitNs > 0;
      check(!over, life, "goes on past " + scope.deadlineNs);
    }
  }

  private boolean isExpected(Life life, RuntimeException e) {
    if (life.isToEnd()) {
      return e instanceof TaskCancelledException;
    }
    long nowNs = time.nanoTime();
    for (Scope scope : life.reaching()) {
      if (scope.mayHaveExpired(nowNs) && scope.throwsThis(e)) {
        return true;
      }
      if (scope.hasExpired(nowNs)) {
        return false;
      }
    }
    return false;
  }

  // What ends waits.

  void grant(Life life) {
    life.granted = true;
    woken(life);
  }

  private void woken(Life life) {
    if (life.wokenTurn == NOT_WOKEN) {
      life.wokenTurn = turns.getAsLong();
      life.wokenNs = time.nanoTime();
    }
  }

  private void wakeToEnd(Life life) {
    if (life.waiting && !life.mustThrow && life.unwinds(time.nanoTime())) {
      woken(life);
    }
  }

  void cancel(Life life) {
    if (life.ended || life.cancelled) {
      return;
    }
    life.cancelled = true;
    if (life.begun) {
      wakeToEnd(life);
    } else {
      ended(life, new TaskCancelledException("cancel", life.toString(), "unborn"));
    }
  }

  /// A resume that would be the one that counts.
  boolean isResumable(Life life) {
    return life.suspended && !life.granted;
  }

  void fired(Signal signal) {
    signal.firedInTurn.add(turns.getAsLong());
  }

  // Resources.

  boolean holdsAny(Life life) {
    return resources.stream().anyMatch(resource -> resource.owner == life);
  }

  void acquired(Resource resource, Life life) {
    check(resource.user == null, life, "is granted what " + resource.user + " has");
    if (resource.owner == null) {
      check(resource.queue.isEmpty() || closing, life, "overtakes " + resource.queue);
    } else {
      check(resource.owner == life, life, "is granted what is the turn of " + resource.owner);
    }
    resource.owner = life;
    resource.user = life;
  }

  void released(Resource resource, Life life) {
    check(resource.user == life, life, "releases what " + resource.user + " has");
    passOn(resource);
  }

  private void passOn(Resource resource) {
    resource.user = null;
    Life next = resource.queue.poll();
    resource.owner = next;
    if (next != null) {
      grant(next);
    }
  }

  /// The closing of the loop is the one thing that comes before a grant.
  private void withdraw(Life life) {
    Resource asked = life.asked;
    if (asked != null && asked.owner == life && asked.user == null) {
      passOn(asked);
    }
  }

  // Ends of tasks.

  /// Whether a join would be refused: a task needs the end of whom it joins, and of the children in
  /// its groups.
  boolean isCycle(Life life, Life target) {
    return target == life
        || (target.joined != null && isCycle(life, target.joined))
        || target.scopes.stream()
            .flatMap(scope -> scope.group == null ? Stream.empty() : scope.group.children.stream())
            .anyMatch(child -> isCycle(life, child));
  }

  boolean isAnybodyTold(Life life) {
    return life.group != null || lives.stream().anyMatch(other -> other.joined == life);
  }

  void ended(Life life, @Nullable Throwable thrown) {
    life.ended = true;
    if (life.group != null) {
      childEnded(life.group, life, thrown);
    }
    for (Life other : lives) {
      if (other.joined == life && other.waiting && !other.granted) {
        grant(other);
      }
    }
  }

  private void childEnded(Group group, Life child, @Nullable Throwable thrown) {
    group.children.remove(child);
    boolean failed =
        thrown != null && !(child.cancelled && thrown instanceof TaskCancelledException);
    if (failed && !group.failed) {
      failed(group);
    } else if (thrown == null && group.race && !group.won) {
      group.won = true;
      cancelChildren(group);
    }
    if (group.children.isEmpty() && group.ownerWaits) {
      group.ownerWaits = false;
      grant(group.owner);
    }
  }

  private void failed(Group group) {
    group.failed = true;
    if (!group.race) {
      boolean tell = !group.ownerWaits && !group.closed;
      cancelChildren(group);
      if (tell) {
        group.ownerTold = true;
        wakeToEnd(group.owner);
      }
    }
  }

  void cancelChildren(Group group) {
    for (Life child : List.copyOf(group.children)) {
      cancel(child);
    }
  }
}
