package dev.tasko.wheel;

/// Reads deadlines as numbers of six digits, and numbers the slots: one for each value of each
/// digit, from the least significant digit up, behind two special ones. Between them, on level 0
/// too, are the slots for the digits of an arming number, by which equal deadlines are told apart.
///
/// The third digit is the widest. It is the one in which most timeouts, of milliseconds to half a
/// minute, differ from the present; so its slots are narrow (4.2 ms), and a timer waits in one of
/// them until it is nearly due. What it counts through is a *window* of 34 s. It has its slots
/// twice: for windows of even and of odd number, so that two that follow each other are there at
/// one time, the cursor's and the next. Where that one ends is the *reach*; higher digits are
/// compared with its, as those below it are with the cursor's.
final class Digits {
  /// Slots of level 0, most of them of no use: they put both halves of level 3 where [SlotSet] can
  /// tell them apart at its root.
  private static final int SPECIAL_SLOTS = 1 << SlotSet.ROOT_SHIFT;

  /// The first of those for numbers.
  private static final int FIRST_NUMBER_SLOT = 16;

  private static final int NUMBER_DIGIT_BITS = 5;
  static final int NUMBER_DIGITS = 5;

  /// How long an arming number may be: all that a record has room for.
  static final int NUMBER_BITS = NUMBER_DIGITS * NUMBER_DIGIT_BITS;

  private static final int[] BITS = {11, 11, 13, 12, 12, 5};

  /// Digits, and level 0.
  static final int LEVELS = BITS.length + 1;

  /// The level that has its slots twice.
  private static final int TWICE = 3;

  /// The slots that stand for one window.
  static final int WINDOW_SLOTS = 1 << BITS[TWICE - 1];

  private static final int[] FIRST_SLOT = new int[LEVELS + 1];
  private static final int[] SPAN_BITS = new int[LEVELS + 1];

  /// For each bit of a time the digit it is in: the first slot, then the mask, then in the lowest
  /// six bits the shift. One load instead of three divisions.
  private static final long[] DIGIT_OF_BIT = new long[Long.SIZE];

  /// The same within reach, where the third digit is the highest.
  private static final long[] NEAR_DIGIT_OF_BIT = new long[Long.SIZE];

  private static final int FIRST_SLOT_SHIFT = 32;
  private static final int MASK_SHIFT = 8;

  static {
    FIRST_SLOT[1] = SPECIAL_SLOTS;
    for (int level = 1; level < LEVELS; level++) {
      int bits = BITS[level - 1];
      int values = level == TWICE ? 2 * WINDOW_SLOTS : 1 << bits;
      int shift = SPAN_BITS[level];
      FIRST_SLOT[level + 1] = FIRST_SLOT[level] + values;
      SPAN_BITS[level + 1] = shift + bits;
      long digit =
          (long) FIRST_SLOT[level] << FIRST_SLOT_SHIFT | (values - 1L) << MASK_SHIFT | shift;
      for (int bit = shift; bit < shift + bits; bit++) {
        DIGIT_OF_BIT[bit] = digit;
      }
    }
    for (int bit = 0; bit < Long.SIZE; bit++) {
      NEAR_DIGIT_OF_BIT[bit] = DIGIT_OF_BIT[Math.min(bit, SPAN_BITS[TWICE + 1] - 1)];
    }
  }

  private static final int WINDOW_BITS = SPAN_BITS[TWICE + 1];
  private static final long WINDOW_NS = 1L << WINDOW_BITS;

  /// The first slot of all windows but two.
  static final int FIRST_FAR_SLOT = FIRST_SLOT[TWICE + 1];

  /// All slots, the special ones too.
  static final int SLOTS = FIRST_SLOT[LEVELS];

  private Digits() {}

  /// The slot of a deadline as seen from a cursor: on the level of the highest digit in which they
  /// differ, but not above level 3 within reach, and of the highest in which it differs from the
  /// reach beyond. The top bit is flipped so that the times before the start sort below those after
  /// it.
  static int slotOf(long cursor, long reach, long deadline) {
    long digit =
        deadline > reach
            ? DIGIT_OF_BIT[highestBit(reach ^ deadline)]
            : NEAR_DIGIT_OF_BIT[highestBit((cursor ^ deadline) | 1)];
    int value = (int) ((deadline ^ Long.MIN_VALUE) >>> digit) & ((int) digit >>> MASK_SHIFT);
    return (int) (digit >>> FIRST_SLOT_SHIFT) + value;
  }

  private static int highestBit(long bits) {
    return Long.SIZE - 1 - Long.numberOfLeadingZeros(bits);
  }

  /// The end of the window after a cursor's, or of time.
  static long reachOf(long cursor) {
    long reach = endOfWindow(cursor) + WINDOW_NS;
    return reach < cursor ? Long.MAX_VALUE : reach;
  }

  static long endOfWindow(long time) {
    return time | (WINDOW_NS - 1);
  }

  /// The first of the slots for the window after a cursor's.
  static int firstOfNextWindow(long cursor) {
    boolean odd = (cursor & WINDOW_NS) != 0;
    return odd ? FIRST_SLOT[TWICE] : FIRST_SLOT[TWICE] + WINDOW_SLOTS;
  }

  /// The slot of a number as seen from a slot that is emptied: the next digit if that one stands
  /// for a digit of the number, else the highest that is not zero.
  static int slotOfNumber(int emptied, long number) {
    int digit =
        emptied < FIRST_SLOT[1]
            ? ((emptied - FIRST_NUMBER_SLOT) >> NUMBER_DIGIT_BITS) - 1
            : highestBit(number | 1) / NUMBER_DIGIT_BITS;
    int value = (int) (number >>> (digit * NUMBER_DIGIT_BITS)) & ((1 << NUMBER_DIGIT_BITS) - 1);
    return FIRST_NUMBER_SLOT + (digit << NUMBER_DIGIT_BITS) + value;
  }

  /// From a slot for a digit of the number to one whose next digit it is.
  static int oneDigitUp(int slot) {
    return slot + (1 << NUMBER_DIGIT_BITS);
  }

  static int level(int slot) {
    int level = 0;
    while (FIRST_SLOT[level + 1] <= slot) {
      level++;
    }
    return level;
  }

  /// The first slot of a level.
  static int firstSlot(int level) {
    return FIRST_SLOT[level];
  }

  /// How many low bits of a deadline the slots of a level leave open.
  static int spanBits(int level) {
    return SPAN_BITS[level];
  }
}
