package dev.tasko.task;

import org.jspecify.annotations.Nullable;

/// The workers of one loop: coroutines that run the loop's body for a task, again and again. One
/// whose body has ended stays warm for the next task, so starting and switching make no garbage.
///
/// What came of a body is kept here and not with its worker, as one worker runs at a time, and
/// there may be very many.
///
/// Thread: the loop's, and the running worker's in its stead. Allocates: a worker when none is
/// idle.
public final class CoroutinePool {
  private final CoroutineEngine engine;
  private final Body body;
  private final @Nullable Coroutine[] idle;
  private int idleCount;
  private int made;

  /// Whether no body is under way on the worker that was resumed last.
  private boolean over = true;

  private @Nullable Throwable failure;
  private boolean closing;

  /// Makes an empty pool.
  ///
  /// @param engine makes the workers
  /// @param capacity the most workers at one time: the number of tasks there can be
  /// @param body what each of them runs, whenever it is taken and resumed
  public CoroutinePool(CoroutineEngine engine, int capacity, Body body) {
    this.engine = engine;
    this.body = body;
    idle = new @Nullable Coroutine[capacity];
  }

  /// Takes an idle worker, or a new one.
  ///
  /// @return idle; its next [#resume] begins the body
  public Coroutine take() {
    if (idleCount == 0) {
      made++;
      return engine.newCoroutine("tasko-worker-" + made, this);
    }
    idleCount--;
    Coroutine worker = idle[idleCount];
    idle[idleCount] = null;
    if (worker == null) {
      throw new IllegalStateException("bug: coroutine pool: no worker at " + idleCount);
    }
    return worker;
  }

  /// Switches to a worker until its body suspends or ends.
  ///
  /// @param worker taken, and not given back
  /// @return whether the body has ended
  /// @throws Throwable what the body threw, and it has ended then; or the VM, which could not start
  ///   the worker
  public boolean resume(Coroutine worker) throws Throwable {
    over = false;
    worker.switchIn();
    Throwable thrown = failure;
    if (thrown != null) {
      failure = null;
      throw thrown;
    }
    return over;
  }

  /// Gives back the worker that was resumed last, or was not since it was taken. It is kept unless
  /// the VM could not start it.
  ///
  /// @param worker not needed any more
  public void giveBack(Coroutine worker) {
    if (over) {
      idle[idleCount] = worker;
      idleCount++;
    }
  }

  /// Ends all idle workers, and their threads if they have any.
  public void close() {
    closing = true;
    while (idleCount > 0) {
      Coroutine worker = take();
      worker.switchIn();
      worker.afterClose();
    }
  }

  /// The whole life of a worker, on its own stack.
  void serve(Coroutine worker) {
    while (!closing) {
      runBody();
      worker.switchOut();
    }
  }

  /// Whatever a body throws belongs to the loop's caller, an [Error] included.
  @SuppressWarnings("CatchingUnchecked")
  private void runBody() {
    try {
      body.run();
    } catch (Throwable thrown) {
      failure = thrown;
    } finally {
      over = true;
    }
  }
}
