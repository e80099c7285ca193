package dev.tasko.task;

import org.jspecify.annotations.Nullable;

/// The idle workers of one loop, last used first.
///
/// Thread: the loop's. Allocates: a worker when none is idle.
public final class CoroutinePool {
  private final CoroutineEngine engine;
  private final @Nullable Coroutine[] idle;
  private int idleCount;
  private int made;

  /// Makes an empty pool.
  ///
  /// @param engine makes the workers
  /// @param capacity the most workers at one time: the number of tasks there can be
  public CoroutinePool(CoroutineEngine engine, int capacity) {
    this.engine = engine;
    idle = new @Nullable Coroutine[capacity];
  }

  /// Takes an idle worker, or a new one.
  ///
  /// @return idle
  public Coroutine take() {
    if (idleCount == 0) {
      made++;
      return engine.newCoroutine("tasko-worker-" + made);
    }
    idleCount--;
    Coroutine worker = idle[idleCount];
    idle[idleCount] = null;
    if (worker == null) {
      throw new IllegalStateException("bug: coroutine pool: no worker at " + idleCount);
    }
    return worker;
  }

  /// Gives a worker back.
  ///
  /// @param worker idle
  public void giveBack(Coroutine worker) {
    idle[idleCount] = worker;
    idleCount++;
  }

  /// Ends all idle workers.
  public void close() {
    while (idleCount > 0) {
      take().close();
    }
  }
}
