package dev.tasko.wheel;

import java.util.concurrent.ThreadLocalRandom;

/// An exact timer wheel: hashed, hierarchical, bounded, without garbage.
///
/// **What it promises.** A timer never fires early. Timers fire in the order of their deadlines, to
/// the nanosecond, and equal deadlines in the order in which they were armed. Schedule, cancel,
/// postpone and the next deadline cost O(1). Nothing is allocated after construction. A full wheel
/// refuses; a stale, foreign or made-up handle does nothing. A timer armed while a poll runs fires
/// in a later poll, so that no timer can starve the others by arming itself for now.
///
/// **How.** Time is counted in single nanoseconds. A deadline is read as a number of six digits.
/// Each digit has a level, each value of a digit a slot, and a slot is a doubly linked list of
/// records. A timer lives on the level of the highest digit in which its deadline differs from the
/// *cursor*, in the slot which that digit names:
///
/// ```text
///  level   digit        one slot spans     whole level
///    0     (the past)   everything before the cursor
///    1     bits  0-10   1 ns               2.0 us
///    2     bits 11-21   2.0 us             4.2 ms
///    3     bits 22-34   4.2 ms             34.4 s
///    4     bits 35-46   34.4 s             1.6 days
///    5     bits 47-58   1.6 days           18.3 years
///    6     bits 59-63   18.3 years         585 years
/// ```
///
/// Three facts follow, and everything else rests on them. The slot is a function of cursor and
/// deadline alone, so equal deadlines always share a list, and appending keeps them in arming order
/// (but for postponed ones, see below). Every timer of one level precedes every timer of the next,
/// and slots of a level are in order; so with slots numbered in this order the earliest timers are
/// in the first used slot: three count-trailing-zeros. And the first timer of a list that has the
/// list's least deadline is the earliest of all: it can be fired where it lies.
///
/// So a slot with few timers is looked through and never touched otherwise, and so is the head of a
/// longer one while it has the least deadline (equal deadlines). Only a crowd is *opened*: the
/// cursor moves to its least deadline and each record moves to a lower level (a cascade), once for
/// most timers, as their slots there hold a few each. A linked list is one cache miss after the
/// other; the lists are therefore read ahead from both ends, and the next slot's too, so that four
/// misses are under way at a time.
///
/// Each slot keeps the least deadline ever put in since it was last empty, which makes the next
/// deadline exact, or early by one wake for each earliest timer that was cancelled; and a slot is
/// opened only when that deadline is due, never because its range has begun.
///
/// **Looking ahead by a window.** Level 3 has its slots twice, for the window that the cursor is in
/// and for the next, so a timer of up to 34 s does not wait above it, unless it is armed while the
/// cursor is still in an earlier window than the present. The levels above are compared with the
/// end of the next window, the *reach*, as the lower ones are with the cursor. When the cursor
/// comes into another window, the slot in which the timers of the one after it lie is *arriving*:
/// until the cursor gets there, each poll takes down two of those for each timer that it has fired,
/// so that they need not all be moved at one time. They go down from the last to the first, each in
/// front of what is there, since all of them were armed before whatever was put there directly.
///
/// The timer armed last, the *youngest*, is not in any list, nor in memory but for a few fields: it
/// is put there when the next one is armed or a poll has something to do. A timeout that guards
/// something quick is often cancelled before, and then costs next to nothing. A slot that a cancel
/// has emptied stays in the bitmaps until the search for the earliest comes upon it, as it is soon
/// in use again. A slot whose last timer has fired is the search's starting point and goes at once.
///
/// **Postponing touches one cache line.** A timer with a later deadline stays in the list that it
/// is in; only its record is written. Its slot precedes the one where it belongs, and the slot's
/// least deadline is not after it, so it is come upon in time, and moves for one unit when the slot
/// is opened, however often it was postponed. But it comes to its new list behind timers for the
/// same time that were armed after it was postponed. So each arming has a *number*, looked at where
/// deadlines are equal. It is raised when an arming could tie with a timer that was postponed in
/// this way under the same number: it has no later deadline than the latest of those. A list that a
/// postponed timer was appended to is *mixed*: its head is not fired unseen. Few are compared; a
/// crowd of equal deadlines in a slot of level 1 is opened as any other, into slots of level 0 that
/// stand for the number's digits, five bits each. Only a timer after the cursor and after all that
/// is half done (below) stays where it is; so neither the past nor those slots hold any that belong
/// elsewhere.
///
/// Numbers have 25 bits and go up by two. Watchdogs of one timeout, kicked in the order of time,
/// hardly use any; kicks to deadlines up and down use one each, 16 million in all. When they have
/// run out, timers are postponed by unlinking and arming them anew, until the last that was
/// postponed where it lay is gone. Then all lists are in arming order and no number matters, and
/// each further call of [#postpone] that cannot leave its timer gives one record the first number
/// again, until all have it. Order is exact throughout, and nothing waits; but postponing costs
/// more for that long, which is up to the latest such timer's deadline.
///
/// **The obvious alternatives.** Coarse ticks with a sorted "due run" for the open tick need an
/// array of the wheel's size or a bound on the run, and insertion into the run costs its length.
/// Placement by remaining time (Linux, Caffeine) keeps neither order nor a next deadline. A heap
/// keeps both at O(log n). ARCHITECTURE.md has the figures of what was tried.
///
/// **Timers before the cursor.** The cursor never passes the poll's time, and stays behind it until
/// a slot has to be opened or its window is over, so a deadline before it is rare: something armed
/// in the past. Those gather in the past slot. It precedes all others; before a crowd in it is
/// served the cursor *rewinds* to its least deadline. Rewinding moves no record: the lists below
/// the level where old and new cursor part are spliced, whole, into the one slot that now stands
/// for them.
///
/// **Budget.** Every move, splice and firing costs one unit, and a poll stops when its budget is
/// spent, also in the middle of a cascade or a rewind. What it left half done is described by
/// [#openSlot] and [#openThrough] (a slot being emptied, and the end of its range) and
/// [#pastThrough] (deadlines up to here join the past slot). A timer armed into such a range joins
/// the list that is being emptied, behind older timers of the same deadline. That is the whole of
/// the slow path. Two things are not in the budget, for they cannot be left half done. A rewind
/// first puts a crowd of equal deadlines that is being sorted by number back into one list, in at
/// most 160 splices. And one into another window splices what lies beyond the new reach into one
/// slot, at most one splice for each slot in use.
///
/// **Invariants**, all checked by [#checkInvariants]: every timer but the youngest is in a list;
/// every one outside the past slot is at or after the cursor, in the slot computed from it (or in
/// the open slot, within its range; or in the arriving one; or in one before it, if it was
/// postponed where it lay); the reach is the cursor's, unless a slot is open; those in a number's
/// slots are at the cursor; equal neighbours that were not postponed are in the order of their
/// numbers; the past slot's least deadline is not after the cursor; the open slot is in use and its
/// range holds the cursor; a slot's least deadline is not after any of its timers, nor the open
/// slot's after any timer on the levels below it; every slot in use is in the bitmap; no timer is
/// before [#earliest]; live + free + unused + spare + retired + firing = capacity.
///
/// **Not invariants**: a slot's least deadline need not be that of a live timer; a slot in the
/// bitmap need not be in use; a mixed list need not be out of order; the cursor need not be near
/// the time of the last poll.
///
/// A handle is 38 bits of generation over 26 bits of index; records look as [Nodes] says. A handle
/// is good for one arming. Its generation starts at a random value for each wheel and grows with
/// each reuse of the record; a record whose generation runs out is retired.
///
/// Thread: one at a time, the caller's; no method is safe to call from two. Time is the caller's:
/// `long` nanoseconds in any time base, compared by difference, so the clock may start anywhere and
/// wrap. Deadlines up to 292 years from the wheel's start, before or after, are told apart.
///
/// Sources: Varghese and Lauck, "Hashed and Hierarchical Timing Wheels", 1987; placement by the
/// highest differing digit as in the radix heap of Ahuja, Mehlhorn, Orlin and Tarjan, 1990.
public final class TimerWheel {
  /// What [#schedule] returns when the wheel is full. No timer has this handle.
  public static final long NULL_HANDLE = 0L;

