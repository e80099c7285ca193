package dev.tasko;

import dev.tasko.wakeup.WakeupQueue;
import dev.tasko.wakeup.WakeupSource;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Queue;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/// Work for the loop from any thread, in order for each of them.
///
/// A post is accepted or refused, never lost: [#close] first closes the door, then waits until
/// those that had already passed it have put their work down, and only then is the rest taken out.
final class PostInbox extends WakeupSource {
  private static final VarHandle INSIDE;
  private static final VarHandle PENDING;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      INSIDE = lookup.findVarHandle(PostInbox.class, "inside", int.class);
      PENDING = lookup.findVarHandle(PostInbox.class, "pending", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Queue<Runnable> posts;
  private final WakeupQueue wakeups;
  private volatile boolean open = true;

  @SuppressWarnings("unused") // by INSIDE
  private volatile int inside;

  @SuppressWarnings("unused") // by PENDING
  private volatile boolean pending;

  PostInbox(int capacity, WakeupQueue wakeups) {
    posts = new MpscVarHandleArrayQueue<>(Math.max(capacity, 2));
    this.wakeups = wakeups;
  }

  boolean offer(Runnable work) {
    INSIDE.getAndAdd(this, 1);
    try {
      if (!open || !posts.offer(work)) {
        return false;
      }
    } finally {
      INSIDE.getAndAdd(this, -1);
    }
    if (!(boolean) PENDING.getAndSet(this, true)) {
      wakeups.signal(this);
    }
    return true;
  }

  @Nullable Runnable poll() {
    return posts.poll();
  }

  int size() {
    return posts.size();
  }

  boolean isEmpty() {
    return posts.isEmpty();
  }

  void close() {
    open = false;
    while (inside != 0) {
      Thread.onSpinWait();
    }
  }

  /// The loop looks at the posts in every turn; this only wakes it.
  @Override
  protected void onWakeup() {
    pending = false;
  }
}
