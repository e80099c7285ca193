package dev.tasko.task;

import org.jspecify.annotations.Nullable;

/// A worker with a stack of its own that runs one body after another. Pooled by the loop: a body
/// that ends leaves its worker warm for the next, so starting and switching make no garbage.
///
/// ```text
///            resume()                      suspend()
///   loop ───────────────► body runs ────────────────► loop
///            resume()                     body ends
///   loop ───────────────► body goes on ─────────────► loop, resume() returned true
/// ```
///
/// Thread: [#resume] on the loop's, [#suspend] from the running body.
public abstract class Coroutine {
  private @Nullable Body body;
  private @Nullable Throwable failure;
  private boolean closing;

  Coroutine() {}

  /// Gives the idle worker its next body.
  ///
  /// @param next runs from the next [#resume] on
  public final void assign(Body next) {
    body = next;
  }

  /// Whether it can be given a body.
  ///
  /// @return false also for a worker whose thread could not be started
  public final boolean isIdle() {
    return body == null;
  }

  /// Switches to the body until it suspends or ends.
  ///
  /// @return whether it has ended, so that the worker is idle
  /// @throws Throwable what the body threw, and the worker is idle then; or the VM, which could not
  ///   start it
  public final boolean resume() throws Throwable {
    switchIn();
    if (body != null) {
      return false;
    }
    Throwable thrown = failure;
    if (thrown != null) {
      failure = null;
      throw thrown;
    }
    return true;
  }

  /// Switches from the body back to the loop until the next [#resume].
  ///
  /// @throws IllegalStateException if the VM cannot suspend this stack
  public final void suspend() {
    switchOut();
  }

  /// Ends the idle worker and its thread, if it has one.
  public final void close() {
    closing = true;
    switchIn();
    afterClose();
  }

  /// The thread that the body runs on, if that is not whichever resumes it.
  ///
  /// @return always the same
  public abstract @Nullable Thread ownThread();

  /// Where the suspended body stands.
  ///
  /// Thread: the loop's; any if the worker has a thread of its own. Without one, a switch at the
  /// same moment would pull the stack away.
  ///
  /// @return innermost frame first; allocates
  public abstract StackTraceElement[] stack();

  abstract void switchIn();

  abstract void switchOut();

  /// Waits until nothing of the worker is left.
  abstract void afterClose();

  /// The worker's own stack.
  final void serve() {
    while (!closing) {
      runBody();
      switchOut();
    }
  }

  /// Whatever a body throws belongs to the loop's caller, an [Error] included.
  @SuppressWarnings("CatchingUnchecked")
  private void runBody() {
    Body current = body;
    if (current == null) {
      throw new IllegalStateException("bug: coroutine: resumed without a body");
    }
    try {
      current.run();
    } catch (Throwable thrown) {
      failure = thrown;
    } finally {
      body = null;
    }
  }
}
