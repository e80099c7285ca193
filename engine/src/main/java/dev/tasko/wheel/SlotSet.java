package dev.tasko.wheel;

/// A set of slots that finds its first member in three steps: a bitmap, a bitmap of its words in
/// use, and a bitmap of those of the second.
final class SlotSet {
  private static final int WORD_SHIFT = 6;

  /// From a slot to its bit of the root.
  static final int ROOT_SHIFT = 2 * WORD_SHIFT;

  private final long[] words;
  private final long[] tops;
  private long root;

  /// The bits of the root to be looked at before the others.
  private long near = -1L;

  /// @param slots members are below; at most 64 x 64 x 64
  SlotSet(int slots) {
    words = new long[(slots >>> WORD_SHIFT) + 1];
    tops = new long[(slots >>> ROOT_SHIFT) + 1];
  }

  boolean isEmpty() {
    return root == 0;
  }

  /// Lets a range of slots come after all others below a third. All three are multiples of what a
  /// bit of the root stands for.
  void putBehind(int from, int to, int others) {
    near = rootBelow(others) & (rootBelow(from) | ~rootBelow(to));
  }

  private static long rootBelow(int slot) {
    return (1L << (slot >>> ROOT_SHIFT)) - 1;
  }

  /// The first member: the least, but for those put behind. Not to be asked of an empty set.
  int first() {
    long nearest = root & near;
    int top = Long.numberOfTrailingZeros(nearest == 0 ? root : nearest);
    int word = (top << WORD_SHIFT) + Long.numberOfTrailingZeros(tops[top]);
    return (word << WORD_SHIFT) + Long.numberOfTrailingZeros(words[word]);
  }

  /// The next member in the same word, or the slot itself.
  int nextNearby(int slot) {
    long greater = words[slot >>> WORD_SHIFT] & (-2L << slot);
    return greater == 0 ? slot : (slot & -Long.SIZE) + Long.numberOfTrailingZeros(greater);
  }

  /// The least member at or after a slot, or -1. Looks at every word: for the self-check.
  int next(int from) {
    long word = from >>> WORD_SHIFT < words.length ? words[from >>> WORD_SHIFT] & -1L << from : 0;
    for (int at = (from >>> WORD_SHIFT) + 1; word == 0 && at < words.length; at++) {
      from = at << WORD_SHIFT;
      word = words[at];
    }
    return word == 0 ? -1 : (from & -Long.SIZE) + Long.numberOfTrailingZeros(word);
  }

  boolean contains(int slot) {
    return (words[slot >>> WORD_SHIFT] & 1L << slot) != 0;
  }

  void add(int slot) {
    words[slot >>> WORD_SHIFT] |= 1L << slot;
    tops[slot >>> ROOT_SHIFT] |= 1L << (slot >>> WORD_SHIFT);
    root |= 1L << (slot >>> ROOT_SHIFT);
  }

  /// Takes out a member. Whether that empties its word is as good as random, so it is not branched
  /// on.
  void remove(int slot) {
    long word = words[slot >>> WORD_SHIFT] & ~(1L << slot);
    words[slot >>> WORD_SHIFT] = word;
    long isEmpty = ((word | -word) >>> (Long.SIZE - 1)) ^ 1;
    long top = tops[slot >>> ROOT_SHIFT] & ~(isEmpty << (slot >>> WORD_SHIFT));
    tops[slot >>> ROOT_SHIFT] = top;
    if (top == 0) {
      root &= ~(1L << (slot >>> ROOT_SHIFT));
    }
  }

  /// Whether each bitmap says what the one below holds.
  boolean isConsistent() {
    for (int word = 0; word < words.length; word++) {
      if ((words[word] != 0) != ((tops[word >>> WORD_SHIFT] >>> word & 1) != 0)) {
        return false;
      }
    }
    for (int top = 0; top < tops.length; top++) {
      if ((tops[top] != 0) != ((root >>> top & 1) != 0)) {
        return false;
      }
    }
    return true;
  }
}
