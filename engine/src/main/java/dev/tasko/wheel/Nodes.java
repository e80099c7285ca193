package dev.tasko.wheel;

import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/// The memory of a wheel: slots and records as nodes of circular doubly linked lists, in one Agrona
/// buffer off the heap. A slot is the node that closes its list, so that linking and unlinking
/// never branch.
///
/// ```text
///  node of a slot, 16 bytes          node of a record, 32 bytes, never across a cache line
///   0  next                           0  next
///   4  previous                       4  previous
///   8  least deadline                 8  deadline, ns since the wheel's start
///                                    16  payload; of a free record, a link to another
///                                    24  generation (38 bits), free (1), number (25)
/// ```
///
/// A record's place tells its index, so the handle's bits for that hold the arming number, which
/// settles ties. An odd one says that the timer was postponed where it lay.
///
/// A node is known by its place in units of 16 bytes: the slots first, then the records.
///
/// Access goes by address, not through the buffer, whose bounds check costs each access several
/// loads: nodes come from these lists alone, and what comes from outside, an index in a handle, is
/// checked by the wheel. With assertions on every access is checked.
final class Nodes {
  static final int RECORD_BYTES = 32;
  private static final int NODE_BYTES_LOG2 = 4;
  private static final int NODES_PER_RECORD_LOG2 = 1;
  private static final int NEXT = 0;
  private static final int PREV = 4;
  private static final int DEADLINE = 8;
  private static final int PAYLOAD = 16;
  private static final int CONTROL = 24;
  private static final long NUMBER_MASK = (1L << Digits.NUMBER_BITS) - 1;

  /// In a control: the record is not in use.
  static final long FREE = NUMBER_MASK + 1;

  /// Keeps the memory from being freed.
  private final UnsafeBuffer buffer;

  private final long address;
  private final int slots;

  Nodes(int slots, int records) {
    buffer =
        new UnsafeBuffer(
            BufferUtil.allocateDirectAligned(
                (slots << NODE_BYTES_LOG2) + records * RECORD_BYTES, BitUtil.CACHE_LINE_LENGTH));
    address = buffer.addressOffset();
    this.slots = slots;
  }

  int recordAt(int index) {
    return slots + (index << NODES_PER_RECORD_LOG2);
  }

  int indexOf(int record) {
    return (record - slots) >> NODES_PER_RECORD_LOG2;
  }

  int next(int node) {
    return UnsafeApi.getInt(addressOf(node) + NEXT);
  }

  void next(int node, int next) {
    UnsafeApi.putInt(addressOf(node) + NEXT, next);
  }

  int prev(int node) {
    return UnsafeApi.getInt(addressOf(node) + PREV);
  }

  void prev(int node, int prev) {
    UnsafeApi.putInt(addressOf(node) + PREV, prev);
  }

  long deadline(int node) {
    return UnsafeApi.getLong(addressOf(node) + DEADLINE);
  }

  void deadline(int node, long deadline) {
    UnsafeApi.putLong(addressOf(node) + DEADLINE, deadline);
  }

  long payload(int record) {
    return UnsafeApi.getLong(addressOf(record) + PAYLOAD);
  }

  void payload(int record, long payload) {
    UnsafeApi.putLong(addressOf(record) + PAYLOAD, payload);
  }

  long control(int record) {
    return UnsafeApi.getLong(addressOf(record) + CONTROL);
  }

  void control(int record, long control) {
    UnsafeApi.putLong(addressOf(record) + CONTROL, control);
  }

  /// 1 if the timer was postponed where it lay, else 0: the number's lowest bit.
  int postponed(int record) {
    return (int) control(record) & 1;
  }

  long number(int record) {
    return control(record) & NUMBER_MASK;
  }

  void number(int record, long number) {
    control(record, (control(record) & ~NUMBER_MASK) | number);
  }

  private long addressOf(int node) {
    assert contains(node);
    return address + ((long) node << NODE_BYTES_LOG2);
  }

  private boolean contains(int node) {
    return node >= 0 && (long) node << NODE_BYTES_LOG2 < buffer.capacity();
  }
}
