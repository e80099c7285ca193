package dev.tasko.wakeup;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Set;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/// The real wakeup queue with its seams in the hands of the [Explorer].
class ExploredQueue extends WakeupQueue {
  private final Explorer threads;
  private Explorer.@Nullable SimulatedThread loop;

  ExploredQueue(Explorer threads) {
    this(threads, new CheckedQueue());
  }

  ExploredQueue(Explorer threads, MpscVarHandleArrayQueue<WakeupSource> queue) {
    super(queue);
    this.threads = threads;
  }

  /// Names the thread that parks here.
  final void loop(Explorer.SimulatedThread thread) {
    loop = thread;
  }

  @Override
  void point() {
    threads.point();
  }

  @Override
  void pause() {
    threads.pause();
  }

  @Override
  void parkNanos(long waitNs) {
    threads.park();
  }

  @Override
  void unpark(@Nullable Thread thread) {
    if (thread == null) {
      throw new IllegalStateException("a producer finds the loop asleep but not who it is");
    }
    threads.unpark(Objects.requireNonNull(loop));
  }

  /// JCTools' queue, told to refuse a source that is in it.
  static class CheckedQueue extends MpscVarHandleArrayQueue<WakeupSource> {
    private final Set<WakeupSource> inside = Collections.newSetFromMap(new IdentityHashMap<>());

    CheckedQueue() {
      super(8);
    }

    @Override
    public boolean offer(WakeupSource source) {
      if (!inside.add(source)) {
        throw new IllegalStateException("a source is twice in the queue");
      }
      return super.offer(source);
    }

    @Override
    public @Nullable WakeupSource relaxedPoll() {
      WakeupSource source = super.relaxedPoll();
      if (source != null) {
        inside.remove(source);
      }
      return source;
    }
  }

  /// A queue like JCTools' whose offer can be interrupted between claiming a slot, which makes the
  /// queue not empty, and filling it, which makes it possible to poll.
  static final class TornQueue extends MpscVarHandleArrayQueue<WakeupSource> {
    private final Explorer threads;
    private final @Nullable WakeupSource[] slots = new @Nullable WakeupSource[16];
    private int producerIndex;
    private int consumerIndex;

    TornQueue(Explorer threads) {
      super(2);
      this.threads = threads;
    }

    @Override
    public boolean offer(WakeupSource source) {
      int index = producerIndex++;
      threads.point();
      slots[index] = source;
      return true;
    }

    @Override
    public @Nullable WakeupSource relaxedPoll() {
      WakeupSource source = slots[consumerIndex];
      if (source != null) {
        consumerIndex++;
      }
      return source;
    }

    @Override
    public @Nullable WakeupSource relaxedPeek() {
      return slots[consumerIndex];
    }

    @Override
    public int size() {
      return producerIndex - consumerIndex;
    }

    @Override
    public boolean isEmpty() {
      return producerIndex == consumerIndex;
    }
  }
}
