package dev.tasko.bench.peer;

import java.util.Arrays;

/// A 4-ary heap with its keys inline and handles that can be cancelled: the strongest simple rival.
/// It promises what tasko's wheel promises: exact, in the order of deadlines, equal deadlines in
/// the order of arming, no allocation. Arrivals are looked at only to break a tie.
///
/// ```text
///   heap:    keys[at], slots[at]     children of at: 4 at + 1 .. 4 at + 4
///   slots:   places[slot] = at, or ~next when free
///            payloads[slot]    arrivals[slot]    generations[slot]
///   handle = generation (32 bits) | slot (32 bits)
/// ```
final class HeapQueue implements TimerQueue {
  private static final int ARITY_BITS = 2;
  private static final int NONE = -1;

  private final Expiry expiry;
  private final long[] keys;
  private final int[] slots;
  private final int[] places;
  private final long[] payloads;
  private final long[] arrivals;
  private final int[] generations;
  private long nextArrival;
  private int free;
  private int size;

  HeapQueue(int capacity, Expiry expiry) {
    this.expiry = expiry;
    keys = new long[capacity];
    slots = new int[capacity];
    places = new int[capacity];
    payloads = new long[capacity];
    arrivals = new long[capacity];
    generations = new int[capacity];
    for (int slot = 0; slot < capacity; slot++) {
      places[slot] = ~(slot + 1);
    }
  }

  @Override
  public long schedule(long deadlineNs, long payload) {
    int slot = free;
    if (slot == keys.length) {
      return NO_HANDLE;
    }
    free = ~places[slot];
    payloads[slot] = payload;
    arrivals[slot] = nextArrival++;
    siftUp(size++, deadlineNs, slot);
    return (long) generations[slot] << Integer.SIZE | slot;
  }

  @Override
  public boolean cancel(long handle) {
    int at = find(handle);
    if (at == NONE) {
      return false;
    }
    remove(at);
    release((int) handle);
    return true;
  }

  @Override
  public long postpone(long handle, long deadlineNs) {
    int at = find(handle);
    if (at == NONE) {
      return NO_HANDLE;
    }
    arrivals[(int) handle] = nextArrival++;
    replace(at, deadlineNs, (int) handle);
    return handle;
  }

  @Override
  public int advanceTo(long nowNs) {
    int fired = 0;
    while (size > 0 && keys[0] - nowNs <= 0) {
      int slot = slots[0];
      long payload = payloads[slot];
      remove(0);
      release(slot);
      fired++;
      expiry.onTimer(payload);
    }
    return fired;
  }

  @Override
  public long nextDeadlineNs() {
    return size == 0 ? NO_DEADLINE : keys[0];
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public long bytes() {
    return (3L * Long.BYTES + 3L * Integer.BYTES) * keys.length;
  }

  private int find(long handle) {
    int slot = (int) handle;
    if (slot < 0 || slot >= places.length || generations[slot] != (int) (handle >>> Integer.SIZE)) {
      return NONE;
    }
    return Math.max(places[slot], NONE);
  }

  private void release(int slot) {
    generations[slot]++;
    places[slot] = ~free;
    free = slot;
  }

  private void remove(int at) {
    size--;
    if (at < size) {
      replace(at, keys[size], slots[size]);
    }
  }

  /// The replacement may belong above or below: both known heap bugs forgot one of the two.
  private void replace(int at, long key, int slot) {
    if (at > 0 && precedes(key, slot, (at - 1) >> ARITY_BITS)) {
      siftUp(at, key, slot);
    } else {
      siftDown(at, key, slot);
    }
  }

  private void siftUp(int from, long key, int slot) {
    int at = from;
    while (at > 0) {
      int parent = (at - 1) >> ARITY_BITS;
      if (!precedes(key, slot, parent)) {
        break;
      }
      put(at, keys[parent], slots[parent]);
      at = parent;
    }
    put(at, key, slot);
  }

  private void siftDown(int from, long key, int slot) {
    int at = from;
    while (true) {
      int first = (at << ARITY_BITS) + 1;
      if (first >= size) {
        break;
      }
      int least = leastOf(first, Math.min(first + (1 << ARITY_BITS), size));
      if (precedes(key, slot, least)) {
        break;
      }
      put(at, keys[least], slots[least]);
      at = least;
    }
    put(at, key, slot);
  }

  private int leastOf(int first, int end) {
    int least = first;
    for (int child = first + 1; child < end; child++) {
      if (precedes(keys[child], slots[child], least)) {
        least = child;
      }
    }
    return least;
  }

  private boolean precedes(long key, int slot, int at) {
    long before = key - keys[at];
    return before < 0 || (before == 0 && arrivals[slot] < arrivals[slots[at]]);
  }

  private void put(int at, long key, int slot) {
    keys[at] = key;
    slots[at] = slot;
    places[slot] = at;
  }

  @Override
  public String toString() {
    return "HeapQueue" + Arrays.toString(Arrays.copyOf(keys, Math.min(size, 8)));
  }
}
