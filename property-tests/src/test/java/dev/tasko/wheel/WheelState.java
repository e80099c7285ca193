package dev.tasko.wheel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Looks into a wheel to tell what a spent budget left half done.
final class WheelState {
  private static final int NONE = -1;
  private static final int PAST = 0;
  private static final VarHandle NODES;
  private static final VarHandle CURSOR;
  private static final VarHandle OPEN_SLOT;
  private static final VarHandle ARRIVING;
  private static final VarHandle SLOTS_IN_USE;
  private static final VarHandle POSTPONED;
  private static final VarHandle NUMBER;
  private static final VarHandle NUMBER_LIMIT;

  static {
    try {
      MethodHandles.Lookup lookup =
          MethodHandles.privateLookupIn(TimerWheel.class, MethodHandles.lookup());
      NODES = lookup.findVarHandle(TimerWheel.class, "nodes", Nodes.class);
      CURSOR = lookup.findVarHandle(TimerWheel.class, "cursor", long.class);
      OPEN_SLOT = lookup.findVarHandle(TimerWheel.class, "openSlot", int.class);
      ARRIVING = lookup.findVarHandle(TimerWheel.class, "arriving", int.class);
      SLOTS_IN_USE = lookup.findVarHandle(TimerWheel.class, "slotsInUse", SlotSet.class);
      POSTPONED = lookup.findVarHandle(TimerWheel.class, "postponed", int.class);
      NUMBER = lookup.findVarHandle(TimerWheel.class, "number", long.class);
      NUMBER_LIMIT = lookup.findVarHandle(TimerWheel.class, "numberLimit", long.class);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the wheel's fields have changed", e);
    }
  }

  private WheelState() {}

  /// The contexts of [OperationMatrix] that the wheel's structure is in, as bits.
  static int contexts(TimerWheel wheel) {
    int contexts = halfDone(wheel);
    if ((int) POSTPONED.get(wheel) > 0) {
      contexts |= OperationMatrix.Context.POSTPONED.bit();
    }
    if ((int) ARRIVING.get(wheel) != NONE) {
      contexts |= OperationMatrix.Context.ARRIVING.bit();
    }
    if (isSorting(wheel)) {
      contexts |= OperationMatrix.Context.PARTIAL_SORT.bit();
    }
    if ((long) NUMBER.get(wheel) >= (long) NUMBER_LIMIT.get(wheel)) {
      contexts |= OperationMatrix.Context.NUMBERS_USED_UP.bit();
    }
    return contexts;
  }

  private static boolean isSorting(TimerWheel wheel) {
    Nodes nodes = (Nodes) NODES.get(wheel);
    SlotSet slots = (SlotSet) SLOTS_IN_USE.get(wheel);
    int slot = slots.next(PAST + 1);
    while (slot != NONE && nodes.next(slot) == slot) {
      slot = slots.next(slot + 1);
    }
    return slot != NONE && slot < Digits.firstSlot(1);
  }

  private static int halfDone(TimerWheel wheel) {
    Nodes nodes = (Nodes) NODES.get(wheel);
    int open = (int) OPEN_SLOT.get(wheel);
    if (nodes.next(PAST) == PAST) {
      return open == NONE ? 0 : OperationMatrix.Context.PARTIAL_CASCADE.bit();
    }
    int contexts = OperationMatrix.Context.IN_PAST.bit();
    long cursor = (long) CURSOR.get(wheel);
    long target = nodes.deadline(PAST);
    if (target >= cursor) {
      contexts |= OperationMatrix.Context.PARTIAL_CASCADE.bit();
    } else if (open != NONE) {
      contexts |=
          Digits.slotOf(target, Digits.reachOf(target), cursor) == open
              ? OperationMatrix.Context.PARTIAL_REWIND.bit()
              : OperationMatrix.Context.PARTIAL_CASCADE.bit();
    }
    return contexts;
  }
}
