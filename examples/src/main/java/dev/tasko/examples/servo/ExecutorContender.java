package dev.tasko.examples.servo;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// The control loop under `ScheduledThreadPoolExecutor.scheduleAtFixedRate`, on its one thread.
final class ExecutorContender implements Contender {
  private static final long START_NS = 10_000_000;

  @Override
  public String name() {
    return "JDK executor";
  }

  @Override
  public Histogram run(Conditions conditions) throws Exception {
    Activations activations = new Activations(conditions);
    try (Executor executor = new Executor()) {
      AutoCloseable realTime = executor.submit(conditions::enter).get();
      CompletableFuture<Void> ended = new CompletableFuture<>();
      ScheduledFuture<?> running =
          executor.scheduleAtFixedRate(
              () -> {
                if (!ended.isDone() && !executor.activate(activations)) {
                  ended.complete(null);
                }
              },
              START_NS,
              conditions.periodNs(),
              TimeUnit.NANOSECONDS);
      ended.get(conditions.seconds() + PATIENCE_SECONDS, TimeUnit.SECONDS);
      running.cancel(false);
      executor
          .submit(() -> {
            realTime.close();
            return null;
          })
          .get();
    }
    return activations.latenessNs();
  }

  /// An executor that knows when its latest task is due: its own word for it, on a grid as exact as
  /// ours.
  private static final class Executor extends ScheduledThreadPoolExecutor {
    private volatile @Nullable RunnableScheduledFuture<?> latest;

    Executor() {
      super(1);
    }

    @Override
    protected <V> RunnableScheduledFuture<V> decorateTask(
        Runnable runnable, RunnableScheduledFuture<V> task) {
      latest = task;
      return task;
    }

    boolean activate(Activations activations) {
      Delayed due = latest;
      long nowNs = System.nanoTime();
      return due != null && activations.run(nowNs, nowNs + due.getDelay(TimeUnit.NANOSECONDS));
    }
  }
}
