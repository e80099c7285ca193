package dev.tasko.task;

import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/// The state and the counters of every task, as fixed records in one off-heap buffer: whatever a
/// turn of the loop writes is written here, so a turn makes no garbage.
///
/// ```text
///  record, 128 bytes: an activation touches the first line, and no more if all goes well
///    0 state        4 flags          8 timer
///   16 target, ns  24 due, ns       32 period, ns
///   40 activations 48 lateness, ns  56 greatest lateness, ns
///
///   64 link (free list, or a resource's queue)        68 priority
///   72 missed      80 resource wait, ns               88 possible from, ns
///   96 period remainder            104 period divisor 112 sum of remainders
/// ```
///
/// Thread: the loop's. Allocates: at construction.
public final class TaskRecords {
  /// In the ready queue.
  public static final int READY = 0;

  /// On the loop's or its coroutine's stack.
  public static final int RUNNING = 1;

  /// Armed in the wheel.
  public static final int SLEEPING = 2;

  /// Waiting to be resumed.
  public static final int SUSPENDED = 3;

  /// Not in use.
  public static final int FREE = 4;

  /// Flag: the next activation is the first, and anchors the phase.
  public static final int FIRST = 1;

  /// Flag: the task ends before its next activation.
  public static final int STOP = 1 << 1;

  /// Flag: the first activation only gives way, as tasko's `schedule_later` does.
  public static final int GIVE_WAY = 1 << 2;

  /// Flag: giving way, one step before the phase goes on.
  public static final int GIVING_WAY = 1 << 3;

  /// Flag: the task waits for its target before its first activation.
  public static final int WAIT_FIRST = 1 << 4;

  /// Flag: suspended until something outside the loop happens; `run` waits for it.
  public static final int OUTSTANDING = 1 << 5;

  /// Flag: suspended until another thread has done what it was given; virtual time waits for it.
  public static final int HANDED_OVER = 1 << 6;

  /// Flag: resumed by what it waited for, and has not run since.
  public static final int GRANTED = 1 << 7;

  /// Flag: to end at its next suspension point outside a shield.
  public static final int CANCELLED = 1 << 8;

  /// Flag: its suspension points throw, here and now.
  public static final int UNWINDING = 1 << 9;

  /// Flag: it runs on the loop's stack and may not wait.
  public static final int CALLBACK = 1 << 10;

  /// Flag: it has prepared a wait, and may wait for nothing else before.
  public static final int PREPARED = 1 << 11;

  /// Flag: it has a release, whose time moves with the grid.
  public static final int RELEASE = 1 << 16;

  /// Flag: activations that were lost are made up for.
  public static final int BURST = 1 << 17;

  /// Flag: after a lost period it waits for the next point of its grid.
  public static final int SKIP = 1 << 18;

  /// Flag: the period counts from the beginning of each activation.
  public static final int DELAY = 1 << 19;

  /// Flag: its runs are measured.
  public static final int WATCHED = 1 << 20;

  /// Flag: the present activation has begun.
  public static final int BEGUN = 1 << 21;

  /// Flag: the present activation is over its budget, and that is known.
  public static final int OVERRUN = 1 << 22;

  /// Flag: its turn has come, and handlers of deadlines are called first.
  public static final int CHOSEN = 1 << 23;

  /// Flag: its period is no whole number of nanoseconds.
  private static final int FRACTIONAL = 1 << 24;

  private static final int RECORD_BYTES = 128;
  private static final int STATE = 0;
  private static final int FLAGS = 4;
  private static final int TIMER = 8;
  private static final int TARGET_NS = 16;
  private static final int DUE_NS = 24;
  private static final int PERIOD_NS = 32;
  private static final int ACTIVATIONS = 40;
  private static final int LATENESS_NS = 48;
  private static final int MAX_LATENESS_NS = 56;
  private static final int LINK = 64;
  private static final int PRIORITY = 68;
  private static final int MISSED = 72;
  private static final int RESOURCE_WAIT_NS = 80;
  private static final int POSSIBLE_NS = 88;
  private static final int PERIOD_REMAINDER = 96;
  private static final int PERIOD_DIVISOR = 104;
  private static final int REMAINDER_SUM = 112;

