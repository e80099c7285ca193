package dev.tasko.wheel;

import java.util.Arrays;
import java.util.IdentityHashMap;

/// Counts the distinct cache lines touched since the last [#take], and the moves of timers.
///
/// A line is 64 bytes of memory. Memory outside the heap counts by its address. The collector moves
/// arrays about, so each is given a made-up address, aligned to a line, by its identity.
///
/// Thread: one. State is static, as that is what rewritten code can reach; a class loader of its
/// own gives each run a fresh one.
final class CacheLines {
  private static final int LINE_BITS = 6;

  /// Above what the hardware addresses, and far enough apart for the largest array.
  private static final long FIRST_ARRAY = 1L << 56;

  private static final int ARRAY_SPAN_BITS = 36;

  private static final IdentityHashMap<Object, Long> arrays = new IdentityHashMap<>();

  /// A hash set with linear probing: an entry counts if its round is the present one, so that
  /// beginning anew costs nothing.
  private static long[] lines = new long[1 << 10];

  private static int[] rounds = new int[lines.length];
  private static int round = 1;
  private static int count;

  private static byte[] movesOfRecord = new byte[0];
  private static long moves;
  private static int mostMoves;

  private CacheLines() {}

  /// How many lines were touched since the last call.
  static int take() {
    int taken = count;
    count = 0;
    round++;
    return taken;
  }

  static void touch(long address, long bytes) {
    long end = address + bytes;
    for (long at = address; at < end; at = ((at >> LINE_BITS) + 1) << LINE_BITS) {
      touchLine(at >> LINE_BITS);
    }
  }

  static void touch(Object array, long offset, long bytes) {
    touch(address(array) + offset, bytes);
  }

  private static long address(Object array) {
    return arrays.computeIfAbsent(
        array, unseen -> FIRST_ARRAY + ((long) arrays.size() << ARRAY_SPAN_BITS));
  }

  private static void touchLine(long line) {
    int mask = lines.length - 1;
    int at = (int) ((line * 0x9E3779B97F4A7C15L) >>> 32) & mask;
    while (rounds[at] == round) {
      if (lines[at] == line) {
        return;
      }
      at = (at + 1) & mask;
    }
    lines[at] = line;
    rounds[at] = round;
    if (++count > lines.length / 2) {
      grow();
    }
  }

  private static void grow() {
    long[] oldLines = lines;
    int[] oldRounds = rounds;
    lines = new long[2 * oldLines.length];
    rounds = new int[lines.length];
    count = 0;
    for (int at = 0; at < oldLines.length; at++) {
      if (oldRounds[at] == round) {
        touchLine(oldLines[at]);
      }
    }
  }

  /// A timer's record was put into a slot.
  static void moved(int record) {
    if (record >= movesOfRecord.length) {
      movesOfRecord = Arrays.copyOf(movesOfRecord, Math.max(record + 1, 2 * record));
    }
    moves++;
    mostMoves = Math.max(mostMoves, ++movesOfRecord[record]);
  }

  /// Counts moves from here.
  static void restartMoves() {
    Arrays.fill(movesOfRecord, (byte) 0);
    moves = 0;
    mostMoves = 0;
  }

  static long moves() {
    return moves;
  }

  /// The most moves of one record.
  static int mostMoves() {
    return mostMoves;
  }
}
