package dev.tasko.wakeup;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
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
/// and then reads what the other wrote. Both accesses are volatile, so at least one of them sees
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
/// in the queue while the loop sleeps. The tests run every interleaving of this class against a
/// twin without (2).
///
/// | field | owner | read | written |
/// |---|---|---|---|
/// | queue | both | JCTools | JCTools, a CAS loop: lock-free |
/// | sleeping | both | volatile, by producers | volatile, by the loop; cleared by whoever wakes it |
/// | sleeper | loop | by producers after `sleeping` | before `sleeping`, which publishes it |
public class WakeupQueue {
  private static final VarHandle SLEEPING;

  static {
    try {
      SLEEPING = MethodHandles.lookup().findVarHandle(WakeupQueue.class, "sleeping", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final MessagePassingQueue<WakeupSource> queue;
  private @Nullable Thread sleeper;

  @SuppressWarnings("unused") // by SLEEPING
  private volatile boolean sleeping;

  /// Makes an empty queue.
  ///
  /// @param capacity the most sources that can be pending at one time
  public WakeupQueue(int capacity) {
    queue = new MpscVarHandleArrayQueue<>(Math.max(capacity, 2));
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
    if (sleeping && SLEEPING.compareAndSet(this, true, false)) {
      point();
      unpark(sleeper);
    }
  }

  /// Takes out the sources that are pending now and tells each.
  ///
  /// Thread: the loop's. Progress: bounded by the number of sources. Allocates: no.
  ///
  /// @return how many there were
  public final int drain() {
    int drained = 0;
    for (int left = queue.size(); left > 0; left--) {
      WakeupSource source = queue.poll();
      if (source == null) {
        break;
      }
      source.onWakeup();
      drained++;
    }
    return drained;
  }

  /// Whether no source is pending.
  ///
  /// Thread: the loop's.
  ///
  /// @return false as soon as an enqueuing has begun
  public final boolean isEmpty() {
    return queue.isEmpty();
  }

  /// Sleeps until a source is enqueued or the time is over. May return early.
  ///
  /// Thread: the loop's. Allocates: no.
  ///
  /// @param waitNs the longest time; not positive returns at once
  public final void park(long waitNs) {
    sleeper = Thread.currentThread();
    sleeping = true;
    point();
    if (mayPark()) {
      point();
      parkNanos(waitNs);
    }
    sleeping = false;
  }

  /// Step (2) of the protocol.
  boolean mayPark() {
    return queue.isEmpty();
  }

  /// Between any two accesses to shared state. Does nothing; the race tests stop threads here.
  void point() {}

  void parkNanos(long waitNs) {
    LockSupport.parkNanos(this, waitNs);
  }

  void unpark(@Nullable Thread thread) {
    LockSupport.unpark(thread);
  }
}