  /// The most tasks one buffer holds.
  public static final int MAX_CAPACITY =
      (Integer.MAX_VALUE - BitUtil.CACHE_LINE_LENGTH) / RECORD_BYTES;

  private final UnsafeBuffer buffer;

  /// Of the buffer, which stays where it is. A record is reached by it, without the checks and
  /// reloads of a buffer that may wrap anything; every index comes from [#allocate].
  private final long address;

  private final int capacity;
  private int freeHead;

  /// Makes a store of free records.
  ///
  /// @param capacity the most tasks at one time, 1 to [#MAX_CAPACITY]
  /// @throws IllegalArgumentException if the capacity is out of range
  public TaskRecords(int capacity) {
    if (capacity < 1 || capacity > MAX_CAPACITY) {
      throw new IllegalArgumentException(
          "taskCapacity: " + capacity + " (expected: 1 to " + MAX_CAPACITY + ")");
    }
    this.capacity = capacity;
    buffer =
        new UnsafeBuffer(
            BufferUtil.allocateDirectAligned(capacity * RECORD_BYTES, BitUtil.CACHE_LINE_LENGTH));
    address = buffer.addressOffset();
    freeHead = Scheduler.NO_TASK;
    for (int task = capacity - 1; task >= 0; task--) {
      state(task, FREE);
      link(task, freeHead);
      freeHead = task;
    }
  }

  /// Takes a free record and clears it.
  ///
  /// @return its index, or [Scheduler#NO_TASK] when all are in use
  public int allocate() {
    int task = freeHead;
    if (task == Scheduler.NO_TASK) {
      return task;
    }
    freeHead = link(task);
    buffer.setMemory(task * RECORD_BYTES, RECORD_BYTES, (byte) 0);
    link(task, Scheduler.NO_TASK);
    return task;
  }

  /// Gives a record back.
  ///
  /// @param task its index; in use
  public void free(int task) {
    state(task, FREE);
    link(task, freeHead);
    freeHead = task;
  }

  /// How many records there are.
  ///
  /// @return as given at construction
  public int capacity() {
    return capacity;
  }

  /// What the task is doing.
  ///
  /// @param task its index
  /// @return one of the constants above
  public int state(int task) {
    return UnsafeApi.getInt(recordOf(task) + STATE);
  }

  /// Sets what the task is doing.
  ///
  /// @param task its index
  /// @param state one of the constants above
  public void state(int task, int state) {
    UnsafeApi.putInt(recordOf(task) + STATE, state);
  }

  /// Whether a flag is set.
  ///
  /// @param task its index
  /// @param flags one of the constants above, or several
  /// @return whether any of them is set
  public boolean has(int task, int flags) {
    return (UnsafeApi.getInt(recordOf(task) + FLAGS) & flags) != 0;
  }

  /// Sets a flag.
  ///
  /// @param task its index
  /// @param flag one of the constants above
  public void set(int task, int flag) {
    UnsafeApi.putInt(recordOf(task) + FLAGS, UnsafeApi.getInt(recordOf(task) + FLAGS) | flag);
  }

  /// Clears a flag.
  ///
  /// @param task its index
  /// @param flags one of the constants above, or several
  public void clear(int task, int flags) {
    UnsafeApi.putInt(recordOf(task) + FLAGS, UnsafeApi.getInt(recordOf(task) + FLAGS) & ~flags);
  }

  /// Clears [#GRANTED].
  ///
  /// @param task its index
  /// @return whether it was set
  public boolean takeGranted(int task) {
    int flags = UnsafeApi.getInt(recordOf(task) + FLAGS);
    if ((flags & GRANTED) == 0) {
      return false;
    }
    UnsafeApi.putInt(recordOf(task) + FLAGS, flags & ~GRANTED);
    return true;
  }

  /// The next task in the queue that this one stands in.
  ///
  /// @param task its index
  /// @return an index, or [Scheduler#NO_TASK]
  public int link(int task) {
    return UnsafeApi.getInt(recordOf(task) + LINK);
  }

  /// Sets the next task in the queue.
  ///
  /// @param task its index
  /// @param next an index, or no task
  public void link(int task, int next) {
    UnsafeApi.putInt(recordOf(task) + LINK, next);
  }

