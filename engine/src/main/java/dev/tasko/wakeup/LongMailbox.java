package dev.tasko.wakeup;

import dev.tasko.task.Scheduler;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/// A [Mailbox] of plain numbers, such as timestamps, codes of a converter or indices: nothing is
/// boxed, neither side allocates. Made by [dev.tasko.Loop#longMailbox].
///
/// The values lie in Agrona's many-to-one ring, each a record of a header and the value, 16 bytes.
/// The ring's size is a multiple of that, so no record is ever split and the ring is full exactly
/// when it holds as many values as it has room for.
public final class LongMailbox extends AwaitedInbox {
  private static final int VALUE = 1;
  private static final int RECORD_BYTES = RecordDescriptor.HEADER_LENGTH + Long.BYTES;

  private final ManyToOneRingBuffer ring;
  private final MutableDirectBuffer memory;
  private final MessageHandler onValue = this::onValue;
  private boolean fetched;
  private long next;

  /// For the loop, which knows how many sources its queue has room for.
  ///
  /// @param scheduler of the loop
  /// @param wakeups of the loop
  /// @param name for messages
  /// @param capacity rounded up to a power of two, at least 2
  public LongMailbox(Scheduler scheduler, WakeupQueue wakeups, String name, int capacity) {
    super(scheduler, wakeups, name);
    int values = BitUtil.findNextPositivePowerOfTwo(Math.max(capacity, 2));
    ring =
        new ManyToOneRingBuffer(
            new UnsafeBuffer(
                BufferUtil.allocateDirectAligned(
                    values * RECORD_BYTES + RingBufferDescriptor.TRAILER_LENGTH,
                    BitUtil.CACHE_LINE_LENGTH)));
    memory = ring.buffer();
  }

  /// Puts a value down for the task and wakes it. What the thread wrote before is seen by the task
  /// after it has taken the value.
  ///
  /// Thread: any. Progress: lock-free. Allocates: no.
  ///
  /// @param value any
  /// @return whether it was accepted: `false` if the mailbox is full or closed
  public boolean offer(long value) {
    return offered(enter() && putDown(value));
  }

  private boolean putDown(long value) {
    int place = ring.tryClaim(VALUE, Long.BYTES);
    if (place < 0) {
      return false;
    }
    memory.putLong(place, value);
    ring.commit(place);
    return true;
  }

  /// Takes the next value; waits until there is one.
  ///
  /// Thread: a task of the loop. While a task waits here, `run` does not return. Allocates: no.
  ///
  /// @return the value
  /// @throws dev.tasko.task.ClosedException if it is closed and empty
  /// @throws IllegalStateException outside a task, or if another task waits for it
  public long take() {
    await();
    return next();
  }

  /// Takes the next value without waiting.
  ///
  /// Thread: the loop's. Progress: wait-free. Allocates: no.
  ///
  /// @param none what to return if there is none, or if what there is belongs to a waiting task
  /// @return the value, or `none`
  public long poll(long none) {
    return fetchForAnyone() ? next() : none;
  }

  @Override
  public int capacity() {
    return ring.capacity() / RECORD_BYTES;
  }

  @Override
  boolean fetch() {
    if (!fetched) {
      ring.read(onValue, 1);
    }
    return fetched;
  }

  private void onValue(int type, MutableDirectBuffer source, int index, int length) {
    next = source.getLong(index);
    fetched = true;
  }

  private long next() {
    fetched = false;
    return next;
  }
}
