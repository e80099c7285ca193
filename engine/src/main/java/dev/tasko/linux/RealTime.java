package dev.tasko.linux;

import dev.tasko.task.Threads;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Asks the kernel to run the calling thread when it should: one call, which says what it could not
/// get and why, and is undone by [#close].
///
/// ```java
/// try (RealTime realTime = RealTime.enter(new RealTimeConfig().processor(3))) {
///   System.out.println(realTime);
///   loop.run();
/// }
/// ```
///
/// Nothing that is refused is an error: the thread runs as before in that respect. Scheduling by
/// priority and locked memory need root, or the rights that a service file grants (`LimitRTPRIO`,
/// `LimitMEMLOCK=infinity`); timer slack and processor need nothing.
///
/// It reaches one thread, and those that it makes later unless they call [#undoInherited]: with
/// coroutines on platform threads (`BATON`) bodies run on those. Locked memory is the process's, as
/// long as one that asked for it has not closed.
///
/// Thread: entered and closed on the same one. Allocates: yes; for the start of a program.
public final class RealTime implements AutoCloseable {
  /// One thing asked for.
  ///
  /// @param name of the setting
  /// @param wanted its value
  /// @param obstacle why it is not so, or `null` if it is
  public record Setting(String name, String wanted, @Nullable String obstacle) {
    /// Whether the kernel has granted it.
    ///
    /// @return `obstacle == null`
    public boolean isGranted() {
      return obstacle == null;
    }

    @Override
    public String toString() {
      return name + " " + wanted + (obstacle == null ? "" : ": refused, " + obstacle);
    }
  }

  /// How to undo something.
  ///
  /// @param ofThread whether it is undone for the calling thread only
  /// @param call returns below 0 if it failed
  private record Undo(boolean ofThread, IntSupplier call) {}

  /// Of the thread that made the calling one, or of itself.
  private static final InheritableThreadLocal<@Nullable RealTime> INHERITED =
      new InheritableThreadLocal<>();

  /// The kernel locks the memory of a process, whoever asks, and how often.
  private static final AtomicInteger MEMORY_LOCKS = new AtomicInteger();

  private final Thread thread = Thread.currentThread();
  private final @Nullable RealTime outer = INHERITED.get();
  private final List<Setting> settings = new ArrayList<>();
  private final List<Undo> undoing = new CopyOnWriteArrayList<>();
  private boolean closed;

  private RealTime() {}

  /// Sets what is configured for the calling thread, as far as it can.
  ///
  /// @param config what is wanted
  /// @return what was got
  /// @throws IllegalStateException on another system than 64-bit Linux
  public static RealTime enter(RealTimeConfig config) {
    Objects.requireNonNull(config, "config");
    requireLinux();
    RealTime realTime = new RealTime();
    realTime.setTimerSlack(config.timerSlackNs);
    if (config.processor >= 0) {
      realTime.setProcessor(config.processor);
    }
    if (config.lockMemory) {
      realTime.lockMemory();
    }
    // Last: from here on nothing else runs on that processor.
    if (config.priority > 0) {
      realTime.setPriority(config.priority);
    }
    INHERITED.set(realTime);
    Threads.prepareBy(RealTime::undoInherited);
    return realTime;
  }

  /// The processors that the calling thread may run on, which a container or `taskset` may have
  /// made fewer: candidates for [RealTimeConfig#processor].
  ///
  /// @return a bit for each, numbered as the kernel does; the caller's own
  /// @throws IllegalStateException on another system than 64-bit Linux, or if the kernel does not
  ///   tell
  public static BitSet processors() {
    requireLinux();
    byte[] mask = new byte[LibC.AFFINITY_BYTES];
    int result = LibC.readAffinity(mask);
    if (result < 0) {
      throw new IllegalStateException("processors: " + LibC.describe(result));
    }
    return BitSet.valueOf(mask);
  }

