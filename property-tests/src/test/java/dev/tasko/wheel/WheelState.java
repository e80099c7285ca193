package dev.tasko.wheel;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;

/// Looks into a wheel to tell what a spent budget left half done.
final class WheelState {
  private static final int NONE = -1;
  private static final int PAST = 0;
  private static final VarHandle CURSOR;
  private static final VarHandle OPEN_SLOT;
  private static final MethodHandle TAIL;
  private static final MethodHandle MIN_DEADLINE;
  private static final MethodHandle SLOT_OF;

  static {
    try {
      MethodHandles.Lookup lookup =
          MethodHandles.privateLookupIn(TimerWheel.class, MethodHandles.lookup());
      CURSOR = lookup.findVarHandle(TimerWheel.class, "cursor", long.class);
      OPEN_SLOT = lookup.findVarHandle(TimerWheel.class, "openSlot", int.class);
      TAIL = find(lookup, "tail", MethodType.methodType(int.class, int.class));
      MIN_DEADLINE = find(lookup, "minDeadline", MethodType.methodType(long.class, int.class));
      SLOT_OF =
          lookup.findStatic(
              TimerWheel.class, "slotOf", MethodType.methodType(int.class, long.class, long.class));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the wheel's fields have changed", e);
    }
  }

  private WheelState() {}

  private static MethodHandle find(MethodHandles.Lookup lookup, String name, MethodType type)
      throws ReflectiveOperationException {
    return lookup.findVirtual(TimerWheel.class, name, type);
  }

  /// The contexts of [OperationMatrix] that the wheel's structure is in, as bits.
  static int contexts(TimerWheel wheel) {
    try {
      int open = (int) OPEN_SLOT.get(wheel);
      boolean past = (int) TAIL.invokeExact(wheel, PAST) >= 0;
      if (!past) {
        return open == NONE ? 0 : OperationMatrix.Context.PARTIAL_CASCADE.bit();
      }
      int contexts = OperationMatrix.Context.IN_PAST.bit();
      long cursor = (long) CURSOR.get(wheel);
      long target = (long) MIN_DEADLINE.invokeExact(wheel, PAST);
      if (target >= cursor) {
        contexts |= OperationMatrix.Context.PARTIAL_CASCADE.bit();
      } else if (open != NONE) {
        contexts |=
            (int) SLOT_OF.invokeExact(target, cursor) == open
                ? OperationMatrix.Context.PARTIAL_REWIND.bit()
                : OperationMatrix.Context.PARTIAL_CASCADE.bit();
      }
      return contexts;
    } catch (Throwable e) {
      throw new LinkageError("the wheel's methods have changed", e);
    }
  }
}
