package dev.tasko.wakeup;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/// Work for the loop from any thread, in order for each of them.
///
/// A post is accepted or refused, never lost. [#close] first closes the door, then waits until
/// those that may have passed it before have put their work down; only then is the rest taken out:
///
/// ```text
///   any thread                             loop
///   (a) inside + 1                         (1) open = false
///   (b) open? else refuse                  (2) wait for inside == 0
///   (c) enqueue the work                   (3) take out what is left
///   (d) inside - 1
/// ```
///
/// Each side writes, (a) and (1), before it reads what the other wrote, (b) and (2): whoever still
/// found the door open is seen inside. Without `inside`, work could be put down after (3).
///
/// It wakes the loop like an interrupt: only the post that finds `pending` false enqueues the
/// inbox. The loop clears it before it looks at the posts, so a post that found it true is seen.
///
/// | field | owner | read | written |
/// |---|---|---|---|
/// | posts | both | JCTools | JCTools, a CAS loop: lock-free |
/// | open | loop | volatile, by producers | volatile |
/// | inside | producers | volatile, by the loop | getAndAdd: wait-free |
/// | pending | both | with the write | getAndSet by producers; volatile, by the loop |
public final class PostInbox extends WakeupSource {
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

  private final MessagePassingQueue<Runnable> posts;
  private final WakeupQueue wakeups;
  private volatile boolean open = true;

  @SuppressWarnings("unused") // by INSIDE
  private volatile int inside;

  @SuppressWarnings("unused") // by PENDING
  private volatile boolean pending;

  /// Makes an empty inbox.
  ///
  /// @param capacity the most posts that can wait; rounded up to a power of two, at least 2
  /// @param wakeups of the loop
  public PostInbox(int capacity, WakeupQueue wakeups) {
    posts = new MpscVarHandleArrayQueue<>(Math.max(capacity, 2));
    this.wakeups = wakeups;
  }

  /// Puts work down for the loop and wakes it.
  ///
  /// Thread: any. Progress: lock-free. Allocates: no.
  ///
  /// @param work to be run by the loop
  /// @return whether it will be: `false` if the inbox is full or closed
  public boolean offer(Runnable work) {
    if (!putDown(work)) {
      return false;
    }
    wakeups.point();
    if (!(boolean) PENDING.getAndSet(this, true)) {
      wakeups.signal(this);
    }
    return true;
  }

  private boolean putDown(Runnable work) {
    INSIDE.getAndAdd(this, 1);
    try {
      wakeups.point();
      if (!open) {
        return false;
      }
      wakeups.point();
      return posts.offer(work);
    } finally {
      wakeups.point();
      INSIDE.getAndAdd(this, -1);
    }
  }

  /// Takes the next post.
  ///
  /// Thread: the loop's. Progress: wait-free. Allocates: no.
  ///
  /// @return `null` if there is none, or if the thread whose turn it is has not finished putting it
  ///   down
  public @Nullable Runnable poll() {
    return posts.relaxedPoll();
  }

  /// How many posts wait.
  ///
  /// Thread: the loop's.
  ///
  /// @return count, those included that are being put down
  public int size() {
    return posts.size();
  }

  /// Whether no post waits.
  ///
  /// Thread: the loop's.
  ///
  /// @return false as soon as putting one down has begun
  public boolean isEmpty() {
    return posts.isEmpty();
  }

  /// Refuses posts from now on. When it returns, every post that was or will be accepted can be
  /// taken.
  ///
  /// Thread: the loop's. Progress: waits for threads that are putting work down.
  public void close() {
    open = false;
    wakeups.point();
    while (inside != 0) {
      wakeups.pause();
    }
  }

  /// The loop looks at the posts in every turn; this only wakes it.
  @Override
  protected void onWakeup() {
    pending = false;
  }
}