  private static void requireLinux() {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!system.matches("Linux (amd64|aarch64)")) {
      throw new IllegalStateException(
          "RealTime: " + system + " (expected: Linux on amd64 or aarch64)");
    }
  }

  /// Undoes for the calling thread what it has inherited from the one that made it, if that has
  /// entered: the kernel hands scheduling and processor on. Else it does nothing. For the first
  /// statement of a thread that is to run beside the loop; the loop's own for blocking calls do it.
  ///
  /// @return whether the kernel has taken all of it back
  public static boolean undoInherited() {
    RealTime inherited = INHERITED.get();
    if (inherited != null && inherited.thread.equals(Thread.currentThread())) {
      return true;
    }
    int failed = 0;
    for (RealTime entered = inherited; entered != null; entered = entered.outer) {
      failed = Math.min(failed, entered.undo(true));
    }
    INHERITED.remove();
    return failed == 0;
  }

  private void setTimerSlack(long slackNs) {
    int before = LibC.timerSlackNs();
    add(
        "timer slack",
        slackNs + " ns",
        LibC.timerSlackNs(slackNs),
        new Undo(true, () -> LibC.timerSlackNs(before)));
  }

  private void setProcessor(int processor) {
    byte[] before = new byte[LibC.AFFINITY_BYTES];
    int read = LibC.readAffinity(before);
    byte[] mask = new byte[LibC.AFFINITY_BYTES];
    mask[processor / Byte.SIZE] = (byte) (1 << processor % Byte.SIZE);
    int result = read < 0 ? read : LibC.affinity(mask);
    add(
        "processor",
        String.valueOf(processor),
        result,
        new Undo(true, () -> LibC.affinity(before)));
  }

  private void lockMemory() {
    int result = LibC.lockMemory();
    if (result >= 0) {
      MEMORY_LOCKS.incrementAndGet();
    }
    add("memory", "locked", result, new Undo(false, RealTime::unlockMemory));
  }

  private static int unlockMemory() {
    return MEMORY_LOCKS.decrementAndGet() == 0 ? LibC.unlockMemory() : 0;
  }

  private void setPriority(int priority) {
    int policy = LibC.scheduler();
    int before = LibC.priority();
    int result = LibC.scheduler(LibC.SCHED_FIFO, priority);
    add(
        "SCHED_FIFO priority",
        String.valueOf(priority),
        result,
        new Undo(true, () -> LibC.scheduler(policy, before)));
  }

  private void add(String name, String wanted, int result, Undo undo) {
    settings.add(new Setting(name, wanted, result < 0 ? LibC.describe(result) : null));
    if (result >= 0) {
      undoing.addFirst(undo);
    }
  }

  /// What was asked for, and what became of it.
  ///
  /// @return in the order of asking
  public List<Setting> settings() {
    return List.copyOf(settings);
  }

  /// Whether all that was asked for was granted.
  ///
  /// @return no obstacle in [#settings]
  public boolean isComplete() {
    return settings.stream().allMatch(Setting::isGranted);
  }

  /// Undoes what was granted, the last first. A second call does nothing.
  ///
  /// @throws IllegalStateException on another thread, or if the kernel does not take something back
  @Override
  public void close() {
    Thread current = Thread.currentThread();
    if (!current.equals(thread)) {
      throw new IllegalStateException(
          "close: called on thread " + current.getName() + " (expected: " + thread.getName() + ")");
    }
    if (closed) {
      return;
    }
    closed = true;
    int failed = undo(false); // and kept: threads made meanwhile may still have to
    INHERITED.set(outer);
    if (failed < 0) {
      throw new IllegalStateException("close: a setting stays: " + LibC.describe(failed));
    }
  }

  private int undo(boolean ofThreadOnly) {
    int failed = 0;
    for (Undo undo : undoing) {
      if (undo.ofThread || !ofThreadOnly) {
        failed = Math.min(failed, undo.call.getAsInt());
      }
    }
    return failed;
  }

  @Override
  public String toString() {
    return settings.toString();
  }
}