  /// The timer that will wake it.
  ///
  /// @param task its index
  /// @return a handle of the wheel
  public long timer(int task) {
    return UnsafeApi.getLong(recordOf(task) + TIMER);
  }

  /// Sets the timer that will wake it.
  ///
  /// @param task its index
  /// @param handle a handle of the wheel
  public void timer(int task, long handle) {
    UnsafeApi.putLong(recordOf(task) + TIMER, handle);
  }

  /// When the present or next activation is due.
  ///
  /// @param task its index
  /// @return absolute, ns
  public long targetNs(int task) {
    return UnsafeApi.getLong(recordOf(task) + TARGET_NS);
  }

  /// Sets when the next activation is due.
  ///
  /// @param task its index
  /// @param targetNs absolute
  public void targetNs(int task, long targetNs) {
    UnsafeApi.putLong(recordOf(task) + TARGET_NS, targetNs);
  }

  /// Whether the task runs at a rate, or by a release.
  ///
  /// @param task its index
  /// @return whether it has a period
  public boolean isScheduled(int task) {
    return periodNs(task) > 0;
  }

  /// The whole nanoseconds of its period.
  ///
  /// @param task its index
  /// @return ns
  public long periodNs(int task) {
    return UnsafeApi.getLong(recordOf(task) + PERIOD_NS);
  }

  /// Sets its period, from the next addition on.
  ///
  /// @param task its index
  /// @param period exact
  public void period(int task, Period period) {
    long record = recordOf(task);
    UnsafeApi.putLong(record + PERIOD_NS, period.wholeNs());
    UnsafeApi.putLong(record + PERIOD_REMAINDER, period.remainder());
    UnsafeApi.putLong(record + PERIOD_DIVISOR, period.divisor());
    UnsafeApi.putLong(record + REMAINDER_SUM, 0);
    if (period.remainder() == 0) {
      clear(task, FRACTIONAL);
    } else {
      set(task, FRACTIONAL);
    }
  }

  /// Moves the target on by one period, with the fraction carried.
  ///
  /// @param task its index
  /// @return the new target, absolute, ns
  public long advanceTargetNs(int task) {
    if (has(task, FRACTIONAL)) {
      advanceTargetNs(task, 1);
    } else {
      targetNs(task, targetNs(task) + periodNs(task));
    }
    return targetNs(task);
  }

  /// Moves the target on to the first point of the grid that is not before a time, with the
  /// fraction carried. Progress: a number of steps that grows with the logarithm of the gap.
  ///
  /// @param task its index
  /// @param nowNs absolute
  /// @return how many points were passed over
  public long skipTargetNs(int task, long nowNs) {
    long skipped = 0;
    for (long behindNs = nowNs - targetNs(task); behindNs > 0; behindNs = nowNs - targetNs(task)) {
      // A period is shorter than its whole nanoseconds and one: this many do not pass the time.
      long count = Math.max(behindNs / (periodNs(task) + 1), 1);
      advanceTargetNs(task, count);
      skipped += count;
    }
    return skipped;
  }

  /// By doubling, since `count * remainder` may be more than a `long` holds.
  private void advanceTargetNs(int task, long count) {
    long record = recordOf(task);
    long divisor = UnsafeApi.getLong(record + PERIOD_DIVISOR);
    long target = targetNs(task);
    long sum = UnsafeApi.getLong(record + REMAINDER_SUM);
    long stepNs = periodNs(task);
    long stepRemainder = UnsafeApi.getLong(record + PERIOD_REMAINDER);
    for (long left = count; left > 0; left >>= 1) {
      if ((left & 1) != 0) {
        target += stepNs + carry(sum, stepRemainder, divisor);
        sum = sumOf(sum, stepRemainder, divisor);
      }
      stepNs += stepNs + carry(stepRemainder, stepRemainder, divisor);
      stepRemainder = sumOf(stepRemainder, stepRemainder, divisor);
    }
    UnsafeApi.putLong(record + REMAINDER_SUM, sum);
    targetNs(task, target);
  }

  /// Both are below the divisor; compared so, their sum cannot overflow.
  private static long carry(long remainder, long other, long divisor) {
    return remainder >= divisor - other ? 1 : 0;
  }

