package dev.tasko.wheel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Counts which operation ran in which context. A random test that never cancels the next timer of
/// a slot from a handler proves nothing about it, however many operations it runs.
// A bit per context and an index per cell: ten million operations are counted.
@SuppressWarnings("EnumOrdinal")
final class OperationMatrix {
  enum Row {
    SCHEDULE,
    CANCEL_SELF,
    CANCEL_NEXT_IN_SLOT,
    CANCEL_OTHER,
    POSTPONE,
    THROW,
    CLEAR,
    NESTED_POLL,
    POLL_SAME_TIME
  }

  enum Context {
    /// Called from outside, in none of the states below. What only a handler can do counts where
    /// its poll was called.
    OUTSIDE,
    IN_HANDLER,
    /// A budget ran out while a slot was being emptied.
    PARTIAL_CASCADE,
    /// A budget ran out while the cursor was being brought back.
    PARTIAL_REWIND,
    FULL,
    /// Timers from before the cursor are waiting.
    IN_PAST,
    /// Timers wait above level 3 although they are within reach.
    ARRIVING,
    /// Timers that were postponed where they lay are waiting.
    POSTPONED,
    /// A budget ran out while a crowd of equal deadlines was being sorted by number.
    PARTIAL_SORT,
    /// No number is left, or not all records have a new one yet.
    NUMBERS_USED_UP,
    /// The clock has just crossed 0, 2^31, 2^32 or the end of `long`.
    AFTER_WRAP;

    int bit() {
      return 1 << ordinal();
    }
  }

  private static final Row[] ROWS = Row.values();
  private static final Context[] CONTEXTS = Context.values();

  private final long[] counts = new long[ROWS.length * CONTEXTS.length];

  void count(Row row, int contexts) {
    for (int rest = contexts; rest != 0; rest &= rest - 1) {
      counts[row.ordinal() * CONTEXTS.length + Integer.numberOfTrailingZeros(rest)]++;
    }
  }

  List<String> missing() {
    List<String> missing = new ArrayList<>();
    for (Row row : ROWS) {
      for (Context context : CONTEXTS) {
        if (counts[row.ordinal() * CONTEXTS.length + context.ordinal()] == 0) {
          missing.add(row + " x " + context);
        }
      }
    }
    return missing;
  }

  int percent() {
    return 100 * (counts.length - missing().size()) / counts.length;
  }

  @Override
  public String toString() {
    StringBuilder table = new StringBuilder(String.format(Locale.ROOT, "%-20s", "operation"));
    for (Context context : CONTEXTS) {
      table.append(String.format(Locale.ROOT, "%17s", context));
    }
    for (Row row : ROWS) {
      table.append(String.format(Locale.ROOT, "%n%-20s", row));
      for (Context context : CONTEXTS) {
        long count = counts[row.ordinal() * CONTEXTS.length + context.ordinal()];
        table.append(String.format(Locale.ROOT, "%,17d", count));
      }
    }
    return table.toString();
  }
}
