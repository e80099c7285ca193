package dev.tasko.safety;

import dev.tasko.Loop;
import dev.tasko.Pulse;
import dev.tasko.task.Failures;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Runs a loop whose outputs take a safe value at its end, whatever that is.
///
/// ```java
/// try (Loop loop = new Loop();
///     SafeStop safe = new SafeStop(loop)) {
///   safe.output("heater", () -> heater.setHigh(false));   // may be driven by any thread
///   safe.outputOnLoop("servo", servo::relax);             // needs the loop's thread
///   loop.schedule(1000, this::control);
///   safe.run();
/// }
/// ```
///
/// **When the loop ends**, by [Loop#stop], because nothing is left to do, by an error or by the end
/// of the process, every task is cancelled and has time to end ([Loop#closeWithin]), and then each
/// output is driven, on the loop's thread, in the order of registration, each even if another one
/// fails. Only after that is anything logged, or waited for that is not a task. That holds for
/// whatever closes the loop, an `AgentRunner` too.
///
/// **When the loop cannot**, a watchdog's thread drives those outputs that any thread may drive:
/// when one turn takes too long, when the loop's thread has ended, or when the stop takes longer
/// than its bound. It names the culprit and all tasks in the log, with the stack of the one that
/// runs. A loop that comes back after a stall does not go on: it ends after that turn, its tasks
/// are unwound, the outputs are driven once more, since the tasks may have driven them meanwhile,
/// and a [StalledException] is thrown. So an action must be harmless when it is done twice, also by
/// two threads at the same time. One in which a thread is stuck is left to it; the others are
/// driven around it.
///
/// **How long it takes.** From the stop, or the error, until the outputs are safe: the rest of the
/// present turn, `unwindWithin`, and what bodies broken off then take to end. If that is more than
/// `unwindWithin + 2 * stalledAfter`, or the turn takes more than `2 * stalledAfter`, the watchdog
/// drives them at that time. It is quiet while the loop sleeps: it wakes four times in
/// `stalledAfter` while there are turns, and not at all from one `stalledAfter` after the last.
///
/// **Under real-time scheduling** a thread inherits scheduling and processor from the one that
/// makes it. Make the SafeStop first and enter [dev.tasko.linux.RealTime] then, so that a task that
/// spins does not keep its watchdog from the processor.
///
/// Thread: the loop's.
public final class SafeStop implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dev.tasko");

  /// What has come of it so far, in this order.
  private enum Phase {
    SETTING_UP,
    WATCHED,
    /// The loop is closed and each output was driven.
    SAFE,
    ENDED
  }

  private final Loop loop;
  private final SafeStopConfig config;
  private final Pulse pulse;
  private final Outputs outputs = new Outputs();
  private final Watchdog watchdog;
  private final long lookNs;
  private final long overdueNs;
  private final Thread watchdogThread;
  private final CountDownLatch done = new CountDownLatch(1);
  private @Nullable Thread hook;
  private boolean runs;

  /// Publishes the outputs.
  private volatile Phase phase = Phase.SETTING_UP;

  private volatile @Nullable StalledException stall;

  /// Makes one with the defaults of [SafeStopConfig].
  ///
  /// @param loop to be run by this
  /// @throws IllegalStateException if it has one already, or is closed
  public SafeStop(Loop loop) {
    this(loop, new SafeStopConfig());
  }

  /// Makes one. Its watchdog is a daemon thread.
  ///
  /// @param loop to be run by this
  /// @param config not to be changed afterwards
  /// @throws IllegalStateException if the loop has one already, or is closed
  public SafeStop(Loop loop, SafeStopConfig config) {
    this.loop = Objects.requireNonNull(loop, "loop");
    this.config = Objects.requireNonNull(config, "config");
    pulse = loop.pulse();
    pulse.claim("SafeStop", this::makeSafe);
    lookNs = config.stalledNs / Watchdog.LOOKS;
    overdueNs = config.unwindNs + 2 * config.stalledNs;
    watchdog = new Watchdog(pulse, config.stalledNs, overdueNs);
    watchdogThread = new Thread(this::watchLoop, "tasko-watchdog");
    watchdogThread.setDaemon(true);
    watchdogThread.start();
  }

  // Outputs.

  /// Registers an output that may be driven to its safe value by any thread: without the loop, a
  /// bus that tasks share, or a lock that a task may hold.
  ///
  /// @param name for messages
  /// @param drive to the safe value; may be called twice, and by two threads at the same time
  /// @return this
  /// @throws IllegalArgumentException if the name is there already
  /// @throws IllegalStateException if the loop runs already
  public SafeStop output(String name, Runnable drive) {
    requireSettingUp("output");
    outputs.add(name, drive, true);
    return this;
  }

  /// Registers an output that only the loop's thread may drive, after all tasks have ended. The
  /// watchdog cannot help it.
  ///
  /// @param name for messages
  /// @param drive to the safe value; must not suspend
  /// @return this
  /// @throws IllegalArgumentException if the name is there already
  /// @throws IllegalStateException if the loop runs already
  public SafeStop outputOnLoop(String name, Runnable drive) {
    requireSettingUp("outputOnLoop");
    outputs.add(name, drive, false);
    return this;
  }

  // Running.

  /// Runs the loop as [Loop#run], and stops it safely: on return it is closed.
  ///
  /// What the loop threw is thrown here, with what tasks threw on their way out and the outputs
  /// that could not be driven suppressed.
  ///
  /// @throws StalledException if the watchdog had to drive the outputs
  /// @throws IllegalStateException if it ran before
  public void run() {
    watch();
    runs = true;
    Throwable failure = null;
    try {
      loop.run();
    } catch (Throwable thrown) {
      failure = thrown;
    }
    end(failure);
  }

  /// Has the loop watched without running it: for one that something else steps by [Loop#doWork],
  /// such as an `AgentRunner`. That throws when the loop is to stop, by SIGTERM or after a stall;
  /// whoever called it then closes the loop, as an `AgentRunner` does, or calls [#close].
  ///
  /// @throws IllegalStateException if it is watched already, or was
  public void watch() {
    requireSettingUp("run");
    pulse.requireClosable("run");
    if (config.onTermination) {
      hook = new Thread(this::onTermination, "tasko-safe-stop");
      Runtime.getRuntime().addShutdownHook(hook);
    }
    phase = Phase.WATCHED;
    LockSupport.unpark(watchdogThread);
  }

  /// Stops safely, if [#run] has not done so: closes the loop and drives the outputs. A loop whose
  /// thread has ended cannot be closed; its outputs are driven here then, all of them.
  ///
  /// @throws StalledException if the watchdog had to drive the outputs
  /// @throws IllegalStateException if called from a task or a callback
  @Override
  public void close() {
    if (phase != Phase.ENDED) {
      pulse.requireClosable("close");
      end(null);
    }
  }

  /// What the watchdog has found first.
  ///
  /// Thread: any.
  ///
  /// @return `null` as long as all is well
  public @Nullable StalledException stall() {
    return stall;
  }

  private void requireSettingUp(String operation) {
    if (phase != Phase.SETTING_UP) {
      String found = phase == Phase.WATCHED ? "the loop runs already" : "it is closed";
      throw new IllegalStateException(operation + ": " + found + " (expected: before run)");
    }
  }

  private void end(@Nullable Throwable cause) {
    watchdog.stopBegins(config.clock.nanoTime());
    LockSupport.unpark(watchdogThread);
    Throwable failure = Failures.join(cause, closeLoop());
    phase = Phase.ENDED;
    done.countDown();
    awaitWatchdog();
    removeHook();
    Failures.throwIfAny(Failures.join(stall, failure));
  }

  /// It may be about to drive the outputs, which are the caller's again from here on. If it is
  /// stuck in one of them it is left there.
  private void awaitWatchdog() {
    LockSupport.unpark(watchdogThread);
    boolean interrupted = Thread.interrupted();
    try {
      watchdogThread.join(Duration.ofNanos(config.stalledNs));
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable Throwable closeLoop() {
    try {
      if (pulse.isDead()) {
        makeSafe();
      } else {
        loop.closeWithin(Duration.ofNanos(config.unwindNs));
      }
      return null;
    } catch (Throwable thrown) {
      return thrown;
    }
  }

  /// When the last task has ended.
  private void makeSafe() {
    Throwable failure = outputs.drive();
    phase = Phase.SAFE;
    LockSupport.unpark(watchdogThread);
    if (!runs) {
      done.countDown(); // nobody need call close
    }
    Failures.throwIfAny(failure);
  }

  // The end of the process.

  /// The process lives until this returns.
  private void onTermination() {
    loop.stop();
    if (!awaitDone(overdueNs + 2 * config.stalledNs)) {
      Throwable failure = driveApart();
      LOG.log(
          System.Logger.Level.ERROR,
          "the process ends before its loop has stopped:\n" + pulse.dump(),
          failure);
    }
  }

  private boolean awaitDone(long limitNs) {
    try {
      return done.await(limitNs, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void removeHook() {
    Thread added = hook;
    if (added != null) {
      try {
        Runtime.getRuntime().removeShutdownHook(added);
      } catch (IllegalStateException shuttingDown) {
        // It runs, or has run.
      }
    }
  }

  // The watchdog's thread.

  private void watchLoop() {
    while (phase == Phase.SETTING_UP) {
      LockSupport.park(this);
    }
    long dueNs = config.clock.nanoTime();
    while (phase == Phase.WATCHED) {
      long nowNs = config.clock.nanoTime();
      Watchdog.Finding finding = watchdog.look(nowNs);
      switch (finding) {
        case ALIVE -> {
          dueNs = nextLookNs(dueNs, nowNs);
          parkUntil(dueNs);
        }
        case ASLEEP -> pulse.parkWhileAsleep();
        default -> raiseAlarm(finding, nowNs);
      }
    }
  }

  /// On a grid, so that what the looks are late does not add up; but never so soon after a late one
  /// that several see the same standstill of the machine.
  private long nextLookNs(long dueNs, long nowNs) {
    long onGridNs = dueNs + lookNs;
    long soonestNs = nowNs + lookNs / 2;
    return onGridNs - soonestNs < 0 ? soonestNs : onGridNs;
  }

  private void parkUntil(long deadlineNs) {
    long leftNs = deadlineNs - config.clock.nanoTime();
    while (leftNs > 0 && phase == Phase.WATCHED) {
      LockSupport.parkNanos(this, leftNs);
      leftNs = deadlineNs - config.clock.nanoTime();
    }
  }

  /// First the outputs, then words. To see the stack of a thread it has to be brought to a halt,
  /// which may take its time; only who runs is read at once, before that shows the outputs' effect.
  private void raiseAlarm(Watchdog.Finding finding, long nowNs) {
    String culprit = pulse.running();
    loop.stop();
    Throwable failure = driveApart();
    StalledException found = watchdog.describe(finding, culprit, nowNs);
    if (failure != null) {
      found.addSuppressed(failure);
    }
    if (stall == null) {
      stall = found;
    }
    tell(
        found,
        () -> LOG.log(System.Logger.Level.ERROR, found.getMessage() + "\n" + found.tasks(), found));
    tell(found, () -> config.onStall.accept(found));
  }

  /// Who is told must not be the end of the watchdog.
  private static void tell(StalledException found, Runnable telling) {
    try {
      telling.run();
    } catch (Throwable thrown) {
      found.addSuppressed(thrown);
    }
  }

  /// On a thread of its own. If that is stuck in one output, the caller drives those around it.
  private @Nullable Throwable driveApart() {
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Thread driver = new Thread(() -> failure.set(outputs.driveFromAnyThread()), "tasko-outputs");
    driver.setDaemon(true);
    try {
      driver.start();
      if (driver.join(Duration.ofNanos(lookNs))) {
        return failure.get();
      }
    } catch (InterruptedException | OutOfMemoryError e) {
      // There is nobody to interrupt it; and there may be no thread to be had.
    }
    return outputs.driveAround();
  }
}