  private static long sumOf(long remainder, long other, long divisor) {
    return remainder >= divisor - other ? remainder - (divisor - other) : remainder + other;
  }

  /// Forgets the fraction carried so far: the grid starts anew.
  ///
  /// @param task its index
  public void restartGrid(int task) {
    UnsafeApi.putLong(recordOf(task) + REMAINDER_SUM, 0);
  }

  /// Counts an activation and its lateness.
  ///
  /// @param task its index
  /// @param latenessNs not negative
  public void countActivation(int task, long latenessNs) {
    long record = recordOf(task);
    UnsafeApi.putLong(record + ACTIVATIONS, UnsafeApi.getLong(record + ACTIVATIONS) + 1);
    UnsafeApi.putLong(record + LATENESS_NS, latenessNs);
    if (latenessNs > UnsafeApi.getLong(record + MAX_LATENESS_NS)) {
      UnsafeApi.putLong(record + MAX_LATENESS_NS, latenessNs);
    }
  }

  /// Counts activations that never took place.
  ///
  /// @param task its index
  /// @param count how many
  public void countMissed(int task, long count) {
    UnsafeApi.putLong(recordOf(task) + MISSED, missed(task) + count);
  }

  /// Counts a time spent waiting for a resource.
  ///
  /// @param task its index
  /// @param waitNs not negative
  public void countResourceWait(int task, long waitNs) {
    UnsafeApi.putLong(recordOf(task) + RESOURCE_WAIT_NS, resourceWaitNs(task) + waitNs);
  }

  /// When the next activation should begin, also if the grid has moved since.
  ///
  /// @param task its index
  /// @return absolute, ns
  public long dueNs(int task) {
    return UnsafeApi.getLong(recordOf(task) + DUE_NS);
  }

  /// Sets when the next activation should begin.
  ///
  /// @param task its index
  /// @param dueNs absolute
  public void dueNs(int task, long dueNs) {
    UnsafeApi.putLong(recordOf(task) + DUE_NS, dueNs);
  }

  /// Activations begun.
  ///
  /// @param task its index
  /// @return count
  public long activations(int task) {
    return UnsafeApi.getLong(recordOf(task) + ACTIVATIONS);
  }

  /// Activations that never took place.
  ///
  /// @param task its index
  /// @return count
  public long missed(int task) {
    return UnsafeApi.getLong(recordOf(task) + MISSED);
  }

  /// How late the latest activation began.
  ///
  /// @param task its index
  /// @return ns
  public long latenessNs(int task) {
    return UnsafeApi.getLong(recordOf(task) + LATENESS_NS);
  }

  /// The greatest lateness.
  ///
  /// @param task its index
  /// @return ns
  public long maxLatenessNs(int task) {
    return UnsafeApi.getLong(recordOf(task) + MAX_LATENESS_NS);
  }

  /// The time spent waiting for resources.
  ///
  /// @param task its index
  /// @return ns
  public long resourceWaitNs(int task) {
    return UnsafeApi.getLong(recordOf(task) + RESOURCE_WAIT_NS);
  }

  private long recordOf(int task) {
    assert task >= 0 && task < capacity;
    return address + (long) task * RECORD_BYTES;
  }

  /// Which class it runs in.
  ///
  /// @param task its index
  /// @return 0, the least, or more
  public int priority(int task) {
    return UnsafeApi.getInt(recordOf(task) + PRIORITY);
  }

  /// Sets which class it runs in.
  ///
  /// @param task its index
  /// @param priority 0 or more
  public void priority(int task, int priority) {
    UnsafeApi.putInt(recordOf(task) + PRIORITY, priority);
  }

  /// From when on the next activation can begin: its release, or the later end of the one before.
  ///
  /// @param task its index
  /// @return absolute, ns
  public long possibleNs(int task) {
    return UnsafeApi.getLong(recordOf(task) + POSSIBLE_NS);
  }

  /// Sets from when on the next activation can begin.
  ///
  /// @param task its index
  /// @param possibleNs absolute
  public void possibleNs(int task, long possibleNs) {
    UnsafeApi.putLong(recordOf(task) + POSSIBLE_NS, possibleNs);
  }
}
