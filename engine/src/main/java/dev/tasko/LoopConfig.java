package dev.tasko;

import dev.tasko.task.CoroutineEngine;
import dev.tasko.task.Delays;
import dev.tasko.task.TaskRecords;
import dev.tasko.wakeup.Sleeper;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.jspecify.annotations.Nullable;

/// What is fixed about a loop when it is made. Each setter checks its value at once and returns
/// this configuration; a loop copies what it needs, so a configuration may be used again.
///
/// Thread: one at a time.
public final class LoopConfig {
  private static final System.Logger LOG = System.getLogger("dev.tasko");
  static final int MAX_QUEUE = 1 << 24;
  private static final int MAX_OFFLOAD_THREADS = 1024;

  int taskCapacity = 1024;
  int interruptCapacity = 256;
  int postCapacity = 1024;
  int offloadThreads = 4;
  NanoClock clock = SystemNanoClock.INSTANCE;
  long spinTailNs;
  @Nullable Sleeper sleeper;
  @Nullable IdleStrategy idleStrategy;
  @Nullable CoroutineEngine engine;
  boolean strict = Loop.class.desiredAssertionStatus();
  Compat compat = Compat.TASKO;
  Consumer<List<Task>> onStranded = LoopConfig::logStranded;
  ErrorPolicy errorPolicy = ErrorPolicy.PROPAGATE;
  int priorities = 1;
  int statisticsCapacity = 256;
  boolean rateStatistics;
  LoopRules rules = new LoopRules();

  /// The defaults named at each setter.
  public LoopConfig() {}

  /// The most tasks alive at one time; by default 1024, some 260 bytes each, and 100 more in a loop
  /// with deadlines.
  ///
  /// @param count 1 to [TaskRecords#MAX_CAPACITY]
  /// @return this
  public LoopConfig taskCapacity(int count) {
    taskCapacity = requireCapacity("taskCapacity", count, TaskRecords.MAX_CAPACITY);
    return this;
  }

  /// The most interrupts and mailboxes; by default 256.
  ///
  /// @param count 1 to 16,777,216
  /// @return this
  public LoopConfig interruptCapacity(int count) {
    interruptCapacity = requireCapacity("interruptCapacity", count, MAX_QUEUE);
    return this;
  }

  /// The most posts that can wait for the loop; by default 1024.
  ///
  /// @param count 1 to 16,777,216
  /// @return this
  public LoopConfig postCapacity(int count) {
    postCapacity = requireCapacity("postCapacity", count, MAX_QUEUE);
    return this;
  }

  /// The most threads for blocking calls, see [Loop#offload]; by default 4. Each is made when it is
  /// needed first.
  ///
  /// @param count 1 to 1024
  /// @return this
  public LoopConfig offloadThreads(int count) {
    offloadThreads = requireCapacity("offloadThreads", count, MAX_OFFLOAD_THREADS);
    return this;
  }

  /// Where the time comes from; by default the system's monotonic clock. Readings are compared by
  /// difference and may start anywhere.
  ///
  /// @param source called on the loop's thread
  /// @return this
  public LoopConfig clock(NanoClock source) {
    clock = Objects.requireNonNull(source, "clock");
    return this;
  }

  /// How much of each sleep until a deadline the loop spends spinning, at its end; by default
  /// nothing. A parked thread is woken late by what the kernel and the processor take to wake it,
  /// some tens of microseconds: spin a little longer than that to be on time, for the price of the
  /// processor's time. What other threads do still wakes the loop at once.
  ///
  /// @param tail at least 0; more than the longest sleep means that it never parks for a deadline
  /// @return this
  /// @throws IllegalArgumentException if it is negative
  public LoopConfig spinTail(Duration tail) {
    long ns = Delays.toNs("tail", tail);
    if (ns < 0) {
      throw new IllegalArgumentException("tail: " + tail + " (expected: >= 0)");
    }
    spinTailNs = ns;
    return this;
  }

  /// How time passes while nothing can run, for a clock that is not the thread's own. By default
  /// the loop parks its thread until the next deadline, and what other threads do wakes it at once.
  ///
  /// While another thread works for a task (an offloaded call, a bus), it is not called: such time
  /// stands still until that thread is done, so that what it does takes none of it. Deadlines wait
  /// as long, and so it does not suit the system's clock where anything is handed over.
  ///
  /// @param replacement called on the loop's thread
  /// @return this
  public LoopConfig sleeper(Sleeper replacement) {
    sleeper = Objects.requireNonNull(replacement, "sleeper");
    return this;
  }

  /// Virtual time: both clock and sleeper.
  ///
  /// @param time jumps to the next deadline when nothing can run
  /// @return this
  public LoopConfig virtualTime(VirtualTime time) {
    return clock(time).sleeper(time);
  }

