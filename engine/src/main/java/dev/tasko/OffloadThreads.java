package dev.tasko;

import dev.tasko.task.Scheduler;
import dev.tasko.task.Threads;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The threads that run blocking calls in place of the loop's. They are made as they are needed.
///
/// A task has one call under way at most, and a call that nobody waits for any more is taken out of
/// the queue, so a queue with one place for each task cannot overflow.
final class OffloadThreads {
  private static final System.Logger LOG = System.getLogger("dev.tasko");
  private static final long CLOSE_MAX_NS = TimeUnit.SECONDS.toNanos(1);

  private final Loop loop;
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final ThreadPoolExecutor executor;

  OffloadThreads(Loop loop, int count, int taskCapacity) {
    this.loop = loop;
    executor =
        new ThreadPoolExecutor(
            count,
            count,
            0,
            TimeUnit.NANOSECONDS,
            new LinkedBlockingQueue<>(taskCapacity),
            this::newThread);
  }

  private Thread newThread(Runnable work) {
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("tasko-offload-" + threads.size())
            .unstarted(Threads.prepared(work));
    threads.add(thread);
    return thread;
  }

  /// Runs a call on one of them while the running task waits.
  <T extends @Nullable Object> T call(Callable<T> callable) {
    Answer<T> answer = new Answer<>(loop);
    FutureTask<@Nullable Void> work = new FutureTask<>(() -> answer(callable, answer), null);
    executor.execute(work);
    try {
      return answer.await(Scheduler.WaitFor.HANDED_OVER);
    } finally {
      if (!answer.isGiven()) {
        work.cancel(true);
        executor.remove(work);
      }
    }
  }

  /// Whatever the call throws belongs to the task, an [Error] included.
  @SuppressWarnings("CatchingUnchecked")
  private static <T extends @Nullable Object> void answer(Callable<T> callable, Answer<T> answer) {
    try {
      answer.give(callable.call(), null);
    } catch (Throwable thrown) {
      answer.give(null, thrown);
    }
  }

  /// Ends them. All tasks have been unwound, so each call was interrupted; one that goes on all the
  /// same is not waited for longer than a second.
  void close() {
    executor.shutdownNow();
    try {
      executor.awaitTermination(CLOSE_MAX_NS, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Thread thread : threads) {
      if (thread.isAlive() && !executor.isTerminated()) {
        LOG.log(
            System.Logger.Level.ERROR,
            "close: the call on {0} goes on although it was interrupted; it is left to itself",
            thread.getName());
      }
    }
  }
}
