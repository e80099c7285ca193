package dev.tasko.hal.driver;

import dev.tasko.Loop;
import dev.tasko.hal.EdgeInput;
import dev.tasko.wakeup.Interrupt;

/// Driver of an incremental encoder: counts the edges of two lines a quarter of a cycle apart.
///
/// Each edge changes one line. Which one, and whether the lines differ after it, says the
/// direction:
///
/// ```text
///   up ►        A B   1 1 ── A ── 0 1 ── B ── 0 0 ── A ── 1 0 ── B ── 1 1        ◄ down
///
///   the line that was told   lines differ after it   count
///   A                        yes / no                +1 / -1
///   B                        yes / no                -1 / +1
///   either, level as before                          0, and one edge lost
///   either, gap in sequence                          as above, and the gap lost
/// ```
///
/// A contact that bounces goes one count to and fro, so it needs no debouncing: without losses the
/// position is exact. Levels are not read, since another edge may be under way; the position
/// follows what was told, and each told edge moves it by one count at most.
///
/// Losses are counted, not guessed. Each edge lost costs at most one cycle of four counts, and what
/// is wrong once both lines have been told again is whole cycles. A loss is seen by the gap in the
/// sequence or, when two edges were merged, by a level that repeats. What leaves no trace cannot be
/// seen: three edges merged into one look like one, and the sequence of a line has no gap before
/// the first edge that the encoder is told.
///
/// Thread: edges are counted by whatever thread tells them, in their order and under a lock that is
/// held for some instructions; [#await] belongs to one task of the loop; the rest to any.
/// Allocates: no.
public final class RotaryEncoder implements AutoCloseable {
  private final EdgeInput lineA;
  private final EdgeInput lineB;
  private final int countsPerDetent;
  private final Interrupt moved;
  private final Channel a;
  private final Channel b;
  private volatile long position;
  private volatile long lost;
  private long reportedCounts;

  /// Listens to two lines, with the shaft at rest.
  ///
  /// @param loop of the task that waits for movement; the encoder takes one of its interrupts
  /// @param a the line that changes first on the way up
  /// @param b the line that changes second
  /// @param countsPerDetent how many counts are one movement for [#await]: 4 for most knobs, 1 for
  ///   a motor
  /// @throws IllegalArgumentException if `countsPerDetent` is less than 1
  public RotaryEncoder(Loop loop, EdgeInput a, EdgeInput b, int countsPerDetent) {
    if (countsPerDetent < 1) {
      throw new IllegalArgumentException(
          "countsPerDetent: " + countsPerDetent + " (expected: >= 1)");
    }
    this.lineA = a;
    this.lineB = b;
    this.countsPerDetent = countsPerDetent;
    this.moved = loop.interrupt("encoder " + a.name() + ", " + b.name());
    this.a = new Channel(a.isHigh());
    this.b = new Channel(b.isHigh());
    a.onEdge((rising, _, sequence) -> count(this.a, rising, sequence));
    b.onEdge((rising, _, sequence) -> count(this.b, rising, sequence));
  }

  private synchronized void count(Channel channel, boolean rising, long sequence) {
    long gap = channel.takeGap(sequence);
    boolean repeated = channel.high == rising;
    if (gap > 0 || repeated) {
      lost = lost + Math.max(gap, 1);
    }
    if (!repeated) {
      channel.high = rising;
      boolean differ = a.high != b.high;
      position = position + (differ == (channel == a) ? 1 : -1);
    }
    moved.fire();
  }

  /// Waits until the shaft has moved by a detent or more since this last returned, or since the
  /// encoder was made. What it moves to and fro meanwhile is not told: from a detent that was told
  /// it takes a whole one, up or down, until the next is.
  ///
  /// Thread: a task of the loop.
  ///
  /// @return detents, negative for down, never 0
  /// @throws IllegalStateException outside a task, or if another task waits
  public long await() {
    while (true) {
      long detents = (position - reportedCounts) / countsPerDetent;
      if (detents != 0) {
        reportedCounts += detents * countsPerDetent;
        return detents;
      }
      moved.await();
    }
  }

  /// Returns where the shaft is.
  ///
  /// @return counts since the encoder was made
  public long position() {
    return position;
  }

  /// Returns how many edges were lost at least.
  ///
  /// @return 0 while there is no sign of a loss
  public long lost() {
    return lost;
  }

  /// Stops listening. A task that waits goes on waiting.
  @Override
  public void close() {
    lineA.onEdge(null);
    lineB.onEdge(null);
  }

  /// What was last told of one line.
  private static final class Channel {
    private boolean high;
    private long sequence;
    private boolean told;

    Channel(boolean high) {
      this.high = high;
    }

    /// Edges before the encoder was made are none of its own.
    long takeGap(long newSequence) {
      long gap = told ? newSequence - sequence - 1 : 0;
      told = true;
      sequence = newSequence;
      return gap;
    }
  }
}
