package dev.tasko;

import dev.tasko.task.Period;
import dev.tasko.task.TaskRecords;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/// When a task is released, and what it promises: a period, the phase of its first release, and for
/// each activation a deadline and a budget.
///
/// ```text
///    start          release                              deadline      next release
///   ───┼───────────────┼────────────────────────────────────┼───────────────┼──
///      ├──── phase ────┼─ lateness ─▓▓▓▓▓▓── waits ──▓▓▓▓▓  │               │
///                      │            └─ runs: the budget ─┘  │               │
///                      ├───────────── deadline ─────────────┘               │
///                      └───────────────────────── period ───────────────────┘
/// ```
///
/// The start is the task's first turn; tasks that have it in the same step have the same start, so
/// their phases are exact among each other. What a `with` method leaves out stays as it is, and
/// what nobody names is: no phase, no deadline, no budget, [MissedTicks#REPHASE], priority 0.
///
/// Immutable; each copy is checked when it is made. The names are the RTSJ's
/// (`PeriodicParameters`).
///
/// Thread: any. Allocates: a copy for each method.
public final class Release {
  static final int PRIORITIES_MAX = 8;

  private static final System.Logger LOG = System.getLogger("dev.tasko");

  final Period period;
  private long phaseNs;
  private long deadlineNs;
  private long budgetNs;
  private MissedTicks missedTicks = MissedTicks.REPHASE;
  private int priority;
  private Consumer<? super DeadlineMiss> onMiss = Release::logFirst;
  private Consumer<? super ScheduledTask> onOverrun = task -> {};

  private Release(Period period) {
    this.period = period;
  }

  /// All four times at once.
  ///
  /// @param period between two releases
  /// @param phase from the start to the first release, shorter than the period
  /// @param deadline from each release, at most the period
  /// @param budget the longest an activation may run, at most the deadline
  /// @throws IllegalArgumentException if they contradict each other
  public Release(Duration period, Duration phase, Duration deadline, Duration budget) {
    this(Period.of(1, Objects.requireNonNull(period, "period")));
    setPhase(Objects.requireNonNull(phase, "phase"));
    setDeadline(deadline);
    setBudget(budget);
  }

  /// A release each period.
  ///
  /// @param period 1 ns to 146 years
  /// @return with everything else as by default
  /// @throws IllegalArgumentException if the period is out of range
  public static Release every(Duration period) {
    return new Release(Period.of(1, Objects.requireNonNull(period, "period")));
  }

  /// So many releases each second, at exact fractions of it: 3 do not drift in a year.
  ///
  /// @param count positive
  /// @return with everything else as by default
  /// @throws IllegalArgumentException if the period is not 1 ns to 146 years
  public static Release perSecond(long count) {
    return times(count, Duration.ofSeconds(1));
  }

  /// So many releases in a span of time, at exact fractions of it.
  ///
  /// @param count positive
  /// @param span in which there are so many
  /// @return with everything else as by default
  /// @throws IllegalArgumentException if the period is not 1 ns to 146 years
  public static Release times(long count, Duration span) {
    return new Release(Period.of(count, Objects.requireNonNull(span, "span")));
  }

  /// Moves the releases.
  ///
  /// @param phase from the start to the first release; not negative, shorter than the period
  /// @return a copy with it
  /// @throws IllegalArgumentException if it is out of range
  public Release withPhase(Duration phase) {
    Release copy = copy();
    copy.setPhase(Objects.requireNonNull(phase, "phase"));
    return copy;
  }

  /// Sets a deadline.
  ///
  /// @param deadline from each release to the latest end of its activation; positive, and at most
  ///   the period unless late activations are made up for ([MissedTicks#BURST], to be set before)
  /// @return a copy with it
  /// @throws IllegalArgumentException if it is out of range, or shorter than the budget
  public Release withDeadline(Duration deadline) {
    Release copy = copy();
    copy.setDeadline(deadline);
    return copy;
  }

  /// Sets a budget. It counts the time in which the task itself runs, not that in which it waits;
  /// an overrun is noticed when the task waits or ends.
  ///
  /// @param budget of each activation; positive, and at most the deadline, or without one the
  ///   period
  /// @return a copy with it
  /// @throws IllegalArgumentException if it is out of range
  public Release withBudget(Duration budget) {
    Release copy = copy();
    copy.setBudget(budget);
    return copy;
  }

  /// Sets what becomes of lost activations.
  ///
  /// @param policy by default [MissedTicks#REPHASE]
  /// @return a copy with it
  /// @throws IllegalArgumentException if the deadline is longer than the period and needs the
  ///   present policy
  public Release withMissedTicks(MissedTicks policy) {
    Release copy = copy();
    copy.missedTicks = Objects.requireNonNull(policy, "policy");
    copy.requireDeadlineFits();
    return copy;
  }

  /// Sets the class in which the task runs, among those of the loop ([LoopConfig#priorities]).
  ///
  /// @param number 0, the least urgent and everybody's, to 7
  /// @return a copy with it
  /// @throws IllegalArgumentException if it is out of range
  public Release withPriority(int number) {
    if (number < 0 || number >= PRIORITIES_MAX) {
      throw new IllegalArgumentException(
          "priority: " + number + " (expected: 0 to " + (PRIORITIES_MAX - 1) + ")");
    }
    Release copy = copy();
    copy.priority = number;
    return copy;
  }

