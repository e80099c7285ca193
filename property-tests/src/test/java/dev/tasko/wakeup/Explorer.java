package dev.tasko.wakeup;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;
import org.jspecify.annotations.Nullable;

/// Runs a small concurrent program once for every interleaving of its threads.
///
/// Each simulated thread is a continuation that comes back to the explorer wherever it calls
/// [#point]; the explorer chooses who goes on. A run is the list of its choices. The next run
/// repeats that list up to the last choice with an alternative left and takes that: depth first, no
/// state to restore, as every run builds the program anew.
///
/// Parking is exact: a permit, and a parked thread does not run until it is unparked. A thread in
/// [#pause] waits for another one to take a step; without that a spinning thread would make
/// infinitely many runs.
///
/// Memory is sequentially consistent here, so this proves the protocols, not the memory modes. All
/// code between two points is one step.
///
/// A run ends when nobody can go on. What must hold then is the program's [Outcome#violation]: a
/// thread may end parked, but not if there is something for it to do.
final class Explorer {
  /// One concurrent program.
  @FunctionalInterface
  interface Program {
    /// Makes fresh objects and starts the threads.
    ///
    /// @return what to ask in the end
    Outcome start(Explorer threads);
  }

  /// One run of it.
  @FunctionalInterface
  interface Outcome {
    /// Says what is wrong when nobody can go on, or `null`.
    @Nullable String violation();
  }

  /// What an exploration found.
  ///
  /// @param interleavings run
  /// @param violation the first, in words; `null` if every run was right
  /// @param schedule the choices that led to it, as the name of the thread for each step
  record Result(long interleavings, @Nullable String violation, String schedule) {}

  /// No limit on how often a thread that could go on is interrupted.
  static final int EXHAUSTIVE = Integer.MAX_VALUE;

  private static final ContinuationScope SCOPE = new ContinuationScope("explorer");
  private static final int MAX_STEPS = 2000;

  private final List<SimulatedThread> threads = new ArrayList<>();
  private final int preemptionsMax;
  private @Nullable SimulatedThread running;
  private @Nullable SimulatedThread next;
  private @Nullable String failure;

  private final int[] chosen = new int[MAX_STEPS];
  private final int[] alternatives = new int[MAX_STEPS];
  private final SimulatedThread[] candidates = new SimulatedThread[8];
  private final SimulatedThread[] trace = new SimulatedThread[MAX_STEPS];
  private int repeated;
  private int steps;
  private int preemptions;

  private Explorer(int preemptionsMax) {
    this.preemptionsMax = preemptionsMax;
  }

  /// Explores until the first violation or to the end.
  ///
  /// @param preemptionsMax how often a thread that could go on may be interrupted in one run
  static Result explore(Program program, int preemptionsMax) {
    Explorer explorer = new Explorer(preemptionsMax);
    long runs = 0;
    int prefix = 0;
    do {
      String violation = explorer.run(program, prefix);
      runs++;
      if (violation != null) {
        return new Result(runs, violation, explorer.schedule());
      }
      prefix = explorer.nextPrefix();
    } while (prefix > 0);
    return new Result(runs, null, "");
  }

  /// Explores with no preemption, then with one, and so on: what is wrong shows in the simplest run
  /// and soon. Source: Musuvathi & Qadeer, "Iterative Context Bounding", 2007.
  ///
  /// @param preemptionsMax of the last exploration
  static Result find(Program program, int preemptionsMax) {
    long runs = 0;
    for (int preemptions = 0; preemptions <= preemptionsMax; preemptions++) {
      Result result = explore(program, preemptions);
      runs += result.interleavings();
      if (result.violation() != null) {
        return new Result(runs, result.violation(), result.schedule());
      }
    }
    return new Result(runs, null, "");
  }

  // For the program.

  /// Starts a thread; it runs when it is chosen.
  SimulatedThread thread(String name, Runnable body) {
    SimulatedThread thread = new SimulatedThread(name, body);
    threads.add(thread);
    return thread;
  }

  /// Another thread may go on here.
  void point() {
    if (running != null) {
      giveWay(running);
    }
  }

  /// Waits until another thread has taken a step.
  void pause() {
    pauseSince(stepsOfOthers());
  }