  /// What [#nextDeadlineNs] returns when the wheel is empty. Not a time: it is not to be compared
  /// by difference. Where the clock may come to this value, [#size] tells an empty wheel.
  public static final long NO_DEADLINE = Long.MAX_VALUE;

  /// The largest capacity: what a buffer of 2 GiB holds beside the slots, in round numbers.
  public static final int MAX_CAPACITY = 67_000_000;

  private static final int INDEX_BITS = 26;
  private static final long INDEX_MASK = (1L << INDEX_BITS) - 1;
  private static final long GENERATION_STEP = 1L << INDEX_BITS;
  private static final long MAX_GENERATION = (1L << (Long.SIZE - INDEX_BITS)) - 1;

  private static final int PAST = 0;

  /// Timers armed during a poll for its time or before: a poll must not see them.
  private static final int DEFERRED = 1;

  /// A slot with more timers than this is a crowd.
  private static final int FEW = 4;

  /// The slots before this one are for the past and for numbers.
  private static final int FIRST_OF_LEVEL_1 = Digits.firstSlot(1);

  private static final int FIRST_OF_LEVEL_2 = Digits.firstSlot(2);

  /// So many timers of the arriving slot move for each that has fired.
  private static final int ARRIVALS = 2;

  /// So many records are in the cache anyhow.
  private static final int AT_HAND = 8;

  private static final int NONE = -1;

  /// In place of [#earliest]: not known, and before every deadline.
  private static final long UNKNOWN = Long.MIN_VALUE;

  /// In place of the least deadline of an empty slot: not in the bitmap.
  private static final long UNUSED = Long.MAX_VALUE;

  private final Nodes nodes;

  /// Every slot in use but the deferred.
  private final SlotSet slotsInUse = new SlotSet(Digits.SLOTS);

  /// Slots with a list that a postponed timer was put into, behind others that may be younger.
  private final SlotSet mixed = new SlotSet(Digits.SLOTS);

  private final int capacity;
  private final long startNs;

  /// The uppermost four of a stack of free records, or [#NULL_HANDLE]. A free record is known by
  /// the handle that it is to have next, and links, in its payload, to the fourth below it, so that
  /// four misses are under way when many are taken.
  private long free1 = NULL_HANDLE;

  private long free2 = NULL_HANDLE;
  private long free3 = NULL_HANDLE;
  private long free4 = NULL_HANDLE;

  /// A free record that is used before those of the stack, or [#NULL_HANDLE]. A timer that is armed
  /// for one that has gone takes its record, and the stack is not touched.
  private long spare = NULL_HANDLE;

  /// The first record of those that were not used since the wheel was last empty. They are free,
  /// and not in the stack: their controls have the generations that they had last.
  private int unused;

  private int size;

  /// How many of the others have no generation left.
  private int retired;

  /// The handle of the timer armed last, if it is not in a list yet, or [#NULL_HANDLE]. All that is
  /// known of it is here; its record still looks free, and may be the first of the free ones.
  private long youngest = NULL_HANDLE;

  private long youngestDeadline;
  private long youngestPayload;
  private long youngestNumber;

  /// All times below are in nanoseconds since [#startNs]. No timer is earlier than this.
  private long earliest = Long.MAX_VALUE;

  /// No timer outside the past slot is earlier than this.
  private long cursor;

  /// The end of the window after the cursor's, or of an earlier one while a slot above level 3 is
  /// open or a rewind half done. What is not after it is placed on the levels up to 3.
  private long reach;

  /// The first of the slots of level 3 for the window after the cursor's.
  private int nextWindow;

  /// The slot above level 3 in which timers lie that are within reach now, or [#NONE].
  private int arriving = NONE;

  /// A slot that is being emptied, or [#NONE].
  private int openSlot = NONE;

  /// The last nanosecond of the open slot's range.
  private long openThrough;

  /// The last deadline that belongs to the past: just before the cursor, unless it was rewound and
  /// the past slot is not yet empty.
  private long pastThrough = -1;

  /// A deadline after this one is placed by its digits; others take the slow path.
  private long slowThrough = -1;

  /// The number of the next arming, even. A timer postponed where it lies takes the odd one after.
  private long number;

  /// The latest deadline that a timer was given where it lay since the number was raised, or the
  /// least value: what is armed for a later one cannot be equal to any of them.
  private long latestPostponed = Long.MIN_VALUE;

  /// No timer is postponed where it lies when the number has come to this: the last there is, or 0
  /// while the records are given the first number again.
  private long numberLimit;

  private final long lastNumber;

  /// How many armed timers were postponed where they lay. If none, lists are in arming order.
  private int postponed;

  /// How many records still have numbers from before.
  private int oldNumbers;

  private boolean polling;
  private long pollTime;
  private int firing = NONE;

  /// The slot that was read into the cache together with the one before it, or [#NONE].
  private int readAheadSlot = NONE;

  /// Keeps the compiler from leaving out what is read ahead.
  @SuppressWarnings("unused")
  private int lastReadAhead;