  /// Runs after every turn in place of any sleep; by default none. How exact the loop is and what
  /// wakes it are then the strategy's affair.
  ///
  /// @param strategy told the work of the turn
  /// @return this
  public LoopConfig idleStrategy(IdleStrategy strategy) {
    idleStrategy = Objects.requireNonNull(strategy, "idleStrategy");
    return this;
  }

  /// How bodies are suspended; by default [CoroutineEngine#best], with one log line if that is not
  /// [CoroutineEngine#CONTINUATION].
  ///
  /// @param choice must work on this VM
  /// @return this
  /// @throws IllegalArgumentException if it does not, with the remedy
  public LoopConfig engine(CoroutineEngine choice) {
    Objects.requireNonNull(choice, "engine");
    if (choice == CoroutineEngine.CONTINUATION && CoroutineEngine.obstacle() != null) {
      throw new IllegalArgumentException(
          "engine: CONTINUATION (expected: BATON, as " + CoroutineEngine.obstacle() + ")");
    }
    engine = choice;
    return this;
  }

  /// Whether a suspension with a monitor or lock held is refused, and places are recorded for error
  /// messages; by default where assertions are enabled. Costs tens of microseconds a suspension.
  /// The caller's own monitors are looked for at each `run` and at the first step.
  ///
  /// @param isStrict for all tasks of the loop
  /// @return this
  public LoopConfig strict(boolean isStrict) {
    strict = isStrict;
    return this;
  }

  /// Which behaviour where two are defensible; by default tasko's.
  ///
  /// @param choice for all tasks of the loop
  /// @return this
  public LoopConfig compat(Compat choice) {
    compat = Objects.requireNonNull(choice, "compat");
    return this;
  }

  /// How many classes of tasks there are; by default 1, with tasko's order. With more, a release
  /// names its task's class ([Release#withPriority]), everything else is in class 0, and the order
  /// is: before each run the loop looks for wakeups and sleepers that are due, and runs the task
  /// that has been ready longest in the most urgent class. A step then runs as many tasks as were
  /// ready when it began.
  ///
  /// Nobody starves: between two runs of a class in which somebody is ready, there are at most `8 +
  /// count - 2` runs of others, and an urgent task waits, besides for the run under way, for at
  /// most `count - 1` less urgent ones.
  ///
  /// @param count 1 to 8
  /// @return this
  public LoopConfig priorities(int count) {
    priorities = requireCapacity("priorities", count, Release.PRIORITIES_MAX);
    return this;
  }

  /// The most tasks with statistics ([ScheduledTask#statistics]) at one time, made when needed, 70
  /// KiB each; by default 256.
  ///
  /// @param count 0, which switches them off, to 1,048,576
  /// @return this
  public LoopConfig statisticsCapacity(int count) {
    statisticsCapacity = count == 0 ? 0 : requireCapacity("statisticsCapacity", count, 1 << 20);
    return this;
  }

  /// Whether tasks that are scheduled at a rate have statistics too, not only those with a
  /// [Release]; by default not. While any task has, the clock is read once more for each run.
  ///
  /// @param isOn for tasks scheduled from now on
  /// @return this
  public LoopConfig rateStatistics(boolean isOn) {
    rateStatistics = isOn;
    return this;
  }

  /// Told of the tasks that are still suspended when `run` returns; by default they are logged.
  ///
  /// @param listener called on the loop's thread
  /// @return this
  public LoopConfig onStranded(Consumer<List<Task>> listener) {
    onStranded = Objects.requireNonNull(listener, "onStranded");
    return this;
  }

  /// What becomes of a task that throws and has no policy of its own; by default
  /// [ErrorPolicy#PROPAGATE], as tasko.
  ///
  /// @param policy for all tasks of the loop
  /// @return this
  public LoopConfig errorPolicy(ErrorPolicy policy) {
    errorPolicy = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /// Only one of them would ever be called.
  void requireOneWayOfIdling() {
    if (sleeper != null && idleStrategy != null) {
      throw new IllegalArgumentException(
          "idleStrategy: "
              + idleStrategy.alias()
              + " besides a sleeper (expected: one of them; virtual time needs its sleeper)");
    }
  }

  static int requireCapacity(String name, int count, int max) {
    if (count < 1 || count > max) {
      throw new IllegalArgumentException(name + ": " + count + " (expected: 1 to " + max + ")");
    }
    return count;
  }

  private static void logStranded(List<Task> tasks) {
    String report = Report.of(tasks.getFirst().loop.runner(), tasks);
    LOG.log(System.Logger.Level.WARNING, "run: returns with tasks still suspended:\n" + report);
  }
}
