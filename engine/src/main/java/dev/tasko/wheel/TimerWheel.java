package dev.tasko.wheel;

import java.util.concurrent.ThreadLocalRandom;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/// An exact timer wheel: hashed, hierarchical, bounded, without garbage.
///
/// **What it promises.** A timer never fires early. Timers fire in the order of their deadlines, to
/// the nanosecond, and equal deadlines in the order in which they were armed. Schedule, cancel,
/// postpone and the next deadline cost O(1). Nothing is allocated after construction. A full wheel
/// refuses; a stale, foreign or made-up handle does nothing. A timer armed while a poll runs fires
/// in a later poll, so that no timer can starve the others by arming itself for now.
///
/// **How.** Time is counted in single nanoseconds. A deadline is read as a number of six digits,
/// five of 12 bits and one of 4. Each digit has a level, each value of a digit a slot, and a slot
/// is a doubly linked list of records. A timer lives on the level of the highest digit in which its
/// deadline differs from the *cursor*, in the slot which that digit names:
///
/// ```text
///  level   digit        one slot spans     whole level
///    0     (the past)   everything before the cursor
///    1     bits  0-11   1 ns               4.1 us
///    2     bits 12-23   4.1 us             16.8 ms
///    3     bits 24-35   16.8 ms            68.7 s
///    4     bits 36-47   68.7 s             3.3 days
///    5     bits 48-59   3.3 days           36.5 years
///    6     bits 60-63   36.5 years         585 years
/// ```
///
/// Three facts follow, and everything else rests on them. The slot is a function of cursor and
/// deadline alone, so equal deadlines always share a list, and appending keeps them in arming order
/// without a sequence number. Every timer of one level precedes every timer of the next, and slots
/// of a level are in order, so the earliest timers are in the first slot of the first level in use:
/// three count-trailing-zeros. And a slot of level 1 spans one nanosecond, so there is nothing in
/// it to sort.
///
/// When the earliest slot is due and holds several timers of different deadlines, its range is
/// *opened*: the cursor moves to its start and each record moves to a lower level (a cascade). A
/// slot with a single timer fires it where it lies, so that a sparse wheel moves nothing at all.
/// Each slot keeps the least deadline ever put in since it was last empty, which makes the next
/// deadline exact, or early by one wake for each earliest timer that was cancelled; and a slot is
/// opened only when that deadline is due, never because its range has begun.
///
/// **The obvious alternatives.** Coarse ticks with a sorted "due run" for the open tick need an
/// array of the wheel's size or a bound on the run, and insertion into the run costs its length.
/// One digit more costs no memory that depends on the number of timers and no more moves: with 65
/// us ticks a timer of 1-30 s moves twice (level 2 to level 1, level 1 to the run), here it moves
/// twice at most. Placement by remaining time (Linux, Caffeine) keeps neither order nor a next
/// deadline. A heap keeps both at O(log n).
///
/// **Timers before the cursor.** The cursor never passes the poll's time, and stays behind it until
/// a slot has to be opened, so a deadline before it is rare: something armed in the past. Those
/// gather in the past slot. It precedes all others; before it is served the cursor *rewinds* to its
/// least deadline. Rewinding moves no record: the lists below the level where old and new cursor
/// part are spliced, whole, into the one slot that now stands for them.
///
/// **Budget.** Every move, splice and firing costs one unit, and a poll stops when its budget is
/// spent, also in the middle of a cascade or a rewind. What it left half done is described by
/// [#openSlot] and [#openThrough] (a slot being emptied, and the end of its range) and
/// [#pastThrough] (deadlines up to here join the past slot). A timer armed into such a range joins
/// the list that is being emptied, behind older timers of the same deadline. That is the whole of
/// the slow path.
///
/// **Invariants**, all checked by [#checkInvariants]: every timer outside the past slot is at or
/// after the cursor, in the slot computed from it (or in the open slot, within its range); the past
/// slot's least deadline is not after the cursor; the open slot is in use and its range holds the
/// cursor; a slot's least deadline is not after any of its timers, nor the open slot's after any
/// timer on the levels below it; bitmap bit if and only if the slot is in use; live + free +
/// retired + firing = capacity.
///
/// **Not invariants**: a slot's least deadline need not be that of a live timer; the cursor need
/// not be near the time of the last poll.
///
/// ```text
///  record, 32 bytes, never across a cache line       slot header, 16 bytes
///   0  deadline, ns since the wheel's start           0  least deadline
///   8  payload                                        8  head: record index
///  16  control: handle when live, ~handle when free  12  tail: record index, negative when empty
///  24  next: record index, or ~slot at the tail
///  28  prev: record index, or ~slot at the head      handle = generation (38 bits) | index (26 bits)
/// ```
///
/// A handle is good for one arming. Its generation starts at a random value for each wheel and
/// grows with each reuse of the record; a record whose generation runs out is retired.
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

  /// The largest capacity: what a buffer of 2 GiB holds.
  public static final int MAX_CAPACITY =
      (Integer.MAX_VALUE - BitUtil.CACHE_LINE_LENGTH) / TimerWheel.RECORD_BYTES;

  static final int RECORD_BYTES = 32;
  private static final int DEADLINE = 0;
  private static final int PAYLOAD = 8;
  private static final int CONTROL = 16;
  private static final int NEXT = 24;
  private static final int PREV = 28;

  private static final int HEADER_BYTES = 16;
  private static final int MIN_DEADLINE = 0;
  private static final int HEAD = 8;
  private static final int TAIL = 12;

  private static final int INDEX_BITS = 26;
  private static final long INDEX_MASK = (1L << INDEX_BITS) - 1;
  private static final long MAX_GENERATION = (1L << (Long.SIZE - INDEX_BITS)) - 1;

  static final int DIGIT_BITS = 12;
  private static final int SLOTS_PER_LEVEL = 1 << DIGIT_BITS;
  private static final int DIGIT_MASK = SLOTS_PER_LEVEL - 1;
  static final int LEVELS = 7;
  private static final int WORDS_PER_LEVEL = SLOTS_PER_LEVEL / Long.SIZE;

  /// Level 0 has this one slot, so the past is found first by the search that finds every slot.
  private static final int PAST = 0;

  /// Timers armed during a poll for its time or before. Outside the bitmaps: a poll must not see
  /// it.
  private static final int DEFERRED = 1;

  /// The topmost digit has four bits.
  private static final int SLOTS = (LEVELS - 1) * SLOTS_PER_LEVEL + 16;

  private static final int NONE = -1;

  private final UnsafeBuffer records;
  private final UnsafeBuffer slots;
  private final long[] occupied = new long[LEVELS * WORDS_PER_LEVEL];
  private final long[] occupiedWords = new long[LEVELS];
  private int occupiedLevels;

  private final int capacity;
  private final long startNs;
  private int freeHead;
  private int size;
  private int retired;

  /// All times below are in nanoseconds since [#startNs]. No timer outside the past slot is
  /// earlier.
  private long cursor;

  /// A slot that is being emptied, or [#NONE].
  private int openSlot = NONE;

  /// The last nanosecond of the open slot's range.
  private long openThrough;

  /// The last deadline that belongs to the past: just before the cursor, unless it was rewound and
  /// the past slot is not yet empty.
  private long pastThrough = -1;

  /// A deadline after this one is placed by its digits; others take the slow path.
  private long slowThrough = -1;

  private boolean polling;
  private long pollTime;
  private int firing = NONE;

  /// Makes an empty wheel. All memory is allocated here: 32 bytes a timer and 400 KB of slots.
  ///
  /// @param capacity the most timers armed at one time, 1 to [#MAX_CAPACITY]
  /// @param startNs the present, in the caller's time base
  /// @throws IllegalArgumentException if the capacity is out of range
  /// @throws MissingFlagException if the JVM lacks the flag that Agrona's buffers need
  public TimerWheel(int capacity, long startNs) {
    this(capacity, startNs, 1 + ThreadLocalRandom.current().nextLong(MAX_GENERATION / 2));
  }

  TimerWheel(int capacity, long startNs, long firstGeneration) {
    if (capacity < 1 || capacity > MAX_CAPACITY) {
      throw new IllegalArgumentException(
          "capacity: " + capacity + " (expected: 1 to " + MAX_CAPACITY + ")");
    }
    MissingFlagException.requireBuffers();
    this.capacity = capacity;
    this.startNs = startNs;
    records = allocate(capacity * RECORD_BYTES);
    slots = allocate(SLOTS * HEADER_BYTES);
    for (int slot = 0; slot < SLOTS; slot++) {
      slots.putInt(header(slot) + TAIL, ~slot);
    }
    freeHead = NONE;
    for (int index = capacity - 1; index >= 0; index--) {
      int record = record(index);
      records.putLong(record + CONTROL, ~((firstGeneration - 1) << INDEX_BITS | index));
      records.putInt(record + NEXT, freeHead);
      freeHead = index;
    }
  }

  private static UnsafeBuffer allocate(int bytes) {
    return new UnsafeBuffer(BufferUtil.allocateDirectAligned(bytes, BitUtil.CACHE_LINE_LENGTH));
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
    int index = freeHead;
    if (index == NONE) {
      return NULL_HANDLE;
    }
    int record = record(index);
    freeHead = records.getInt(record + NEXT);
    long handle = ~records.getLong(record + CONTROL) + (1L << INDEX_BITS);
    records.putLong(record + CONTROL, handle);
    records.putLong(record + PAYLOAD, payload);
    arm(index, deadlineNs - startNs);
    return handle;
  }

  /// Disarms a timer. After `true` it does not fire.
  ///
  /// Progress: wait-free, O(1). Allocates: no.
  ///
  /// @param handle as [#schedule] returned it; any other value is allowed
  /// @return whether it was armed; `false` for a timer that is being fired by the caller
  public boolean cancel(long handle) {
    int index = find(handle);
    if (index == NONE || index == firing) {
      return false;
    }
    unlink(index);
    size--;
    release(index);
    return true;
  }

  /// Gives a timer another deadline, earlier or later, under the same handle. Among equal deadlines
  /// it takes its place as if it were armed now. In its own handler this arms it again.
  ///
  /// Progress: wait-free, O(1). Allocates: no.
  ///
  /// @param handle as [#schedule] returned it; any other value is allowed
  /// @param deadlineNs absolute, in the wheel's time base; in the past means the next poll
  /// @return whether the timer is armed now
  public boolean postpone(long handle, long deadlineNs) {
    int index = find(handle);
    if (index == NONE) {
      return false;
    }
    if (index == firing) {
      firing = NONE;
    } else {
      unlink(index);
      size--;
    }
    arm(index, deadlineNs - startNs);
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
  /// right.
  ///
  /// Progress: wait-free, O(1). Allocates: no.
  ///
  /// @return absolute, in the wheel's time base, or [#NO_DEADLINE] when the wheel is empty
  public long nextDeadlineNs() {
    return size == 0 ? NO_DEADLINE : startNs + nextDeadline();
  }

  /// Whether a poll at that time has something to do.
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
    int index = find(handle);
    return index != NONE && index != firing;
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
    for (int slot = firstSlot(); slot != NONE; slot = firstSlot()) {
      clear(slot);
    }
    clear(DEFERRED);
  }

  private void clear(int slot) {
    for (int index = head(slot); index != NONE; index = head(slot)) {
      unlink(index);
      size--;
      release(index);
    }
  }

  // Polling: find the earliest slot, open it until a timer can be fired, fire.

  private int poll(long nowNs, TimerHandler handler, int budget, int fireLimit) {
    if (polling) {
      throw new IllegalStateException("poll: called from a timer handler (expected: not nested)");
    }
    polling = true;
    pollTime = nowNs - startNs;
    updateSlowThrough();
    try {
      return fireDue(pollTime, handler, budget, fireLimit);
    } finally {
      polling = false;
      updateSlowThrough();
      placeDeferred();
    }
  }

  private int fireDue(long now, TimerHandler handler, int budget, int fireLimit) {
    int fired = 0;
    int left = budget;
    while (left > 0 && fired < fireLimit) {
      int slot = firstSlot();
      if (slot == NONE || minDeadline(slot) > now) {
        break;
      }
      int index = head(slot);
      if (isFireable(slot, index)) {
        long deadline = records.getLong(record(index) + DEADLINE);
        if (deadline > now) {
          slots.putLong(header(slot) + MIN_DEADLINE, deadline);
          break;
        }
        left--;
        fired++;
        fire(index, deadline, handler);
      } else if (slot == PAST && minDeadline(PAST) < cursor) {
        left = rewind(left);
      } else {
        left = cascade(slot, left);
      }
    }
    return fired;
  }

  /// Whether the head of the first slot is the earliest timer of all: alone in its slot, or in a
  /// slot of one nanosecond.
  private boolean isFireable(int slot, int index) {
    if (slot == openSlot) {
      return false;
    }
    if (level(slot) == 1) {
      return true;
    }
    return index == tail(slot)
        && (slot != PAST || records.getLong(record(index) + DEADLINE) < cursor);
  }

  private void fire(int index, long deadline, TimerHandler handler) {
    int record = record(index);
    unlink(index);
    size--;
    firing = index;
    try {
      handler.onTimer(
          records.getLong(record + CONTROL), records.getLong(record + PAYLOAD), startNs + deadline);
    } finally {
      if (firing == index) {
        firing = NONE;
        release(index);
      }
    }
  }

  /// Empties a slot into the levels below, head first, so that equal deadlines keep their order.
  private int cascade(int slot, int budget) {
    int left = budget;
    int index = head(slot);
    if (slot != openSlot && slot != PAST) {
      open(slot, records.getLong(record(index) + DEADLINE));
    }
    while (left > 0 && index != NONE) {
      unlink(index);
      long deadline = records.getLong(record(index) + DEADLINE);
      append(slotOf(deadline), index, deadline);
      left--;
      index = head(slot);
    }
    return left;
  }

  private void open(int slot, long deadline) {
    long span = -1L << spanBits(slot);
    moveCursor(deadline & span);
    openSlot = slot;
    openThrough = deadline | ~span;
    updateSlowThrough();
  }

  /// Brings the cursor back to the earliest deadline of the past. Old and new cursor first differ
  /// on some level; all timers below it share the old cursor's digit there and now belong in the
  /// slot of that digit. Each list goes in front of what is there. A slot left half open goes
  /// first, as it holds timers that are younger than those already moved out of it; then the
  /// others, the earliest first, so that at every step the least deadline is right.
  ///
  /// A longer rewind may have been given up half way, because its timers were cancelled. The wider
  /// slot that it left open about the cursor is emptied before another begins.
  private int rewind(int budget) {
    long target = minDeadline(PAST);
    int home = slotOf(target, cursor);
    int homeLevel = level(home);
    int halfOpen = openSlot;
    if (halfOpen != NONE && level(halfOpen) > homeLevel) {
      return cascade(halfOpen, budget);
    }
    openSlot = home;
    openThrough = cursor | ~(-1L << spanBits(home));
    updateSlowThrough();
    int left = budget;
    if (halfOpen != NONE && halfOpen != home) {
      spliceBefore(home, halfOpen);
      left--;
    }
    for (int lower = 1; lower < homeLevel; lower++) {
      while ((occupiedLevels & 1 << lower) != 0) {
        if (left == 0) {
          return 0;
        }
        spliceBefore(home, firstSlot(lower));
        left--;
      }
    }
    cursor = target;
    openSlot = NONE;
    updateSlowThrough();
    return left;
  }

  /// Timers armed during the poll take their places once it is over.
  private void placeDeferred() {
    for (int index = head(DEFERRED); index != NONE; index = head(DEFERRED)) {
      unlink(index);
      long deadline = records.getLong(record(index) + DEADLINE);
      append(place(deadline), index, deadline);
    }
  }

  private long nextDeadline() {
    int slot = firstSlot();
    long first = slot == NONE ? Long.MAX_VALUE : minDeadline(slot);
    return tail(DEFERRED) < 0 ? first : Math.min(first, minDeadline(DEFERRED));
  }

  // Placement: which slot a deadline belongs to.

  private void arm(int index, long deadline) {
    records.putLong(record(index) + DEADLINE, deadline);
    append(place(deadline), index, deadline);
    size++;
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
    return slotOf(cursor, deadline);
  }

  /// The slot of a deadline as seen from a cursor. The top bit is flipped so that the times before
  /// the start sort below those after it.
  private static int slotOf(long cursor, long deadline) {
    int highestBit = Long.SIZE - 1 - Long.numberOfLeadingZeros((cursor ^ deadline) | 1);
    int digitIndex = highestBit / DIGIT_BITS;
    int digit = (int) ((deadline ^ Long.MIN_VALUE) >>> (digitIndex * DIGIT_BITS)) & DIGIT_MASK;
    return (digitIndex + 1) * SLOTS_PER_LEVEL + digit;
  }

  private static int level(int slot) {
    return slot >>> DIGIT_BITS;
  }

  /// How many low bits of a deadline a slot leaves open.
  private static int spanBits(int slot) {
    return (level(slot) - 1) * DIGIT_BITS;
  }

  private void moveCursor(long time) {
    cursor = time;
    pastThrough = time == Long.MIN_VALUE ? time : time - 1;
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

  // Slots: doubly linked lists with their least deadline, and bitmaps of those in use.

  private void append(int slot, int index, long deadline) {
    int header = header(slot);
    int record = record(index);
    int tail = slots.getInt(header + TAIL);
    records.putInt(record + NEXT, ~slot);
    slots.putInt(header + TAIL, index);
    if (tail < 0) {
      records.putInt(record + PREV, ~slot);
      slots.putInt(header + HEAD, index);
      slots.putLong(header + MIN_DEADLINE, deadline);
      markUsed(slot);
    } else {
      records.putInt(record + PREV, tail);
      records.putInt(record(tail) + NEXT, index);
      if (deadline < slots.getLong(header + MIN_DEADLINE)) {
        slots.putLong(header + MIN_DEADLINE, deadline);
      }
    }
  }

  private void unlink(int index) {
    int record = record(index);
    int next = records.getInt(record + NEXT);
    int prev = records.getInt(record + PREV);
    if (prev < 0) {
      slots.putInt(header(~prev) + HEAD, next);
    } else {
      records.putInt(record(prev) + NEXT, next);
    }
    if (next >= 0) {
      records.putInt(record(next) + PREV, prev);
      return;
    }
    slots.putInt(header(~next) + TAIL, prev);
    if (prev < 0) {
      markEmpty(~prev);
    }
  }

  private void spliceBefore(int slot, int source) {
    int first = head(source);
    int last = tail(source);
    int header = header(slot);
    int oldTail = slots.getInt(header + TAIL);
    if (oldTail < 0) {
      slots.putInt(header + TAIL, last);
      slots.putLong(header + MIN_DEADLINE, minDeadline(source));
      records.putInt(record(last) + NEXT, ~slot);
      markUsed(slot);
    } else {
      int oldHead = slots.getInt(header + HEAD);
      records.putInt(record(last) + NEXT, oldHead);
      records.putInt(record(oldHead) + PREV, last);
      slots.putLong(header + MIN_DEADLINE, Math.min(minDeadline(slot), minDeadline(source)));
    }
    records.putInt(record(first) + PREV, ~slot);
    slots.putInt(header + HEAD, first);
    slots.putInt(header(source) + TAIL, ~source);
    markEmpty(source);
  }

  private void markUsed(int slot) {
    if (slot == DEFERRED) {
      return;
    }
    int level = level(slot);
    occupied[slot >>> 6] |= 1L << slot;
    occupiedWords[level] |= 1L << (slot >>> 6);
    occupiedLevels |= 1 << level;
  }

  private void markEmpty(int slot) {
    if (slot == DEFERRED) {
      return;
    }
    int level = level(slot);
    if ((occupied[slot >>> 6] &= ~(1L << slot)) == 0
        && (occupiedWords[level] &= ~(1L << (slot >>> 6))) == 0) {
      occupiedLevels &= ~(1 << level);
    }
    if (slot == openSlot) {
      openSlot = NONE;
      updateSlowThrough();
    } else if (slot == PAST) {
      moveCursor(cursor);
      updateSlowThrough();
    }
  }

  /// The slot that holds the earliest timer. The past comes first, then a half-emptied slot, whose
  /// timers are among those already moved below it.
  private int firstSlot() {
    if (occupiedLevels == 0) {
      return NONE;
    }
    int level = Integer.numberOfTrailingZeros(occupiedLevels);
    return level != level(PAST) && openSlot != NONE ? openSlot : firstSlot(level);
  }

  private int firstSlot(int level) {
    int word = level * WORDS_PER_LEVEL + Long.numberOfTrailingZeros(occupiedWords[level]);
    return word * Long.SIZE + Long.numberOfTrailingZeros(occupied[word]);
  }

  private int head(int slot) {
    return tail(slot) < 0 ? NONE : slots.getInt(header(slot) + HEAD);
  }

  private int tail(int slot) {
    return slots.getInt(header(slot) + TAIL);
  }

  private long minDeadline(int slot) {
    return slots.getLong(header(slot) + MIN_DEADLINE);
  }

  private static int header(int slot) {
    return slot * HEADER_BYTES;
  }

  // Records: the free list and the handles.

  private int find(long handle) {
    int index = (int) (handle & INDEX_MASK);
    return index < capacity && records.getLong(record(index) + CONTROL) == handle ? index : NONE;
  }

  private void release(int index) {
    int record = record(index);
    long handle = records.getLong(record + CONTROL);
    records.putLong(record + CONTROL, ~handle);
    if (handle >>> INDEX_BITS == MAX_GENERATION) {
      retired++;
      return;
    }
    records.putInt(record + NEXT, freeHead);
    freeHead = index;
  }

  private static int record(int index) {
    return index * RECORD_BYTES;
  }

  // Self-check.

  /// Checks the whole structure against its invariants. Cost: all records and all slots. Allocates.
  /// Allowed anywhere, also in a handler.
  ///
  /// @throws IllegalStateException beginning `bug:`, naming the first invariant that does not hold
  public void checkInvariants() {
    checkLists();
    for (int slot = 0; slot < SLOTS; slot++) {
      boolean used = slot == DEFERRED || (occupied[slot >>> 6] & 1L << slot) != 0;
      check(used || tail(slot) == ~slot, "tail of unused slot", slot, tail(slot));
    }
  }

  /// The same without the unused slots, so that a test can afford it after every operation.
  void checkLists() {
    int linked = checkSlot(DEFERRED);
    for (int word = 0; word < occupied.length; word++) {
      for (long rest = occupied[word]; rest != 0; rest &= rest - 1) {
        linked += checkSlot(word * Long.SIZE + Long.numberOfTrailingZeros(rest));
      }
    }
    check(linked == size, "size", size, linked);
    int free = 0;
    for (int index = freeHead; index != NONE; index = records.getInt(record(index) + NEXT)) {
      check(find(~records.getLong(record(index) + CONTROL)) == NONE, "free record", index, free);
      check(++free <= capacity, "free list", index, free);
    }
    int accounted = size + free + retired + (firing == NONE ? 0 : 1);
    check(accounted == capacity, "capacity", capacity, accounted);
    check(tail(PAST) < 0 || minDeadline(PAST) <= cursor, "past minimum", minDeadline(PAST), cursor);
    check(slowThrough == lastSlowDeadline(), "slow path", slowThrough, lastSlowDeadline());
    if (openSlot != NONE) {
      long through = cursor | ~(-1L << spanBits(openSlot));
      check(tail(openSlot) >= 0, "open slot in use", openSlot, tail(openSlot));
      check(openThrough == through, "cursor in the open slot", openThrough, through);
    }
    for (int level = 0; level < LEVELS; level++) {
      checkBitmaps(level);
    }
  }

  private int checkSlot(int slot) {
    check(slot == DEFERRED || tail(slot) >= 0, "bitmap bit of slot", slot, tail(slot));
    int count = 0;
    int before = ~slot;
    for (int index = head(slot); index >= 0; index = records.getInt(record(index) + NEXT)) {
      check(records.getInt(record(index) + PREV) == before, "back link of record", index, before);
      check(find(records.getLong(record(index) + CONTROL)) == index, "handle of record", index, 0);
      checkPlace(slot, index);
      before = index;
      count++;
    }
    check(tail(slot) == before, "tail of slot", slot, before);
    return count;
  }

  private void checkPlace(int slot, int index) {
    long deadline = records.getLong(record(index) + DEADLINE);
    check(minDeadline(slot) <= deadline, "minimum of slot", slot, deadline);
    if (slot == PAST) {
      check(deadline <= pastThrough, "deadline in the past slot", deadline, pastThrough);
    } else if (slot == DEFERRED) {
      check(polling && deadline <= pollTime, "deferred deadline", deadline, pollTime);
    } else {
      check(deadline >= cursor, "deadline before the cursor", deadline, cursor);
      boolean below = openSlot != NONE && level(slot) < level(openSlot);
      check(!below || minDeadline(openSlot) <= deadline, "minimum of open slot", slot, deadline);
      boolean open = slot == openSlot && deadline <= openThrough;
      check(open || slotOf(deadline) == slot, "slot of record", slot, slotOf(deadline));
    }
  }

  private void checkBitmaps(int level) {
    for (int word = 0; word < WORDS_PER_LEVEL; word++) {
      boolean used = occupied[level * WORDS_PER_LEVEL + word] != 0;
      check((occupiedWords[level] >>> word & 1) != 0 == used, "summary bit of word", word, level);
    }
    boolean used = occupiedWords[level] != 0;
    check((occupiedLevels >>> level & 1) != 0 == used, "bit of level", level, occupiedLevels);
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
