package dev.tasko.wakeup;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// The protocol of [WakeupQueue] and [Interrupt] once more, in plain fields, to break it where the
/// seams of the real classes do not reach. Without a defect it has as many interleavings as they.
final class ProtocolCopy implements WakeupProtocol {
  /// What is wrong with a copy.
  enum Defect {
    NONE,
    SLEEPING_SET_AFTER_THE_CHECK,
    SLEEPER_SET_AFTER_SLEEPING,
    SLEEPING_READ_BEFORE_ENQUEUING,
    RESET_BEFORE_TAKEN_OUT,
    RESET_IN_TWO_STEPS,
    EVERY_FIRING_ENQUEUES,
    COUNTED_AFTER_ENQUEUING,
  }

  private final Explorer threads;
  private final Defect defect;
  private final Queue<Integer> queue = new ArrayDeque<>();
  private final long[] pending;
  private final long[] available;
  private boolean sleeping;
  private boolean sleeperKnown;
  private Explorer.@Nullable SimulatedThread loop;

  ProtocolCopy(Explorer threads, Defect defect, int sources) {
    this.threads = threads;
    this.defect = defect;
    pending = new long[sources];
    available = new long[sources];
  }

  @Override
  public void fire(int source) {
    if (defect == Defect.COUNTED_AFTER_ENQUEUING) {
      if (pending[source] == 0) {
        signal(source);
      }
      threads.point();
      pending[source]++;
    } else if (pending[source]++ == 0 || defect == Defect.EVERY_FIRING_ENQUEUES) {
      signal(source);
    }
  }

  private void signal(int source) {
    threads.point();
    boolean early = sleeping;
    if (defect == Defect.SLEEPING_READ_BEFORE_ENQUEUING) {
      threads.point();
    }
    if (queue.contains(source)) {
      throw new IllegalStateException("a source is twice in the queue");
    }
    queue.add(source);
    threads.point();
    if (defect == Defect.SLEEPING_READ_BEFORE_ENQUEUING ? early : sleeping) {
      threads.point();
      if (!sleeperKnown) {
        throw new IllegalStateException("a producer finds the loop asleep but not who it is");
      }
      threads.unpark(Objects.requireNonNull(loop));
    }
  }

  @Override
  public int drain() {
    if (queue.isEmpty()) {
      return 0;
    }
    int first = takeOut();
    int behind = sizeBehind();
    tell(first);
    int drained = 1;
    while (drained <= behind) {
      threads.point();
      tell(takeOut());
      drained++;
    }
    return drained;
  }

  private int takeOut() {
    if (defect == Defect.RESET_BEFORE_TAKEN_OUT) {
      reset(Objects.requireNonNull(queue.peek()));
      threads.point();
    }
    return queue.remove();
  }

  private int sizeBehind() {
    threads.point();
    if (queue.isEmpty()) {
      return 0;
    }
    threads.point();
    return queue.size();
  }

  private void tell(int source) {
    threads.point();
    if (defect != Defect.RESET_BEFORE_TAKEN_OUT) {
      reset(source);
    }
  }

  private void reset(int source) {
    available[source] += pending[source];
    if (defect == Defect.RESET_IN_TWO_STEPS) {
      threads.point();
    }
    pending[source] = 0;
  }

  @Override
  public long take(int source) {
    long count = available[source];
    available[source] = 0;
    return count;
  }

  @Override
  public boolean isEmpty() {
    return queue.isEmpty();
  }

  @Override
  public void park() {
    threads.point();
    boolean early = queue.isEmpty();
    if (defect == Defect.SLEEPING_SET_AFTER_THE_CHECK) {
      threads.point();
    }
    sleeperKnown |= defect != Defect.SLEEPER_SET_AFTER_SLEEPING;
    sleeping = true;
    threads.point();
    sleeperKnown = true;
    if (defect == Defect.SLEEPING_SET_AFTER_THE_CHECK ? early : queue.isEmpty()) {
      threads.point();
      threads.park();
    }
    threads.point();
    sleeping = false;
  }

  @Override
  public void loop(Explorer.SimulatedThread thread) {
    loop = thread;
  }
}