  /// Sets what is told of each missed deadline; by default the first of each task is logged.
  ///
  /// @param handler called on the loop's own stack as soon as the loop can, before any task; what
  ///   it throws leaves `step` or `run` after the task that was about to run
  /// @return a copy with it
  public Release withMissHandler(Consumer<? super DeadlineMiss> handler) {
    Release copy = copy();
    copy.onMiss = Objects.requireNonNull(handler, "handler");
    return copy;
  }

  /// Sets what is told of each activation that has run for longer than its budget; by default it is
  /// only counted.
  ///
  /// @param handler called on the loop's own stack when the task has come to a wait or to the end
  ///   of its activation, once for an activation; what it throws leaves `step` or `run`
  /// @return a copy with it
  public Release withOverrunHandler(Consumer<? super ScheduledTask> handler) {
    Release copy = copy();
    copy.onOverrun = Objects.requireNonNull(handler, "handler");
    return copy;
  }

  private Release copy() {
    Release copy = new Release(period);
    copy.phaseNs = phaseNs;
    copy.deadlineNs = deadlineNs;
    copy.budgetNs = budgetNs;
    copy.missedTicks = missedTicks;
    copy.priority = priority;
    copy.onMiss = onMiss;
    copy.onOverrun = onOverrun;
    return copy;
  }

  private void setPhase(Duration phase) {
    if (phase.isNegative() || phase.compareTo(Duration.ofNanos(longestPhaseNs(period))) > 0) {
      throw new IllegalArgumentException(
          "phase: " + phase + " (expected: not negative and shorter than the period)");
    }
    phaseNs = phase.toNanos();
  }

  private static long longestPhaseNs(Period period) {
    return period.remainder() == 0 ? period.wholeNs() - 1 : period.wholeNs();
  }

  private void setDeadline(Duration deadline) {
    deadlineNs = positiveNs("deadline", Objects.requireNonNull(deadline, "deadline"));
    requireDeadlineFits();
    requireBudgetFits();
  }

  private void setBudget(Duration budget) {
    budgetNs = positiveNs("budget", Objects.requireNonNull(budget, "budget"));
    requireBudgetFits();
  }

  private static long positiveNs(String name, Duration duration) {
    if (!duration.isPositive()) {
      throw new IllegalArgumentException(name + ": " + duration + " (expected: > 0)");
    }
    if (duration.compareTo(Duration.ofNanos(Period.MAX_NS)) > 0) {
      throw new IllegalArgumentException(name + ": " + duration + " (expected: at most 146 years)");
    }
    return duration.toNanos();
  }

  private void requireDeadlineFits() {
    if (missedTicks != MissedTicks.BURST && deadlineNs > period.wholeNs()) {
      throw new IllegalArgumentException(
          "deadline: "
              + Duration.ofNanos(deadlineNs)
              + " (expected: at most the period, or MissedTicks.BURST)");
    }
  }

  private void requireBudgetFits() {
    boolean isDeadline = deadlineNs > 0;
    if (budgetNs > (isDeadline ? deadlineNs : period.wholeNs())) {
      throw new IllegalArgumentException(
          "budget: "
              + Duration.ofNanos(budgetNs)
              + " (expected: at most the "
              + (isDeadline ? "deadline)" : "period)"));
    }
  }

  /// Whether the promises can be kept at another rate.
  void requireFits(double rateHz, Period changed) {
    long leastNs = deadlineNs == 0 ? budgetNs : missedTicks == MissedTicks.BURST ? 0 : deadlineNs;
    if (leastNs > changed.wholeNs() || phaseNs > longestPhaseNs(changed)) {
      throw new IllegalArgumentException(
          "rateHz: "
              + rateHz
              + " (expected: a period longer than the phase, and at least the deadline or budget, "
              + Duration.ofNanos(Math.max(leastNs, phaseNs))
              + ")");
    }
  }

  private static void logFirst(DeadlineMiss miss) {
    if (miss.task().deadlinesMissed() == 1) {
      LOG.log(System.Logger.Level.WARNING, "{0} (said once)", miss.toString());
    }
  }

  // For the loop.

  long phaseNs() {
    return phaseNs;
  }

  long deadlineNs() {
    return deadlineNs;
  }

  long budgetNs() {
    return budgetNs;
  }

  void requireClass(int priorities) {
    if (priority >= priorities) {
      throw new IllegalArgumentException(
          "priority: "
              + priority
              + " (expected: 0 to "
              + (priorities - 1)
              + "; raise priorities in LoopConfig)");
    }
  }

  boolean isWatched() {
    return deadlineNs > 0 || budgetNs > 0;
  }

  /// Writes down what a turn needs.
  void fillRecord(TaskRecords records, int index) {
    records.set(index, TaskRecords.RELEASE | flagOf(missedTicks));
    records.priority(index, priority);
  }

  private static int flagOf(MissedTicks policy) {
    return switch (policy) {
      case REPHASE -> 0;
      case BURST -> TaskRecords.BURST;
      case SKIP -> TaskRecords.SKIP;
      case DELAY -> TaskRecords.DELAY;
    };
  }

  void missed(DeadlineMiss miss) {
    onMiss.accept(miss);
  }

  void overran(ScheduledTask task) {
    onOverrun.accept(task);
  }
}
