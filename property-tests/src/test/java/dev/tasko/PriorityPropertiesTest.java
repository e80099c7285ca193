package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.task.ReadyClasses;
import dev.tasko.task.ReadyQueue;
import dev.tasko.task.Scheduler;
import dev.tasko.task.TaskRecords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/// Random classes and loads: in its class a ready task waits for one run of each other at most, and
/// no class waits for more runs of others than the bound says. Two queues that break this on
/// purpose are caught.
class PriorityPropertiesTest {
  private static final int RUNS = 400;

  /// A task: its class, its period, how long it runs, and whether it yields in between.
  record Load(int priority, int periodNs, int runNs, boolean yields) {}

  @Provide
  Arbitrary<List<Load>> loads() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(1, 40),
            Arbitraries.integers().between(0, 30),
            Arbitraries.of(true, false))
        .as(Load::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }

  @Property(tries = 500)
  void nobodyWaitsLongerThanTheBound(@ForAll("loads") List<Load> loads) {
    assertEquals(List.of(), violations(loads, new Observed()));
  }

  /// Of the queue alone, with more classes and tasks that come and go.
  @Property(tries = 200)
  void queue_keepsTheBound(@ForAll @IntRange(min = 2, max = 8) int classes, @ForAll long seed) {
    TaskRecords records = new TaskRecords(32);
    Judge judge = new Judge(new ReadyClasses(32, classes, records), classes, records);
    Random random = new Random(seed);
    for (int i = 0; i < 32; i++) {
      records.priority(records.allocate(), random.nextInt(classes));
    }
    for (int i = 0; i < 2000; i++) {
      int task = random.nextInt(32);
      switch (random.nextInt(8)) {
        case 0 -> judge.remove(task);
        case 1, 2, 3 -> judge.take();
        default -> {
          if (!judge.contains(task)) {
            judge.add(task);
          }
        }
      }
    }
    assertEquals(List.of(), judge.wrong);
  }

  /// Seeded: the urgent always first.
  @Example
  void unbounded_isCaught() {
    Observed rules =
        new Observed() {
          @Override
          ReadyQueue queue(int capacity, int count, TaskRecords records) {
            return new ReadyClasses(capacity, count, records) {
              @Override
              protected boolean goesBefore(int passes, int urgentPasses) {
                return false;
              }
            };
          }
        };
    assertTrue(
        violations(overload(), rules).stream().anyMatch(line -> line.startsWith("class")),
        "not caught");
  }

  /// Seeded: one class served last come, first served.
  @Example
  void lastComeFirstServed_isCaught() {
    Observed rules =
        new Observed() {
          @Override
          ReadyQueue queue(int capacity, int count, TaskRecords records) {
            return new ReadyStack(capacity);
          }
        };
    assertTrue(
        violations(overload(), rules).stream().anyMatch(line -> line.startsWith("task")),
        "not caught");
  }

  @Example
  void bounded_overloadIsServed() {
    assertEquals(List.of(), violations(overload(), new Observed()));
  }

  private static List<Load> overload() {
    return List.of(
        new Load(3, 10, 30, true),
        new Load(3, 10, 30, true),
        new Load(2, 10, 10, true),
        new Load(0, 10, 5, true),
        new Load(0, 10, 5, true),
        new Load(0, 10, 5, true));
  }

  private static List<String> violations(List<Load> loads, Observed rules) {
    LoopConfig config = new LoopConfig().taskCapacity(64).strict(false).priorities(4);
    VirtualTime time = new VirtualTime(0);
    config.virtualTime(time).rules = rules;
    int[] left = {RUNS};
    try (Loop loop = new Loop(config)) {
      for (Load load : loads) {
        Release release =
            Release.every(Duration.ofNanos(load.periodNs()))
                .withPriority(load.priority())
                .withMissedTicks(MissedTicks.BURST);
        loop.schedule(release, () -> live(loop, time, load, left));
      }
      loop.run();
    }
    assertFalse(rules.judge().takes < Math.min(RUNS, 10), "too little was run");
    return rules.judge().wrong;
  }

  private static void live(Loop loop, VirtualTime time, Load load, int[] left) {
    time.advance(load.runNs());
    left[0]--;
    if (left[0] <= 0) {
      loop.stop();
    }
    if (load.yields()) {
      loop.yieldNow();
      time.advance(load.runNs());
    }
  }

  /// tasko's rules with a judge before the ready queue.
  private static class Observed extends LoopRules {
    private final List<Judge> judges = new ArrayList<>();

    @Override
    ReadyQueue createReadyClasses(int capacity, int priorities, TaskRecords records) {
      judges.add(new Judge(queue(capacity, priorities, records), priorities, records));
      return judges.getFirst();
    }

    ReadyQueue queue(int capacity, int count, TaskRecords records) {
      return new ReadyClasses(capacity, count, records);
    }

    Judge judge() {
      return judges.getFirst();
    }
  }

  /// Passes all on and counts: for each ready task the runs of each other of its class, for each
  /// class with ready tasks the runs of other classes.
  private static final class Judge extends ReadyQueue {
    private final ReadyQueue queue;
    private final int bound;
    private final TaskRecords records;
    private final int[] passes;
    private final List<Integer> ready = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private int takes;

    Judge(ReadyQueue queue, int classes, TaskRecords records) {
      super(1);
      this.queue = queue;
      this.records = records;
      bound = 8 + classes - 2;
      passes = new int[classes];
    }

    boolean contains(int task) {
      return ready.contains(task);
    }

    @Override
    public void add(int task) {
      ready.add(task);
      queue.add(task);
    }

    @Override
    public int take() {
      int task = queue.take();
      if (task != Scheduler.NO_TASK) {
        takes++;
        judge(task);
        ready.removeIf(other -> other == task);
      }
      return task;
    }

    private void judge(int task) {
      int chosen = records.priority(task);
      for (int other : ready) {
        if (other == task) {
          break;
        }
        if (records.priority(other) == chosen) {
          wrong.add("task " + task + " before " + other + ", which was ready before");
        }
      }
      int[] waiting = new int[passes.length];
      ready.forEach(other -> waiting[records.priority(other)]++);
      for (int i = 0; i < passes.length; i++) {
        passes[i] = i == chosen || waiting[i] == 0 ? 0 : passes[i] + 1;
        if (passes[i] > bound) {
          wrong.add("class " + i + " waits for " + Arrays.toString(passes));
        }
      }
    }

    @Override
    public int remove(int task) {
      ready.removeIf(other -> other == task);
      return queue.remove(task);
    }

    @Override
    public int size() {
      return queue.size();
    }

    @Override
    public boolean isEmpty() {
      return queue.isEmpty();
    }
  }
}