  /// Makes an empty wheel. All memory is allocated here: 32 bytes a timer and 525 KB of slots.
  ///
  /// @param capacity the most timers armed at one time, 1 to [#MAX_CAPACITY]
  /// @param startNs the present, in the caller's time base
  /// @throws IllegalArgumentException if the capacity is out of range
  /// @throws MissingFlagException if the JVM lacks the flag that Agrona's buffers need
  public TimerWheel(int capacity, long startNs) {
    this(capacity, startNs, 1 + ThreadLocalRandom.current().nextLong(MAX_GENERATION / 2));
  }

  TimerWheel(int capacity, long startNs, long firstGeneration) {
    this(capacity, startNs, firstGeneration, Digits.NUMBER_BITS);
  }

  /// @param maxNumberBits how long arming numbers may become; with 1 or 2 no timer is ever
  ///   postponed where it lies
  TimerWheel(int capacity, long startNs, long firstGeneration, int maxNumberBits) {
    if (capacity < 1 || capacity > MAX_CAPACITY) {
      throw new IllegalArgumentException(
          "capacity: " + capacity + " (expected: 1 to " + MAX_CAPACITY + ")");
    }
    MissingFlagException.requireBuffers();
    this.capacity = capacity;
    this.startNs = startNs;
    nodes = new Nodes(Digits.SLOTS, capacity);
    lastNumber = (1L << maxNumberBits) - 4;
    numberLimit = lastNumber;
    for (int slot = 0; slot < Digits.SLOTS; slot++) {
      makeEmpty(slot);
      nodes.deadline(slot, UNUSED);
    }
    for (int index = capacity - 1; index >= 0; index--) {
      markFree(nodes.recordAt(index), (firstGeneration - 1) << INDEX_BITS);
    }
    setCursor(0);
    reach = Digits.reachOf(0);
  }

  /// Arms a timer to fire in the first poll whose time is at or after its deadline.
  ///
  /// Progress: wait-free, O(1). Allocates: no.
  ///
  /// @param deadlineNs absolute, in the wheel's time base; in the past means the next poll
  /// @param payload handed to the handler
  /// @return a handle, good until the timer has fired or was cancelled, or [#NULL_HANDLE] when the
  ///   wheel is full
  public long schedule(long deadlineNs, long payload) {
    placeYoungest();
    long handle = spare;
    if (handle == NULL_HANDLE) {
      handle = free1 == NULL_HANDLE ? takeUnused() : free1;
    } else {
      spare = NULL_HANDLE;
    }
    if (handle != NULL_HANDLE) {
      youngest = handle;
      youngestPayload = payload;
      armYoungest(deadlineNs - startNs);
    }
    return handle;
  }

  /// Disarms a timer. After `true` it does not fire.
  ///
  /// Progress: wait-free, O(1). Allocates: no.
  ///
  /// @param handle as [#schedule] returned it; any other value is allowed
  /// @return whether it was armed; `false` for a timer that is being fired by the caller
  public boolean cancel(long handle) {
    if (isYoungest(handle)) {
      dropYoungest();
      return true;
    }
    int record = find(handle);
    if (record == NONE || record == firing) {
      return false;
    }
    disarm(record);
    release(record);
    return true;
  }

  /// Gives a timer another deadline, earlier or later, under the same handle. Among equal deadlines
  /// it takes its place as if it were armed now. In its own handler this arms it again. A later
  /// deadline costs the access to the timer's record, and a move when its former time comes.
  ///
  /// Progress: wait-free, O(1). Allocates: no.
  ///
  /// @param handle as [#schedule] returned it; any other value is allowed
  /// @param deadlineNs absolute, in the wheel's time base; in the past means the next poll
  /// @return whether the timer is armed now
  public boolean postpone(long handle, long deadlineNs) {
    long deadline = deadlineNs - startNs;
    if (isYoungest(handle)) {
      noteDisarmed(youngestDeadline);
      armYoungest(deadline);
      return true;
    }
    int record = find(handle);
    if (record == NONE) {
      return false;
    }
    if (mayStay(record, deadline)) {
      postponeInPlace(record, deadline);
      return true;
    }
    if (record == firing) {
      firing = NONE;
    } else {
      disarm(record);
    }
    placeYoungest();
    restartNumbers();
    noteArmed(deadline);
    link(record, generationOf(record) | number, deadline);
    return true;
  }

  /// Fires what is due, in order, until all is fired or the budget is spent. [#isDue] then tells
  /// whether something is left. A poll may fire nothing while it prepares a crowded slot.
  ///
  /// Progress: at most `budget` steps of constant cost, plus the handler's and one for each timer
  /// that the handlers arm for `nowNs` or before. Allocates: no.
  ///
  /// @param nowNs the present; one before an earlier poll's is allowed and fires nothing early
  /// @param handler called for each timer on the caller's stack
  /// @param budget the most moves, splices and firings; below 1 does nothing
  /// @return how many timers were fired
  /// @throws IllegalStateException if called from a handler
  public int poll(long nowNs, TimerHandler handler, int budget) {
    return poll(nowNs, handler, budget, budget);
  }

  /// Fires the earliest timer if it is due, doing whatever that takes.
  ///
  /// Progress: as many steps as it takes to open the earliest slot. Allocates: no.
  ///
  /// @param nowNs the present
  /// @param handler called for the timer on the caller's stack
  /// @return whether a timer was fired
  /// @throws IllegalStateException if called from a handler
  public boolean pollOne(long nowNs, TimerHandler handler) {
    return poll(nowNs, handler, Integer.MAX_VALUE, 1) == 1;
  }

  /// The earliest deadline. Never late. Exact, unless the earliest timer of its slot was cancelled
  /// or postponed: then early, at most once for each such timer, as a poll at that time puts it
  /// right. In a handler, and after a poll that did not come to its end because its budget was
  /// spent or a handler threw, it may be a deadline that was already fired; the next poll puts that
  /// right too.
  ///
  /// Progress: wait-free, O(1). Allocates: no.
  ///
  /// @return absolute, in the wheel's time base, or [#NO_DEADLINE] when the wheel is empty
  public long nextDeadlineNs() {
    return size == 0 ? NO_DEADLINE : startNs + nextDeadline();
  }

  /// Whether a poll at that time has something to do, if only to find that nothing is due.
  ///
  /// Progress: wait-free, O(1). Allocates: no.
  ///
  /// @param nowNs absolute, in the wheel's time base
  /// @return whether [#nextDeadlineNs] has come
  public boolean isDue(long nowNs) {
    return size > 0 && nextDeadline() <= nowNs - startNs;
  }

  /// Whether the handle's timer is armed. Progress: wait-free, O(1). Allocates: no.
  ///
  /// @param handle as [#schedule] returned it; any other value is allowed
  /// @return whether it will fire unless it is cancelled
  public boolean isArmed(long handle) {
    int record = find(handle);
    return isYoungest(handle) || (record != NONE && record != firing);
  }

