package dev.tasko.wheel;

import dev.tasko.wheel.Operation.Kind;
import dev.tasko.wheel.Operation.Time;
import dev.tasko.wheel.OperationMatrix.Context;
import dev.tasko.wheel.OperationMatrix.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs a program on a wheel and on its model and compares them after every step.
final class WheelDriver implements TimerHandler {
  /// A difference between the wheel and its model.
  static final class Divergence extends AssertionError {
    private static final long serialVersionUID = 1L;

    Divergence(String message) {
      super(message);
    }
  }

  /// What a handler throws. One for all, as it says nothing.
  private static final class HandlerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private HandlerException() {
      super("from the handler", null, false, false);
    }
  }

  /// @param capacity of the wheel
  /// @param startNs of the wheel
  /// @param firstGeneration of its handles
  /// @param numberBits of its arming numbers
  /// @param checkEvery how many operations between two checks of all lists
  record Setup(int capacity, long startNs, long firstGeneration, int numberBits, int checkEvery) {}

  /// The generation after which a record is retired, and the handles' layout, from the essay.
  static final long LAST_GENERATION = (1L << 38) - 1;

  private static final int INDEX_BITS = 26;
  private static final int SLOTS_CHECK_EVERY = 1024;

  /// How long a crossing of the clock counts as recent, in operations.
  private static final int RECENT = 16;

  private final HandlerException handlerException = new HandlerException();
  private final Setup setup;
  private final OperationMatrix matrix;
  private final TimerWheel wheel;
  private final WheelModel model;

  /// The clock, since the wheel's start.
  private long now;

  private long lastDeadline;
  private long lastFired;
  private long operations;
  private long crossedAt = -RECENT;
  private int outerContexts;
  private boolean polling;
  private boolean draining;
  private long pollTime;
  private int firedInPoll;

  WheelDriver(Setup setup, OperationMatrix matrix) {
    this.setup = setup;
    this.matrix = matrix;
    RunawayGuard.reset();
    wheel =
        new TimerWheel(
            setup.capacity(), setup.startNs(), setup.firstGeneration(), setup.numberBits());
    model = new WheelModel(setup.capacity(), LAST_GENERATION << INDEX_BITS);
  }

  /// Does it all, then drains the wheel.
  ///
  /// @param program what to do
  /// @return how many operations were done, those of handlers included
  long run(List<Operation> program) {
    for (Operation operation : program) {
      outerContexts = contexts();
      execute(operation);
      compare();
    }
    check();
    drain();
    return operations;
  }

  private void execute(Operation operation) {
    operations++;
    Kind kind = operation.kind();
    count(kind);
    switch (kind) {
      case SCHEDULE -> schedule(operation);
      case CANCEL -> cancel(handle(model.anyLive((int) operation.pick())));
      case CANCEL_FIRST -> cancel(handle(model.first()));
      case CANCEL_STALE -> cancel(handle(model.anyIssued((int) operation.pick())));
      case CANCEL_GARBAGE -> cancel(operation.pick());
      case CANCEL_SELF -> cancel(self());
      case CANCEL_NEXT -> cancel(handle(next()));
      case POSTPONE -> postpone(handle(model.anyLive((int) operation.pick())), operation);
      case POSTPONE_FIRST -> postpone(handle(model.first()), operation);
      case POSTPONE_STALE -> postpone(handle(model.anyIssued((int) operation.pick())), operation);
      case POSTPONE_SELF -> postpone(self(), operation);
      case POSTPONE_NEXT -> postpone(handle(next()), operation);
      case POLL -> poll(polling ? pollTime : now, operation.count());
      case POLL_AT -> {
        moveClock(resolve(operation.time()));
        poll(now, operation.count());
      }
      case POLL_ONE -> pollOne();
      case NESTED_POLL -> poll(resolve(operation.time()), 1);
      case ADVANCE -> moveClock(resolve(operation.time()));
      case THROW -> {
        if (polling) {
          throw handlerException;
        }
      }
      case CLEAR -> {
        wheel.clear();
        model.clear();
      }
      case ASK -> ask(operation);
    }
  }

  private void schedule(Operation operation) {
    long first = resolve(operation.time());
    for (int i = 0; i < operation.count(); i++) {
      long deadline = first + operation.pick() * i;
      lastDeadline = deadline;
      long payload = operations + ((long) i << 40);
      long handle = wheel.schedule(setup.startNs() + deadline, payload);
      if (model.isFull()) {
        expect(handle == TimerWheel.NULL_HANDLE, "schedule: taken by a full wheel");
        return;
      }
      expect(handle != TimerWheel.NULL_HANDLE, "schedule: refused by a wheel that is not full");
      expect(!model.isKnown(handle), "schedule: handle given twice");
      model.schedule(handle, payload, deadline, operation.reactions());
      operations += i == 0 ? 0 : 1;
    }
  }

  private void cancel(long handle) {
    boolean expected = model.cancel(handle);
    expect(wheel.cancel(handle) == expected, "cancel: not " + expected);
  }

  private void postpone(long handle, Operation operation) {
    long deadline = resolve(operation.time());
    lastDeadline = deadline;
    boolean expected = model.postpone(handle, deadline);
    boolean found = wheel.postpone(handle, setup.startNs() + deadline);
    expect(found == expected, "postpone: not " + expected);
  }

  private void poll(long time, int budget) {
    if (polling) {
      pollNested(time, budget);
      return;
    }
    beginPoll(time);
    try {
      int fired = wheel.poll(setup.startNs() + time, this, budget);
      expect(fired == firedInPoll, "poll: wrong count returned");
      expect(fired <= Math.max(budget, 0), "poll: over budget");
      if (budget >= Operation.UNLIMITED) {
        expect(model.due() == null, "poll: not fired, though due and within budget");
        model.forgetGhostsThrough(time);
      }
    } catch (HandlerException e) {
      expect(firedInPoll > 0, "poll: threw without a handler");
    } finally {
      endPoll();
    }
  }

  private void pollNested(long time, int budget) {
    try {
      if (budget == 1) {
        var _ = wheel.pollOne(setup.startNs() + time, this);
      } else {
        wheel.poll(setup.startNs() + time, this, budget);
      }
    } catch (IllegalStateException e) {
      expect(
          "poll: called from a timer handler (expected: not nested)".equals(e.getMessage()),
          "nested poll: wrong message: " + e.getMessage());
      return;
    }
    throw new Divergence("nested poll: not rejected");
  }

  private void pollOne() {
    if (polling) {
      pollNested(pollTime, 1);
      return;
    }
    beginPoll(now);
    boolean expected = model.due() != null;
    try {
      boolean found = wheel.pollOne(setup.startNs() + now, this);
      expect(found == expected, "pollOne: not " + expected);
      expect(firedInPoll == (expected ? 1 : 0), "pollOne: fired more than one");
    } catch (HandlerException e) {
      expect(firedInPoll == 1, "pollOne: threw without a handler");
    } finally {
      endPoll();
    }
  }

  private void beginPoll(long time) {
    polling = true;
    pollTime = time;
    firedInPoll = 0;
    model.beginPoll(time);
  }

  private void endPoll() {
    polling = false;
    model.endPoll();
  }

  @Override
  public void onTimer(long handle, long payload, long deadlineNs) {
    firedInPoll++;
    long deadline = deadlineNs - setup.startNs();
    expect(deadline <= pollTime, "fired early");
    WheelModel.Timer expected = model.due();
    if (expected == null) {
      throw new Divergence("fired, though nothing is due in this poll");
    }
    expect(handle == expected.handle, "fired in the wrong order");
    expect(payload == expected.payload, "fired with the wrong payload");
    expect(deadline == expected.deadline(), "fired with the wrong deadline");
    model.beginFire(expected);
    lastFired = handle;
    try {
      compare();
      for (Operation reaction : draining ? List.<Operation>of() : expected.reactions) {
        execute(reaction);
        compare();
      }
    } finally {
      model.endFire();
    }
  }

  private void ask(Operation operation) {
    long time = resolve(operation.time());
    boolean due = model.size() > 0 && nextDeadline() <= time;
    expect(wheel.isDue(setup.startNs() + time) == due, "isDue: not " + due);
    WheelModel.Timer timer = model.anyIssued((int) operation.pick());
    boolean armed = timer != null && timer.isArmed();
    expect(wheel.isArmed(handle(timer)) == armed, "isArmed: not " + armed);
    expect(!wheel.isArmed(operation.pick()) || model.isKnown(operation.pick()), "isArmed: garbage");
  }

  /// What can be seen from outside must agree after every operation.
  private void compare() {
    RunawayGuard.reset();
    expect(wheel.size() == model.size(), "size: " + wheel.size() + " not " + model.size());
    if (model.size() == 0) {
      expect(wheel.nextDeadlineNs() == TimerWheel.NO_DEADLINE, "nextDeadlineNs: of an empty wheel");
    } else {
      long next = nextDeadline();
      long expected = model.nextDeadline();
      expect(next <= expected, "nextDeadlineNs: late");
      expect(next == expected || model.isGhost(next), "nextDeadlineNs: early without a reason");
    }
    if (operations % setup.checkEvery() == 0) {
      wheel.checkLists();
    }
    if (operations % SLOTS_CHECK_EVERY == 0) {
      check();
    }
  }

  private void check() {
    wheel.checkInvariants();
    WheelModel.Timer any = model.anyIssued((int) operations);
    expect(any == null || wheel.isArmed(any.handle) == any.isArmed(), "isArmed");
  }

  /// Nothing is lost, nothing is stuck at the smallest budget, and every record comes back.
  private void drain() {
    draining = true;
    long polls = 0;
    long enough = 100 + 20L * model.size();
    while (model.size() > 0 && model.nextDeadline() <= now) {
      poll(now, 1);
      expect(++polls <= enough, "poll: no progress with a budget of 1");
    }
    compare();
    poll(Long.MAX_VALUE, Operation.UNLIMITED);
    expect(wheel.size() == 0, "poll: timers left at the end of time");
    check();
    for (int i = 0; i < model.usable(); i++) {
      long handle = wheel.schedule(setup.startNs(), i);
      expect(handle != TimerWheel.NULL_HANDLE, "schedule: a record is lost");
    }
    long refused = wheel.schedule(setup.startNs(), 0);
    expect(refused == TimerWheel.NULL_HANDLE, "schedule: a record too many");
    wheel.clear();
    wheel.checkInvariants();
  }

  private long nextDeadline() {
    return wheel.nextDeadlineNs() - setup.startNs();
  }

  private long self() {
    WheelModel.Timer firing = model.firing();
    return firing == null ? lastFired : firing.handle;
  }

  private WheelModel.@Nullable Timer next() {
    if (!polling) {
      return model.secondInSlot();
    }
    WheelModel.Timer first = model.first();
    WheelModel.Timer fired = model.find(lastFired);
    return first == null || fired == null || first.deadline() != fired.deadline() ? null : first;
  }

  private static long handle(WheelModel.@Nullable Timer timer) {
    return timer == null ? TimerWheel.NULL_HANDLE : timer.handle;
  }

  private long resolve(Time time) {
    long base = polling ? pollTime : now;
    return switch (time.base()) {
      case NOW -> base + time.offset();
      case START -> time.offset();
      case LAST -> lastDeadline + time.offset();
      case NEXT -> (model.size() == 0 ? base : model.nextDeadline()) + time.offset();
      case LIVE -> {
        WheelModel.Timer timer = model.anyLive(time.pick());
        yield (timer == null ? base : timer.deadline()) + time.offset();
      }
      case BOUNDARY -> {
        int bits = Digits.spanBits(time.pick());
        yield (((base >> bits) + 1) << bits) + time.offset();
      }
      case ROUNDED -> (base + time.offset()) >> time.pick() << time.pick();
    };
  }

  private void moveClock(long time) {
    if (polling) {
      return;
    }
    if (era(setup.startNs() + time) != era(setup.startNs() + now)) {
      crossedAt = operations;
    }
    now = time;
  }

  private static int era(long time) {
    if (time < 0) {
      return 0;
    }
    return time < 1L << 31 ? 1 : time < 1L << 32 ? 2 : 3;
  }

  // The matrix.

  private int contexts() {
    int contexts = WheelState.contexts(wheel);
    if (model.isFull()) {
      contexts |= Context.FULL.bit();
    }
    if (operations - crossedAt < RECENT) {
      contexts |= Context.AFTER_WRAP.bit();
    }
    return contexts == 0 ? Context.OUTSIDE.bit() : contexts;
  }

  private void count(Kind kind) {
    boolean inHandler = polling;
    boolean handlerOnly = kind == Kind.THROW || kind == Kind.NESTED_POLL;
    if (handlerOnly && !inHandler) {
      return;
    }
    Row row = row(kind);
    if (row == null) {
      return;
    }
    if (!inHandler) {
      matrix.count(row, outerContexts);
    } else if (handlerOnly) {
      matrix.count(row, outerContexts | Context.IN_HANDLER.bit());
    } else {
      matrix.count(row, (contexts() & ~Context.OUTSIDE.bit()) | Context.IN_HANDLER.bit());
    }
  }

  private @Nullable Row row(Kind kind) {
    return switch (kind) {
      case SCHEDULE -> Row.SCHEDULE;
      case CANCEL, CANCEL_FIRST, CANCEL_STALE, CANCEL_GARBAGE -> Row.CANCEL_OTHER;
      case CANCEL_SELF -> Row.CANCEL_SELF;
      case CANCEL_NEXT -> next() == null ? null : Row.CANCEL_NEXT_IN_SLOT;
      case POSTPONE, POSTPONE_FIRST, POSTPONE_STALE, POSTPONE_SELF, POSTPONE_NEXT -> Row.POSTPONE;
      case THROW -> Row.THROW;
      case CLEAR -> Row.CLEAR;
      case NESTED_POLL -> Row.NESTED_POLL;
      case POLL -> Row.POLL_SAME_TIME;
      case POLL_AT, POLL_ONE, ADVANCE, ASK -> null;
    };
  }

  private static void expect(boolean holds, String what) {
    if (!holds) {
      throw new Divergence(what);
    }
  }
}
