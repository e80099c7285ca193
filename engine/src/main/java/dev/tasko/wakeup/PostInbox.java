package dev.tasko.wakeup;

import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/// Work for the loop from any thread, in order for each of them.
///
/// The loop looks at the posts in every turn; that an inbox is pending only wakes it. The queue is
/// JCTools' with a CAS loop for producers.
public final class PostInbox extends Inbox {
  private final MessagePassingQueue<Runnable> posts;

  /// Makes an empty inbox.
  ///
  /// @param capacity the most posts that can wait; rounded up to a power of two, at least 2
  /// @param wakeups of the loop
  public PostInbox(int capacity, WakeupQueue wakeups) {
    super(wakeups);
    posts = new MpscVarHandleArrayQueue<>(Math.max(capacity, 2));
  }

  /// Puts work down for the loop and wakes it.
  ///
  /// Thread: any. Progress: lock-free. Allocates: no.
  ///
  /// @param work to be run by the loop
  /// @return whether it will be: `false` if the inbox is full or closed
  public boolean offer(Runnable work) {
    boolean accepted = enter() && posts.offer(work);
    leave();
    if (accepted) {
      announce();
    }
    return accepted;
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
}
