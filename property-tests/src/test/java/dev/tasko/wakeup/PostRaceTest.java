package dev.tasko.wakeup;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A post that was accepted runs, once and in order; one that was refused never does, whenever the
/// loop closes.
final class PostRaceTest {
  private static final int TWIN_SCHEDULES_MAX = 100;

  @Test
  void close_onePosterTwoPosts() {
    exploreAll("close, 1 poster x 2 posts", closing(RealInbox::new, 1, 2), Explorer.EXHAUSTIVE);
  }

  @Test
  void close_twoPosters() {
    exploreAll("close, 2 posters x 1 post, 4 preemptions", closing(RealInbox::new, 2, 1), 4);
  }

  @Test
  void close_threePostersTwice() {
    exploreAll("close, 3 posters x 2 posts, 2 preemptions", closing(RealInbox::new, 3, 2), 2);
  }

  @Test
  void post_onePoster() {
    exploreAll("1 poster x 1 post", parking(1, 1), Explorer.EXHAUSTIVE);
  }

  @Test
  void post_twoPosters() {
    exploreAll("2 posters x 2 posts, 3 preemptions", parking(2, 2), 3);
  }

  @Test
  void twin_withoutInside() {
    Explorer.Result result = Explorer.find(closing(UncountedInbox::new, 1, 1), 3);
    assertNotNull(result.violation(), () -> "not found in " + result.interleavings());
    System.out.printf(
        "post explorer: twin 'no inside' found after %,d schedules: %s%n",
        result.interleavings(), result.violation());
    assertTrue(result.interleavings() <= TWIN_SCHEDULES_MAX, result::toString);
  }

  private static Explorer.Program closing(
      Function<ExploredQueue, Inbox> inboxes, int posters, int postsEach) {
    return threads -> {
      ExploredQueue queue = new ExploredQueue(threads);
      PostRun run = new PostRun(threads, queue, inboxes.apply(queue), posters, postsEach);
      run.thread = threads.thread("loop", run::turnAndClose);
      queue.loop(run.thread);
      return run;
    };
  }

  private static Explorer.Program parking(int posters, int postsEach) {
    return threads -> {
      ExploredQueue queue = new ExploredQueue(threads);
      PostRun run = new PostRun(threads, queue, new RealInbox(queue), posters, postsEach);
      run.thread = threads.thread("loop", run::turnForEver);
      queue.loop(run.thread);
      return run;
    };
  }

  private static void exploreAll(String name, Explorer.Program program, int preemptionsMax) {
    long startNs = System.nanoTime();
    Explorer.Result result = Explorer.explore(program, preemptionsMax);
    assertNull(result.violation(), result::toString);
    System.out.printf(
        "post explorer: %,d interleavings, 0 lost (%s; %.1f s)%n",
        result.interleavings(), name, (System.nanoTime() - startNs) * 1e-9);
  }

  /// Posters post; the loop runs posts as `Loop` does.
  private static final class PostRun implements Explorer.Outcome {
    private final ExploredQueue queue;
    private final Inbox inbox;
    private final List<List<Integer>> accepted = new ArrayList<>();
    private final List<List<Integer>> ran = new ArrayList<>();
    private Explorer.@Nullable SimulatedThread thread;

    PostRun(Explorer threads, ExploredQueue queue, Inbox inbox, int posters, int postsEach) {
      this.queue = queue;
      this.inbox = inbox;
      for (int i = 0; i < posters; i++) {
        int poster = i;
        accepted.add(new ArrayList<>());
        ran.add(new ArrayList<>());
        threads.thread("p" + i, () -> post(poster, postsEach));
      }
    }

    private void post(int poster, int count) {
      for (int i = 0; i < count; i++) {
        int number = i;
        if (inbox.offer(() -> ran.get(poster).add(number))) {
          accepted.get(poster).add(number);
        }
      }
    }

    void turnForEver() {
      while (true) {
        turn();
        if (inbox.isEmpty() && queue.isEmpty()) {
          queue.park(Long.MAX_VALUE);
        }
      }
    }

    void turnAndClose() {
      turn();
      inbox.close();
      runPosts();
    }

    private void turn() {
      queue.drain();
      runPosts();
    }

    private void runPosts() {
      Runnable post = inbox.poll();
      while (post != null) {
        post.run();
        queue.point();
        post = inbox.poll();
      }
    }

    @Override
    public @Nullable String violation() {
      return accepted.equals(ran) ? null : "accepted " + accepted + ", ran " + ran;
    }
  }

  /// What a loop and its posters need.
  private interface Inbox {
    boolean offer(Runnable work);

    @Nullable Runnable poll();

    boolean isEmpty();

    void close();
  }

  private static final class RealInbox implements Inbox {
    private final PostInbox inbox;

    RealInbox(ExploredQueue queue) {
      inbox = new PostInbox(8, queue);
    }

    @Override
    public boolean offer(Runnable work) {
      return inbox.offer(work);
    }

    @Override
    public @Nullable Runnable poll() {
      return inbox.poll();
    }

    @Override
    public boolean isEmpty() {
      return inbox.isEmpty();
    }

    @Override
    public void close() {
      inbox.close();
    }
  }

  /// Does not know who is in the doorway.
  private static final class UncountedInbox implements Inbox {
    private final ExploredQueue queue;
    private final Queue<Runnable> posts = new ArrayDeque<>();
    private boolean open = true;

    UncountedInbox(ExploredQueue queue) {
      this.queue = queue;
    }

    @Override
    public boolean offer(Runnable work) {
      queue.point();
      if (!open) {
        return false;
      }
      queue.point();
      return posts.add(work);
    }

    @Override
    public @Nullable Runnable poll() {
      return posts.poll();
    }

    @Override
    public boolean isEmpty() {
      return posts.isEmpty();
    }

    @Override
    public void close() {
      open = false;
      queue.point();
    }
  }
}