  /// A deadline at some distance, never beyond what the wheel can tell apart.
  ///
  /// @param nowNs the present, absolute
  /// @param delayNs from the present; negative is the past
  /// @return `nowNs + delayNs`, or the farthest deadline if that overflows
  public long deadlineNs(long nowNs, long delayNs) {
    long now = nowNs - startNs;
    long deadline = now + delayNs;
    if (((now ^ deadline) & (delayNs ^ deadline)) < 0) {
      deadline = delayNs < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    return startNs + deadline;
  }

  /// How many timers are armed.
  ///
  /// @return 0 to [#capacity]
  public int size() {
    return size;
  }

  /// How many timers can be armed at one time.
  ///
  /// @return as given at construction
  public int capacity() {
    return capacity;
  }

  /// Cancels every timer. Allowed in a handler. Cost: one step for each timer.
  public void clear() {
    placeYoungest();
    for (int slot = firstSlot(); slot != NONE; slot = firstSlot()) {
      clear(slot);
    }
    clear(DEFERRED);
  }

  private void clear(int slot) {
    for (int record = nodes.next(slot); record != slot; record = nodes.next(slot)) {
      disarm(record);
      release(record);
    }
  }

  // Polling: find the earliest slot, open it until a timer can be fired, fire.

  private int poll(long nowNs, TimerHandler handler, int budget, int fireLimit) {
    if (polling) {
      throw new IllegalStateException("poll: called from a timer handler (expected: not nested)");
    }
    long now = nowNs - startNs;
    return nextDeadline() <= now ? pollDue(now, handler, budget, fireLimit) : 0;
  }

  private int pollDue(long now, TimerHandler handler, int budget, int fireLimit) {
    placeYoungest();
    polling = true;
    pollTime = now;
    updateSlowThrough();
    try {
      return fireDue(now, handler, budget, fireLimit);
    } finally {
      placeYoungest();
      polling = false;
      updateSlowThrough();
      placeDeferred();
      startAfresh();
    }
  }

  private int fireDue(long now, TimerHandler handler, int budget, int fireLimit) {
    int fired = 0;
    int left = budget;
    int slot = firstSlot();
    while (left > 0) {
      if (slot == NONE || nodes.deadline(slot) > now) {
        earliest = earliestFrom(slot);
        break;
      }
      int record = earliestOf(slot);
      if (record == NONE) {
        left = thinOut(slot, left);
        slot = firstSlot();
      } else if (fired == fireLimit) {
        break;
      } else if (nodes.deadline(record) <= now) {
        left--;
        fired++;
        fire(record, handler);
        slot = firstSlotFrom(slot);
      }
      // Otherwise the slot's least deadline was that of a timer gone, and has been set right.
    }
    if (arriving != NONE || isWindowOver(now)) {
      prepareNextWindow(slot, Math.min(left, ARRIVALS * fired));
    }
    return fired;
  }

  /// Moves a crowd, or the rest of one, on to where it can be fired. What is left of the budget.
  private int thinOut(int slot, int budget) {
    if (slot == PAST && nodes.deadline(PAST) < cursor) {
      return rewind(budget);
    }
    return slot == arriving
        ? emptyArriving(budget)
        : cascade(openSlot == NONE ? slot : openSlot, budget);
  }

  /// The first slot when a timer of the first has fired. As long as that has any it stays the
  /// first: what its handler armed for the poll's time or before waits, and what is later is not
  /// before it.
  private int firstSlotFrom(int slot) {
    if (!isEmpty(slot)) {
      return slot;
    }
    drop(slot);
    return firstSlot();
  }

  /// The earliest timer of all, which is in the first slot, or [#NONE] if it is not easily found:
  /// in a crowd, or in a half-emptied slot, which holds timers after those already moved out.
  private int earliestOf(int slot) {
    if (slot == openSlot || slot == arriving) {
      return NONE;
    }
    if (slot == PAST) {
      return earliestOfPast();
    }
    int first = nodes.next(slot);
    return nodes.deadline(first) == nodes.deadline(slot) && precedesEquals(slot, first)
        ? first
        : searchFew(slot);
  }

  /// Whether the first of a list was surely armed before all others with its deadline.
  private boolean precedesEquals(int slot, int first) {
    return postponed == 0 || (!mixed.contains(slot) && nodes.postponed(first) == 0);
  }

  /// Those from the cursor on are the rest of a half-emptied past.
  private int earliestOfPast() {
    if (nodes.deadline(PAST) >= cursor) {
      return NONE;
    }
    int found = searchFew(PAST);
    if (found != NONE && nodes.deadline(found) >= cursor) {
      nodes.deadline(PAST, cursor);
      return NONE;
    }
    return found;
  }

  /// The oldest timer with the least deadline of a slot, which is noted, or [#NONE] in a crowd and
  /// if that timer was postponed into another slot.
  private int searchFew(int slot) {
    int found = nodes.next(slot);
    long least = nodes.deadline(found);
    int count = 1;
    for (int record = nodes.next(found); record != slot; record = nodes.next(record)) {
      if (count++ == FEW) {
        return NONE;
      }
      long deadline = nodes.deadline(record);
      if (deadline < least || (deadline == least && isOlder(record, found))) {
        least = deadline;
        found = record;
      }
    }
    if (nodes.postponed(found) != 0 && !isInPlace(slot, least)) {
      return NONE;
    }
    nodes.deadline(slot, least);
    return found;
  }

  /// Of two in a list, whether the second was armed before the first.
  private boolean isOlder(int second, int first) {
    return postponed > 0 && nodes.number(second) < nodes.number(first);
  }

  /// Whether a timer belongs where it lies. In the past and among equals all do.
  private boolean isInPlace(int slot, long deadline) {
    return slot < FIRST_OF_LEVEL_1 || slotOf(deadline) == slot;
  }

  private void fire(int record, TimerHandler handler) {
    unlink(record);
    size--;
    postponed -= nodes.postponed(record);
    earliest = UNKNOWN;
    firing = record;
    try {
      handler.onTimer(handleOf(record), nodes.payload(record), startNs + nodes.deadline(record));
    } finally {
      if (firing == record) {
        firing = NONE;
        release(record);
      }
    }
  }

  /// Empties a slot into the levels below, head first, so that equal deadlines keep their order.
  private int cascade(int slot, int budget) {
    readAhead(slot, budget);
    if (slot == openSlot) {
      lookAhead();
    } else if (slot != PAST) {
      open(slot);
    }
    int left = budget;
    int record = nodes.next(slot);
    while (left > 0 && record != slot) {
      int next = nodes.next(record);
      long deadline = nodes.deadline(record);
      int below = slotBelow(slot, record, deadline);
      if (nodes.postponed(record) != 0) {
        mixed.add(below);
      }
      append(below, record, deadline);
      left--;
      record = next;
    }
    nodes.next(slot, record);
    nodes.prev(record, slot);
    if (record == slot) {
      closeEmptied(slot);
      drop(slot);
    }
    return left;
  }

  /// A crowd of equal deadlines goes by its numbers.
  private int slotBelow(int slot, int record, long deadline) {
    return deadline == cursor && slot < FIRST_OF_LEVEL_2 && slot != PAST
        ? Digits.slotOfNumber(slot, nodes.number(record))
        : slotOf(deadline);
  }

  /// Brings the records of a slot, and of the slot after it, into the cache, as many as can soon be
  /// moved. Each step along a list is a miss; this follows four lists at a time.
  private void readAhead(int slot, int count) {
    if (slot == readAheadSlot) {
      readAheadSlot = NONE;
      return;
    }
    int other = slotsInUse.nextNearby(slot);
    int first = slot;
    int last = slot;
    int otherFirst = other;
    int otherLast = other;
    int left = count;
    do {
      first = nodes.next(first);
      last = nodes.prev(last);
      otherFirst = nodes.next(otherFirst);
      otherLast = nodes.prev(otherLast);
      left--;
    } while (left > 0 && first != last && nodes.next(first) != last);
    readAheadSlot = other;
    lastReadAhead = otherFirst ^ otherLast;
  }

  private void open(int slot) {
    long least = nodes.deadline(slot);
    openSlot = slot;
    moveCursor(least);
    openThrough = lastOfRange(slot, least);
    updateSlowThrough();
  }

  /// The slots of numbers have none: what is armed for their deadline is younger than all in them.
  private static long lastOfRange(int slot, long deadline) {
    return slot < FIRST_OF_LEVEL_1
        ? deadline - 1
        : deadline | ~(-1L << Digits.spanBits(Digits.level(slot)));
  }

  /// Brings the cursor back to the earliest deadline of the past. Old and new cursor first differ
  /// on some level; all timers below it share the old cursor's digit there and now belong in the
  /// slot of that digit. Each list goes in front of what is there. A slot left half open goes
  /// first, as it holds timers that are younger than those already moved out of it; then the
  /// others, the earliest first, so that at every step the least deadline is right.
  ///
  /// A longer rewind may have been given up half way, because its timers were cancelled. The wider
  /// slot that it left open about the cursor is emptied before another begins, and before what is
  /// left of the past, which may hold younger timers of the same deadline. So is the arriving slot
  /// before the cursor leaves its window.
  private int rewind(int budget) {
    long target = nodes.deadline(PAST);
    if (arriving != NONE && Digits.endOfWindow(target) < cursor) {
      return emptyArriving(budget);
    }
    long targetReach = Digits.reachOf(target);
    int home = Digits.slotOf(target, targetReach, cursor);
    int halfOpen = openSlot;
    if (halfOpen != NONE && Digits.level(halfOpen) > Digits.level(home)) {
      return cascade(halfOpen, budget);
    }
    slotsInUse.remove(PAST);
    gatherEquals();
    halfOpen = openSlot;
    openSlot = home;
    openThrough = lastOfRange(home, cursor);
    updateSlowThrough();
    if (targetReach < reach) {
      withdrawReach(targetReach, halfOpen);
    }
    int left = budget;
    if (halfOpen != NONE && halfOpen != home) {
      splice(home, home, halfOpen);
      left--;
    }
    left = spliceLower(home, left);
    slotsInUse.add(PAST);
    if (left < 0) {
      return 0;
    }
    setCursor(target);
    openSlot = NONE;
    lookAhead(); // if a rewind was given up that would have gone farther
    updateSlowThrough();
    return left;
  }

  /// Puts a crowd of equal deadlines that is being sorted by number back into one list, in front of
  /// those armed since. The slots go in order: timers that were never postponed stay so.
  private void gatherEquals() {
    int slot = slotOf(cursor);
    int oldFirst = nodes.next(slot);
    for (int lower = firstInUse();
        lower != NONE && lower < FIRST_OF_LEVEL_1;
        lower = firstInUse()) {
      splice(slot, oldFirst, lower);
    }
    if (openSlot < FIRST_OF_LEVEL_1) {
      openSlot = NONE;
    }
  }

  /// Splices all that is on the levels below a slot's into it. What is left of the budget, or less
  /// than 0 if it did not suffice.
  private int spliceLower(int home, int budget) {
    int firstOfLevel = Digits.firstSlot(Digits.level(home));
    int left = budget;
    for (int lower = firstInUse(); lower != NONE && lower < firstOfLevel; lower = firstInUse()) {
      if (left == 0) {
        return -1;
      }
      spliceBefore(home, lower);
      left--;
    }
    return left;
  }

  /// Takes the reach back. Its window, and those after it that share their higher digits with it,
  /// now belong in one slot; what is left in a half-open one is younger, and not spliced here.
  private void withdrawReach(long newReach, int halfOpen) {
    int far = Digits.slotOf(cursor, newReach, reach);
    spliceRange(far, nextWindow, nextWindow + Digits.WINDOW_SLOTS, halfOpen);
    spliceRange(far, Digits.FIRST_FAR_SLOT, Digits.firstSlot(Digits.level(far)), halfOpen);
    reach = newReach;
  }

  private void spliceRange(int slot, int from, int to, int except) {
    for (int source = slotsInUse.next(from);
        source != NONE && source < to;
        source = slotsInUse.next(source + 1)) {
      if (source != except && !isEmpty(source)) {
        spliceBefore(slot, source);
      }
    }
  }

  // The next window.

  /// Whether a slot stands for the window after the cursor's.
  private boolean isInNextWindow(int slot) {
    return Integer.compareUnsigned(slot - nextWindow, Digits.WINDOW_SLOTS) < 0;
  }

  /// When the cursor's window is over or a slot arriving: takes some timers down from that slot. If
  /// there is none, and all timers of the window have gone, brings the cursor to the beginning of
  /// the next. Apart from the poll, where it is looked for each time and seldom so.
  private void prepareNextWindow(int firstSlot, int budget) {
    if (arriving != NONE) {
      emptyArriving(budget);
    } else if (openSlot == NONE && mayBePassed(firstSlot)) {
      moveCursor(Digits.endOfWindow(cursor) + 1);
    }
  }

  /// Whether a time is after the cursor's window.
  private boolean isWindowOver(long time) {
    return time > Digits.endOfWindow(cursor);
  }

  /// Whether the first timers are after the beginning of the next window. If they are in its first
  /// slot they belong on a lower level once the cursor is there.
  private boolean mayBePassed(int firstSlot) {
    return firstSlot == NONE || (!isInWindow(firstSlot) && firstSlot != nextWindow);
  }

  /// Brings the reach up to where it belongs with the cursor. While the slot of the cursor's own
  /// window is being emptied that is the window's end: beyond it, the same slot might stand for
  /// another window.
  private void lookAhead() {
    long end = Digits.endOfWindow(cursor);
    long newReach = openSlot < Digits.FIRST_FAR_SLOT ? Digits.reachOf(cursor) : end;
    if (newReach > reach) {
      int slot = Digits.slotOf(cursor, reach, newReach);
      reach = newReach;
      arriving = slot == openSlot || isEmpty(slot) ? NONE : slot;
    }
  }

  /// Moves timers of the arriving slot to where they belong, the last first. What is left of the
  /// budget.
  private int emptyArriving(int budget) {
    int slot = arriving;
    int left = budget;
    int record = nodes.prev(slot);
    while (left > 0 && record != slot) {
      int before = nodes.prev(record);
      long deadline = nodes.deadline(record);
      int place = slotOf(deadline);
      if (nodes.postponed(record) != 0) {
        mixed.add(place);
      }
      prepend(place, record, deadline);
      left--;
      record = before;
    }
    nodes.prev(slot, record);
    nodes.next(record, slot);
    if (record == slot) {
      arriving = NONE;
      drop(slot);
    }
    return left;
  }

  /// Timers armed during the poll take their places once it is over.
  private void placeDeferred() {
    int record = nodes.next(DEFERRED);
    if (record == DEFERRED) {
      return;
    }
    earliest = UNKNOWN;
    makeEmpty(DEFERRED);
    while (record != DEFERRED) {
      int next = nodes.next(record);
      long deadline = nodes.deadline(record);
      append(place(deadline), record, deadline);
      record = next;
    }
  }

  private long nextDeadline() {
    if (earliest == UNKNOWN) {
      earliest = findEarliest();
    }
    return earliest;
  }

  private long findEarliest() {
    long first = earliestFrom(firstSlot());
    return isEmpty(DEFERRED) ? first : Math.min(first, nodes.deadline(DEFERRED));
  }

  /// The earliest of the first slot, which may be [#NONE], and of the youngest.
  private long earliestFrom(int firstSlot) {
    long least = firstSlot == NONE ? Long.MAX_VALUE : nodes.deadline(firstSlot);
    return youngest == NULL_HANDLE ? least : Math.min(least, youngestDeadline);
  }

  // Placement: which slot a deadline belongs to.

  private void armYoungest(long deadline) {
    noteArmed(deadline);
    youngestDeadline = deadline;
    youngestNumber = number;
  }

  private void placeYoungest() {
    if (youngest != NULL_HANDLE) {
      claimYoungest();
      int record = recordOf(youngest);
      nodes.payload(record, youngestPayload);
      link(record, (youngest & ~INDEX_MASK) | youngestNumber, youngestDeadline);
      youngest = NULL_HANDLE;
    }
  }

  private void dropYoungest() {
    claimYoungest();
    noteDisarmed(youngestDeadline);
    long handle = youngest;
    youngest = NULL_HANDLE;
    if (spare != NULL_HANDLE || isLast(handle)) {
      // It does not become the spare, so its record has to tell its last generation.
      markFree(recordOf(handle), handle);
    }
    reuse(handle);
  }

  /// Takes the youngest's record off the stack of free ones, if it is still there.
  private void claimYoungest() {
    if (isYoungest(free1)) {
      popFree();
    }
  }

  private boolean isYoungest(long handle) {
    return handle != NULL_HANDLE && handle == youngest;
  }

  /// Counts a timer that is armed now, and sees to it that the number is right for it.
  private void noteArmed(long deadline) {
    if (deadline <= latestPostponed) {
      raiseNumber();
    }
    size++;
    if (deadline < earliest) {
      earliest = deadline;
    }
  }

  private void noteDisarmed(long deadline) {
    size--;
    if (size == 0 || deadline == earliest) {
      earliest = UNKNOWN;
    }
  }

  private void link(int record, long control, long deadline) {
    nodes.control(record, control);
    nodes.deadline(record, deadline);
    append(place(deadline), record, deadline);
  }

  private void disarm(int record) {
    noteDisarmed(nodes.deadline(record));
    postponed -= nodes.postponed(record);
    unlink(record);
  }

  /// Whether a timer may be postponed where it lies: to a later deadline, and from one that is not
  /// about to fire nor in the range of anything half done.
  private boolean mayStay(int record, long deadline) {
    long old = nodes.deadline(record);
    return deadline > old && old > cursor && old > slowThrough && number < numberLimit;
  }

  private void postponeInPlace(int record, long deadline) {
    if (deadline <= latestPostponed) {
      raiseNumber();
    }
    latestPostponed = deadline;
    postponed += 1 - nodes.postponed(record);
    nodes.deadline(record, deadline);
    nodes.number(record, number + 1);
  }

  private void raiseNumber() {
    if (latestPostponed != Long.MIN_VALUE) {
      latestPostponed = Long.MIN_VALUE;
      number += 2;
    }
  }

  /// Does a step on the way to lower numbers if they have run out. While no timer is left that was
  /// postponed where it lay, all lists are in arming order and numbers do not matter.
  private void restartNumbers() {
    if (number < numberLimit) {
      return;
    }
    if (oldNumbers > 0) {
      nodes.number(nodes.recordAt(--oldNumbers), 0);
      numberLimit = oldNumbers == 0 ? lastNumber : 0;
    } else if (postponed == 0 && !isOpening()) {
      // Nor may it be raised before the last record has its first number again.
      latestPostponed = Long.MIN_VALUE;
      number = 0;
      numberLimit = 0;
      oldNumbers = capacity;
    }
  }

  /// Whether something is half done, or may be: numbers could still be looked at.
  private boolean isOpening() {
    int slot = firstSlot();
    return slot != NONE && (slot < FIRST_OF_LEVEL_1 || slot == openSlot);
  }

  private int place(long deadline) {
    return deadline > slowThrough ? slotOf(deadline) : placeSlowly(deadline);
  }

  private int placeSlowly(long deadline) {
    if (polling && deadline <= pollTime) {
      return DEFERRED;
    }
    if (deadline <= pastThrough) {
      return PAST;
    }
    return openSlot != NONE && deadline <= openThrough ? openSlot : slotOf(deadline);
  }

  private int slotOf(long deadline) {
    return Digits.slotOf(cursor, reach, deadline);
  }

  private void moveCursor(long time) {
    setCursor(time);
    pastThrough = time == Long.MIN_VALUE ? time : time - 1;
    lookAhead();
  }

  private void setCursor(long time) {
    cursor = time;
    int next = Digits.firstOfNextWindow(time);
    if (next != nextWindow) {
      nextWindow = next;
      slotsInUse.putBehind(next, next + Digits.WINDOW_SLOTS, Digits.FIRST_FAR_SLOT);
    }
  }

  private void updateSlowThrough() {
    slowThrough = lastSlowDeadline();
  }

  private long lastSlowDeadline() {
    long through = pastThrough;
    if (openSlot != NONE) {
      through = Math.max(through, openThrough);
    }
    return polling ? Math.max(through, pollTime) : through;
  }

  // Slots: lists with their least deadline.

  private void append(int slot, int record, long deadline) {
    int last = nodes.prev(slot);
    insert(last, record, slot);
    noteIn(slot, last, deadline);
  }

  private void prepend(int slot, int record, long deadline) {
    int first = nodes.next(slot);
    insert(slot, record, first);
    noteIn(slot, first, deadline);
  }

  private void insert(int before, int record, int after) {
    nodes.next(record, after);
    nodes.prev(record, before);
    nodes.next(before, record);
    nodes.prev(after, record);
  }

  /// A timer was put beside a node of the slot's list, which is the slot itself if it was empty.
  private void noteIn(int slot, int neighbour, long deadline) {
    long least = nodes.deadline(slot);
    if (least == UNUSED) {
      markUsed(slot);
    }
    nodes.deadline(slot, neighbour == slot ? deadline : Math.min(least, deadline));
  }

  private void unlink(int record) {
    int next = nodes.next(record);
    int prev = nodes.prev(record);
    nodes.next(prev, next);
    nodes.prev(next, prev);
    if (next == prev) {
      closeEmptied(next);
    }
  }

  private void spliceBefore(int slot, int source) {
    splice(slot, nodes.next(slot), source);
  }

  /// Puts the list of another slot in front of a node of this slot's list.
  private void splice(int slot, int node, int source) {
    int first = nodes.next(source);
    int last = nodes.prev(source);
    int before = nodes.prev(node);
    long least = nodes.deadline(source);
    nodes.deadline(slot, isEmpty(slot) ? least : Math.min(least, nodes.deadline(slot)));
    nodes.prev(first, before);
    nodes.next(before, first);
    nodes.next(last, node);
    nodes.prev(node, last);
    if (postponed > 0) {
      mixed.add(slot);
    }
    markUsed(slot);
    makeEmpty(source);
  }

  private void makeEmpty(int slot) {
    nodes.next(slot, slot);
    nodes.prev(slot, slot);
  }

  private boolean isEmpty(int slot) {
    return nodes.next(slot) == slot;
  }

  private void markUsed(int slot) {
    if (slot != DEFERRED) {
      slotsInUse.add(slot);
    }
  }

  private void closeEmptied(int slot) {
    if (slot == openSlot) {
      openSlot = NONE;
      lookAhead();
      updateSlowThrough();
    } else if (slot == PAST) {
      moveCursor(cursor);
      updateSlowThrough();
    } else if (slot == arriving) {
      arriving = NONE;
    }
  }

  /// The slot that holds the earliest timer. The past comes first, then a half-emptied slot, whose
  /// timers are among those already moved below it, and so before the next window an arriving one.
  private int firstSlot() {
    int slot = firstInUse();
    if (openSlot != NONE && slot != PAST) {
      return openSlot;
    }
    return arriving == NONE || isInWindow(slot) ? slot : firstIsArriving(slot);
  }

  /// Whether a slot stands for times in the cursor's window or before it.
  private boolean isInWindow(int slot) {
    return slot < Digits.FIRST_FAR_SLOT && !isInNextWindow(slot);
  }

  /// Notes in the arriving slot the least deadline of what was moved out of it, too.
  private int firstIsArriving(int firstInUse) {
    nodes.deadline(arriving, Math.min(nodes.deadline(arriving), nodes.deadline(firstInUse)));
    return arriving;
  }

  /// Drops the slots from the bitmap that have become empty, up to the first that has not.
  private int firstInUse() {
    while (!slotsInUse.isEmpty()) {
      int slot = slotsInUse.first();
      if (!isEmpty(slot)) {
        return slot;
      }
      drop(slot);
    }
    return NONE;
  }

  /// Takes an empty slot out of the bitmaps.
  private void drop(int slot) {
    slotsInUse.remove(slot);
    if (!mixed.isEmpty()) {
      mixed.remove(slot);
    }
    nodes.deadline(slot, UNUSED);
  }

  // Records: the free ones and the handles.

  private int find(long handle) {
    if ((handle & INDEX_MASK) >= capacity) {
      return NONE;
    }
    int record = recordOf(handle);
    long differing = nodes.control(record) ^ (handle & ~INDEX_MASK);
    return Long.compareUnsigned(differing, Nodes.FREE) < 0 ? record : NONE;
  }

  private int recordOf(long handle) {
    return nodes.recordAt((int) (handle & INDEX_MASK));
  }

  private long handleOf(int record) {
    return generationOf(record) | nodes.indexOf(record);
  }

  /// Where a handle has it.
  private long generationOf(int record) {
    return nodes.control(record) & ~INDEX_MASK;
  }

  private void release(int record) {
    long handle = handleOf(record);
    markFree(record, handle);
    reuse(handle);
  }

  private void markFree(int record, long lastHandle) {
    nodes.control(record, (lastHandle & ~INDEX_MASK) | Nodes.FREE);
  }

  /// Whether the record has no generation left for another.
  private static boolean isLast(long handle) {
    return handle >>> INDEX_BITS == MAX_GENERATION;
  }

  private long takeUnused() {
    while (unused < capacity) {
      int index = unused++;
      long last = generationOf(nodes.recordAt(index));
      if (!isLast(last)) {
        return (last + GENERATION_STEP) | index;
      }
      retired++;
    }
    return NULL_HANDLE;
  }

  /// A wheel that a poll has emptied takes its records in order again: however they were freed,
  /// what is armed next lies side by side. Nothing is visited for that but the spare, whose control
  /// need not have its last generation.
  private void startAfresh() {
    if (size > 0 || unused <= AT_HAND) {
      return;
    }
    if (spare != NULL_HANDLE) {
      markFree(recordOf(spare), spare - GENERATION_STEP);
    }
    spare = NULL_HANDLE;
    free1 = NULL_HANDLE;
    free2 = NULL_HANDLE;
    free3 = NULL_HANDLE;
    free4 = NULL_HANDLE;
    unused = 0;
    retired = 0;
  }

  private void reuse(long handle) {
    long next = handle + GENERATION_STEP;
    if (isLast(handle)) {
      retired++;
    } else if (spare == NULL_HANDLE) {
      spare = next;
    } else {
      claimYoungest();
      pushFree(next);
    }
  }

  private void pushFree(long handle) {
    nodes.payload(recordOf(handle), free4);
    free4 = free3;
    free3 = free2;
    free2 = free1;
    free1 = handle;
  }

  private void popFree() {
    long fifth = nodes.payload(recordOf(free1));
    free1 = free2;
    free2 = free3;
    free3 = free4;
    free4 = fifth;
  }

  // Self-check.

  /// Checks the whole structure against its invariants. Cost: all records and all slots. Allocates.
  /// Allowed anywhere, also in a handler.
  ///
  /// @throws IllegalStateException beginning `bug:`, naming the first invariant that does not hold
  public void checkInvariants() {
    checkLists();
    for (int slot = 0; slot < Digits.SLOTS; slot++) {
      boolean used = slot == DEFERRED || slotsInUse.contains(slot);
      check(used || isEmpty(slot), "bitmap bit of slot", slot, nodes.next(slot));
      check(used || nodes.deadline(slot) == UNUSED, "unused slot", slot, nodes.deadline(slot));
    }
    check(slotsInUse.isConsistent(), "bitmaps", 0, 0);
  }

  /// The same without the unused slots, so that a test can afford it after every operation.
  void checkLists() {
    int linked = checkSlot(DEFERRED);
    for (int slot = slotsInUse.next(0); slot != NONE; slot = slotsInUse.next(slot + 1)) {
      linked += checkSlot(slot);
    }
    if (youngest != NULL_HANDLE) {
      linked++;
      check(find(youngest) == NONE, "record of the youngest", youngest, find(youngest));
      check(youngestDeadline >= earliest, "earliest", earliest, youngestDeadline);
    }
    check(linked == size, "size", size, linked);
    check(countPostponed() == postponed, "postponed", postponed, countPostponed());
    int inHand = (spare == NULL_HANDLE ? 0 : 1) + (firing == NONE ? 0 : 1);
    int accounted =
        size - (isYoungest(free1) ? 1 : 0) + countFree() + capacity - unused + retired + inHand;
    check(accounted == capacity, "capacity", capacity, accounted);
    check(
        isEmpty(PAST) || nodes.deadline(PAST) <= cursor,
        "past minimum",
        nodes.deadline(PAST),
        cursor);
    check(slowThrough == lastSlowDeadline(), "slow path", slowThrough, lastSlowDeadline());
    if (openSlot != NONE) {
      check(!isEmpty(openSlot), "open slot in use", openSlot, nodes.next(openSlot));
      long through = lastOfRange(openSlot, cursor);
      check(openThrough == through, "cursor in the open slot", openThrough, through);
    } else {
      check(reach == Digits.reachOf(cursor), "reach", reach, Digits.reachOf(cursor));
    }
    check(arriving == NONE || !isEmpty(arriving), "arriving slot in use", arriving, NONE);
  }

  private int countPostponed() {
    int count = 0;
    for (int index = 0; index < capacity; index++) {
      int record = nodes.recordAt(index);
      boolean armed = (nodes.control(record) & Nodes.FREE) == 0 && record != firing;
      count += armed ? nodes.postponed(record) : 0;
    }
    return count;
  }

  private int countFree() {
    int count = 0;
    for (long first : new long[] {free1, free2, free3, free4}) {
      for (long handle = first; handle != NULL_HANDLE; handle = nodes.payload(recordOf(handle))) {
        int record = recordOf(handle);
        boolean live = (nodes.control(record) & Nodes.FREE) == 0;
        check(!live && count < capacity, "free record", record, count);
        count++;
      }
    }
    return count;
  }

  private int checkSlot(int slot) {
    int count = 0;
    int before = slot;
    for (int record = nodes.next(slot); record != slot; record = nodes.next(record)) {
      check(nodes.prev(record) == before, "back link of record", record, before);
      checkLive(record);
      checkPlace(slot, record, nodes.deadline(record));
      checkOrder(slot, before, record);
      before = record;
      count++;
    }
    check(nodes.prev(slot) == before, "tail of slot", slot, before);
    return count;
  }

  private void checkLive(int record) {
    check(find(handleOf(record)) == record, "handle of record", record, 0);
    check(nodes.deadline(record) >= earliest, "earliest", earliest, nodes.deadline(record));
  }

  /// Of two neighbours in a list.
  private void checkOrder(int slot, int before, int record) {
    if (oldNumbers > 0) {
      return;
    }
    check(nodes.number(record) <= number + 1, "number", number, nodes.number(record));
    boolean comparable =
        before != slot
            && nodes.deadline(before) == nodes.deadline(record)
            && nodes.postponed(before) + nodes.postponed(record) == 0;
    check(
        !comparable || nodes.number(before) <= nodes.number(record),
        "arming order",
        nodes.number(before),
        nodes.number(record));
  }

  private void checkPlace(int slot, int record, long deadline) {
    check(nodes.deadline(slot) <= deadline, "minimum of slot", slot, deadline);
    if (slot == PAST) {
      check(deadline <= pastThrough, "deadline in the past slot", deadline, pastThrough);
    } else if (slot == DEFERRED) {
      check(polling && deadline <= pollTime, "deferred deadline", deadline, pollTime);
    } else if (slot < FIRST_OF_LEVEL_1) {
      int digit = Digits.slotOfNumber(Digits.oneDigitUp(slot), nodes.number(record));
      check(deadline == cursor, "deadline of equals", deadline, cursor);
      check(digit == slot, "slot of number", slot, digit);
    } else {
      check(deadline >= cursor, "deadline before the cursor", deadline, cursor);
      boolean below = openSlot != NONE && Digits.level(slot) < Digits.level(openSlot);
      check(!below || nodes.deadline(openSlot) <= deadline, "minimum of open slot", slot, deadline);
      int place = placeOf(deadline);
      boolean open = slot == openSlot && deadline <= openThrough;
      boolean waits = nodes.postponed(record) != 0 && (slot == openSlot || precedes(slot, place));
      check(open || waits || slot == arriving || slot == place, "slot of record", slot, place);
    }
  }

  /// A rewind that is half done has taken the reach back, and leaves to be spliced what is in the
  /// cursor's window.
  private int placeOf(long deadline) {
    boolean inWindow = deadline <= Digits.endOfWindow(cursor);
    return Digits.slotOf(cursor, inWindow ? Digits.reachOf(cursor) : reach, deadline);
  }

  private boolean precedes(int slot, int other) {
    if (isInNextWindow(slot) == isInNextWindow(other)) {
      return slot < other;
    }
    return isInNextWindow(slot) ? other >= Digits.FIRST_FAR_SLOT : slot < Digits.FIRST_FAR_SLOT;
  }

  private static void check(boolean holds, String what, long found, long other) {
    if (!holds) {
      throw new IllegalStateException("bug: " + what + ": " + found + " against " + other);
    }
  }

  @Override
  public String toString() {
    return "TimerWheel{size=" + size + ", capacity=" + capacity + "}";
  }
}
