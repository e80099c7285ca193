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
///   0  next                           0  next; of a free record, the free record after the next
///   4  previous; top bit: mixed       4  previous; above it the number's high bits
///   8  least deadline                 8  deadline, ns since the wheel's start
///                                    16  payload
///                                    24  generation (38 bits), free (1), number's low bits (25)
/// ```
///
/// A node is known by its place in units of 16 bytes: the slots first, then the records. Places
/// have no more bits than the capacity asks for; what that leaves of the link to the previous node
/// is the number's, as [#numberBits] tells.
///
/// The arming number settles ties. An odd one says that the timer was postponed where it lay; a
/// *mixed* slot, that such a timer was put into its list behind others that may be younger.
///
/// Access goes by address, not through the buffer, whose bounds check costs each access several
/// loads: nodes come from these lists alone, and what comes from outside, an index in a handle, is
/// checked by the wheel. With assertions on every access is checked.
final class Nodes {
  static final int RECORD_BYTES = 32;
  private static final int NODE_BYTES_LOG2 = 4;
  private static final int NODES_PER_RECORD = RECORD_BYTES >> NODE_BYTES_LOG2;
  private static final int NEXT = 0;
  private static final int PREV = 4;
  private static final int DEADLINE = 8;
  private static final int PAYLOAD = 16;
  private static final int CONTROL = 24;
  private static final int LOW_NUMBER_BITS = 25;
  private static final long LOW_NUMBER_MASK = (1L << LOW_NUMBER_BITS) - 1;
  private static final int MIXED = Integer.MIN_VALUE;

  /// In a control: the record is not in use.
  static final long FREE = 1L << LOW_NUMBER_BITS;

  /// Keeps the memory from being freed.
  private final UnsafeBuffer buffer;

  private final long address;
  private final int slots;
  private final int linkBits;
  private final int linkMask;

  Nodes(int slots, int records) {
    buffer =
        new UnsafeBuffer(
            BufferUtil.allocateDirectAligned(
                (slots << NODE_BYTES_LOG2) + records * RECORD_BYTES, BitUtil.CACHE_LINE_LENGTH));
    address = buffer.addressOffset();
    this.slots = slots;
    linkBits = Integer.SIZE - Integer.numberOfLeadingZeros(recordAt(records) - 1);
    linkMask = (1 << linkBits) - 1;
  }

  int recordAt(int index) {
    return slots + index * NODES_PER_RECORD;
  }

  int indexOf(int record) {
    return (record - slots) / NODES_PER_RECORD;
  }

  /// How long an arming number may be.
  int numberBits() {
    return LOW_NUMBER_BITS + Integer.SIZE - linkBits;
  }

  int next(int node) {
    return UnsafeApi.getInt(addressOf(node) + NEXT);
  }

  void next(int node, int next) {
    UnsafeApi.putInt(addressOf(node) + NEXT, next);
  }

  int prev(int node) {
    return UnsafeApi.getInt(addressOf(node) + PREV) & linkMask;
  }

  /// Leaves what is above the link as it is.
  void prev(int node, int prev) {
    long at = addressOf(node) + PREV;
    UnsafeApi.putInt(at, (UnsafeApi.getInt(at) & ~linkMask) | prev);
  }

  boolean isMixed(int slot) {
    return UnsafeApi.getInt(addressOf(slot) + PREV) < 0;
  }

  void setMixed(int slot) {
    long at = addressOf(slot) + PREV;
    UnsafeApi.putInt(at, UnsafeApi.getInt(at) | MIXED);
  }

  void clearMixed(int slot) {
    long at = addressOf(slot) + PREV;
    UnsafeApi.putInt(at, UnsafeApi.getInt(at) & linkMask);
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
    int high = UnsafeApi.getInt(addressOf(record) + PREV) >>> linkBits;
    return (long) high << LOW_NUMBER_BITS | (control(record) & LOW_NUMBER_MASK);
  }

  void number(int record, long number) {
    long at = addressOf(record) + PREV;
    int high = (int) (number >>> LOW_NUMBER_BITS) << linkBits;
    UnsafeApi.putInt(at, (UnsafeApi.getInt(at) & linkMask) | high);
    control(record, (control(record) & ~LOW_NUMBER_MASK) | (number & LOW_NUMBER_MASK));
  }

  private long addressOf(int node) {
    assert contains(node);
    return address + ((long) node << NODE_BYTES_LOG2);
  }

  private boolean contains(int node) {
    return node >= 0 && (long) node << NODE_BYTES_LOG2 < buffer.capacity();
  }
}
