package dev.tasko.wakeup;

import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/// Takes wakeups from any thread to the loop, and puts the loop to sleep so that none is missed.
///
/// A source is in the queue at most once, so a queue with one place for each source cannot
/// overflow.
///
/// The race between "nothing to do, sleep" and "something to do, wake it": each side writes first
/// and then reads what the other wrote. All four accesses are volatile, so at least one side sees
/// the other, whatever the interleaving:
///
/// ```text
///   loop                                   any thread
///   (1) sleeping = true                    (a) enqueue the source
///   (2) queue empty? else do not park      (b) sleeping? then unpark
///   (3) park                               the permit of (b) ends (3), also if it comes before
/// ```
///
/// Without (2) a source enqueued before (1), whose thread read `sleeping` before (1) too, would lie
/// in the queue while the loop sleeps. The tests run every interleaving of this class against twins
/// without (2) and with other parts broken.
///
/// **What (a) writes and (2) reads is the queue's producer index**, a CAS and a volatile read. The
/// slot is filled after that by a release store, which alone would not be ordered before (b), so
/// looking at the slot would not do for (2). Between the two the queue is neither empty nor can be
/// polled: the loop then does not sleep, and does not wait either, it turns on and serves its
/// timers. Sources enqueued behind such a slot come when it is filled.
///
/// Every thread that finds the loop asleep unparks it. That only one should (a CAS on `sleeping`)
/// would save the others some nanoseconds, but one preempted before its unpark would make all of
/// them late. The price is a permit left over at times: one park returns early.
///
/// **Draining looks at the slots.** A loop that spins would otherwise take the producer index from
/// every producer's cache, to find in most turns that it is as before: half of what a wakeup takes
/// between two processors. The index is read only if there are several sources, for the bound.
///
/// | field | owner | read | written |
/// |---|---|---|---|
/// | queue, producer index | producers | volatile | CAS loop: lock-free |
/// | queue, slots | both | volatile, by the loop | release, by the thread that claimed it |
/// | sleeping | loop | volatile, by producers | volatile |
/// | sleeper | loop | plain, by producers after `sleeping` | plain, before `sleeping` publishes it |
///
/// A producer may read `sleeper` while a later [#park] writes it: benign, it is the same thread.
public class WakeupQueue {
  private static final long PAUSE_NS = 10_000;

  private final MessagePassingQueue<WakeupSource> queue;
  private @Nullable Thread sleeper;
  private volatile boolean sleeping;

  /// Makes an empty queue.
  ///
  /// @param capacity the most sources that can be pending at one time
  public WakeupQueue(int capacity) {
    this(new MpscVarHandleArrayQueue<>(Math.max(capacity, 2)));
  }

  WakeupQueue(MessagePassingQueue<WakeupSource> queue) {
    this.queue = queue;
  }

  /// Enqueues a source and wakes the loop if it sleeps.
  ///
  /// Thread: any. Progress: lock-free. Allocates: no.
  ///
  /// @param source not in the queue
  public final void signal(WakeupSource source) {
    point();
    if (!queue.offer(source)) {
      throw new IllegalStateException(
          "bug: wakeup queue: full with " + queue.size() + " sources (expected: room for each)");
    }
    point();
    if (sleeping) {
      point();
      unpark(sleeper);
    }
  }

  /// Takes out the sources that are pending now and tells each.
  ///
  /// Thread: the loop's. Progress: wait-free, bounded by the number of sources. Allocates: no.
  ///
  /// @return how many there were; fewer if one is still being enqueued
  public final int drain() {
    WakeupSource source = queue.relaxedPoll();
    return source == null ? 0 : drainFrom(source);
  }

  private int drainFrom(WakeupSource first) {
    int behind = sizeBehind();
    tell(first);
    int drained = 1;
    while (drained <= behind) {
      point();
      WakeupSource source = queue.relaxedPoll();
      if (source == null) {
        break;
      }
      tell(source);
      drained++;
    }
    return drained;
  }

  /// How many sources were pending behind the one that was taken out.
  private int sizeBehind() {
    point();
    if (queue.relaxedPeek() == null) {
      return 0;
    }
    point();
    return queue.size();
  }

  private void tell(WakeupSource source) {
    point();
    source.onWakeup();
  }

  /// Whether no source is pending.
  ///
  /// Thread: the loop's.
  ///
  /// @return false as soon as an enqueuing has begun
  public final boolean isEmpty() {
    return queue.isEmpty();
  }

  /// Whether the loop is in [#park].
  ///
  /// Thread: any.
  ///
  /// @return the latest that it has published; true a little before it sleeps and a little after
  public final boolean isSleeping() {
    return sleeping;
  }

  /// Sleeps until a source is enqueued or the time is over. May return early.
  ///
  /// Thread: the loop's, always the same. Allocates: no.
  ///
  /// @param waitNs the longest time; not positive returns at once
  public final void park(long waitNs) {
    point();
    sleeper = Thread.currentThread();
    sleeping = true;
    point();
    if (mayPark()) {
      point();
      parkNanos(waitNs);
    }
    point();
    sleeping = false;
  }

  /// Step (2) of the protocol.
  boolean mayPark() {
    return queue.isEmpty();
  }

  // Seams. Nothing overrides them outside the tests, so the compiler removes the calls.

  /// Between any two accesses to shared state. Does nothing; the race tests switch threads here.
  ///
  /// There is none after `sleeping = false`: what another thread does between that and the loop's
  /// next look at the queue could as well come before (enqueuing) or after (reading `sleeping`).
  void point() {}

  /// In a loop that waits for another thread. Gives up the processor: under `SCHED_FIFO` the other,
  /// preempted by this one, would not come to its end.
  void pause() {
    LockSupport.parkNanos(PAUSE_NS);
  }

  void parkNanos(long waitNs) {
    LockSupport.parkNanos(this, waitNs);
  }

  void unpark(@Nullable Thread thread) {
    LockSupport.unpark(thread);
  }
}