  /// Waits until another thread has taken a step since then, when this one began to look in vain.
  ///
  /// @param stepsBefore what [#stepsOfOthers] was then
  void pauseSince(int stepsBefore) {
    SimulatedThread thread = running();
    thread.pausing = stepsOfOthers() == stepsBefore;
    giveWay(thread);
  }

  /// The steps that the other threads have taken.
  int stepsOfOthers() {
    return steps - 1 - running().steps;
  }

  /// `LockSupport.park`, without a deadline.
  void park() {
    SimulatedThread thread = running();
    if (thread.permit) {
      thread.permit = false;
    } else {
      thread.parked = true;
      giveWay(thread);
    }
  }

  /// `LockSupport.unpark`.
  void unpark(SimulatedThread thread) {
    if (thread.parked) {
      thread.parked = false;
    } else {
      thread.permit = true;
    }
  }

  private SimulatedThread running() {
    SimulatedThread thread = running;
    if (thread == null) {
      throw new IllegalStateException("no simulated thread is running");
    }
    return thread;
  }

  // One run.

  private @Nullable String run(Program program, int prefix) {
    repeated = prefix;
    steps = 0;
    preemptions = 0;
    failure = null;
    threads.clear();
    Outcome outcome = program.start(this);
    next = choose(null);
    while (next != null) {
      running = next;
      running.continuation.run();
    }
    running = null;
    if (failure != null) {
      return failure;
    }
    return isAnyPausing() ? "a thread spins for ever" : outcome.violation();
  }

  /// Ends a step. Switches only if another thread is chosen.
  private void giveWay(SimulatedThread thread) {
    endStep(thread);
    if (next != thread) {
      Continuation.yield(SCOPE);
    }
  }

  private void endStep(SimulatedThread thread) {
    thread.steps++;
    for (SimulatedThread other : threads) {
      if (other != thread) {
        other.pausing = false;
      }
    }
    next = choose(thread);
  }

  /// Who takes the next step, or `null` at the end of the run.
  private @Nullable SimulatedThread choose(@Nullable SimulatedThread last) {
    int count = failure == null ? findCandidates(last) : 0;
    if (count == 0) {
      return null;
    }
    if (steps == MAX_STEPS) {
      failure = "more than " + MAX_STEPS + " steps";
      return null;
    }
    alternatives[steps] = count;
    if (steps >= repeated) {
      chosen[steps] = 0;
    }
    SimulatedThread choice = candidates[chosen[steps]];
    if (last != null && choice != last && last.isRunnable()) {
      preemptions++;
    }
    trace[steps++] = choice;
    return choice;
  }

  /// The thread that ran last comes first, so that the first runs are the simple ones.
  private int findCandidates(@Nullable SimulatedThread last) {
    int count = 0;
    if (last != null && last.isRunnable()) {
      candidates[count++] = last;
      if (preemptions == preemptionsMax) {
        return count;
      }
    }
    for (SimulatedThread thread : threads) {
      if (thread != last && thread.isRunnable()) {
        candidates[count++] = thread;
      }
    }
    return count;
  }

  private boolean isAnyPausing() {
    return threads.stream().anyMatch(thread -> thread.pausing);
  }

  private int nextPrefix() {
    for (int last = steps - 1; last >= 0; last--) {
      if (chosen[last] + 1 < alternatives[last]) {
        chosen[last]++;
        return last + 1;
      }
    }
    return 0;
  }

  /// Who took each step of the last run.
  private String schedule() {
    return Arrays.stream(trace, 0, steps).map(thread -> thread.name).collect(joining(" "));
  }

  /// A thread of the program.
  final class SimulatedThread {
    private final String name;
    private final Continuation continuation;
    private boolean permit;
    private boolean parked;
    private boolean pausing;
    private boolean ended;
    private int steps;

    private SimulatedThread(String name, Runnable body) {
      this.name = name;
      continuation = new Continuation(SCOPE, () -> runBody(body));
    }

    /// Whatever it throws is a violation.
    @SuppressWarnings("CatchingUnchecked")
    private void runBody(Runnable body) {
      try {
        body.run();
      } catch (Throwable thrown) {
        failure = name + ": " + thrown.getMessage();
      }
      ended = true;
      endStep(this);
    }

    boolean isParked() {
      return parked;
    }

    private boolean isRunnable() {
      return !parked && !pausing && !ended;
    }
  }
}
