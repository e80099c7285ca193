package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.task.CoroutineEngine;
import dev.tasko.task.ReadyQueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Random tasks that yield, sleep, work, suspend and resume each other, against a loop of lists:
/// the traces are equal, line by line, and whoever is ready runs in the very next step.
class LoopOrderPropertiesTest {
  /// What a task does.
  enum Kind {
    YIELD,
    SLEEP,
    WORK,
    SUSPEND,
    RESUME
  }

  /// One thing that a task does, with a time where it needs one.
  record Operation(Kind kind, int ns) {}

  @Provide
  Arbitrary<List<List<Operation>>> programs() {
    Arbitrary<Operation> operations =
        Combinators.combine(Arbitraries.of(Kind.class), Arbitraries.integers().between(-1, 6))
            .as(Operation::new);
    return operations.list().ofMaxSize(12).list().ofMinSize(1).ofMaxSize(10);
  }

  @Property(tries = 1000)
  void order_isThatOfTheModel(@ForAll("programs") List<List<Operation>> programs) {
    assertEquals(new Model(programs).run(), new Run(CoroutineEngine.CONTINUATION, programs).run());
  }

  /// Seeded: last come, first served.
  @Example
  void order_ofAStackIsCaught() {
    assertTrue(programs().sampleStream().limit(100).anyMatch(this::isCaughtWithAStack));
  }

  private boolean isCaughtWithAStack(List<List<Operation>> programs) {
    LoopRules stack =
        new LoopRules() {
          @Override
          ReadyQueue createReadyQueue(int capacity) {
            return new ReadyStack(capacity);
          }
        };
    try {
      List<String> trace = new Run(CoroutineEngine.CONTINUATION, stack, programs).run();
      return !trace.equals(new Model(programs).run());
    } catch (AssertionError waitedForAnotherRound) {
      return true;
    }
  }

  @Property(tries = 50)
  void order_isThatOfTheModelOnThreads(@ForAll("programs") List<List<Operation>> programs) {
    assertEquals(new Model(programs).run(), new Run(CoroutineEngine.BATON, programs).run());
  }

  private static String line(long nowNs, int task, int operation) {
    return nowNs + " " + task + "." + operation;
  }

  private static final class Run {
    private final List<List<Operation>> programs;
    private final VirtualTime time = new VirtualTime(0);
    private final Loop loop;
    private final List<String> trace = new ArrayList<>();
    private final ArrayDeque<Suspension> suspended = new ArrayDeque<>();

    Run(CoroutineEngine engine, List<List<Operation>> programs) {
      this(engine, new LoopRules(), programs);
    }

    Run(CoroutineEngine engine, LoopRules rules, List<List<Operation>> programs) {
      this.programs = programs;
      LoopConfig config =
          new LoopConfig().engine(engine).virtualTime(time).strict(false).onStranded(tasks -> {});
      config.rules = rules;
      loop = new Loop(config);
    }

    List<String> run() {
      for (int i = 0; i < programs.size(); i++) {
        int task = i;
        loop.addTask(() -> live(task));
      }
      try (loop) {
        loop.run();
      }
      return trace;
    }

    private void live(int task) {
      List<Operation> operations = programs.get(task);
      for (int i = 0; i < operations.size(); i++) {
        trace.add(line(time.nanoTime(), task, i));
        perform(operations.get(i));
      }
      trace.add(line(time.nanoTime(), task, operations.size()));
    }

    private void perform(Operation operation) {
      switch (operation.kind()) {
        case YIELD -> {
          long turn = loop.turns();
          loop.yieldNow();
          assertEquals(turn + 1, loop.turns(), "rounds waited");
        }
        case SLEEP -> loop.sleepNs(operation.ns());
        case WORK -> time.advance(Math.max(operation.ns(), 0));
        case SUSPEND -> {
          Suspension suspension = loop.suspend();
          suspended.add(suspension);
          suspension.await();
        }
        case RESUME -> {
          Suspension suspension = suspended.poll();
          if (suspension != null) {
            suspension.resume();
          }
        }
      }
    }
  }

  /// tasko's loop in the fewest words.
  private static final class Model {
    private final List<List<Operation>> programs;
    private final int[] next;
    private final ArrayDeque<Integer> ready = new ArrayDeque<>();
    private final List<Sleeper> sleepers = new ArrayList<>();
    private final ArrayDeque<Integer> suspended = new ArrayDeque<>();
    private final List<String> trace = new ArrayList<>();
    private long nowNs;

    private record Sleeper(long deadlineNs, int task) {}

    Model(List<List<Operation>> programs) {
      this.programs = programs;
      next = new int[programs.size()];
      for (int task = 0; task < programs.size(); task++) {
        ready.add(task);
      }
    }

    List<String> run() {
      while (!ready.isEmpty() || !sleepers.isEmpty()) {
        step();
      }
      return trace;
    }

    private void step() {
      for (int left = ready.size(); left > 0; left--) {
        live(ready.remove());
      }
      for (int left = sleepers.size(); left > 0; left--) {
        if (sleepers.getFirst().deadlineNs() > nowNs) {
          break;
        }
        live(sleepers.removeFirst().task());
      }
      if (ready.isEmpty() && !sleepers.isEmpty()) {
        nowNs = Math.max(nowNs, sleepers.getFirst().deadlineNs());
      }
    }

    private void live(int task) {
      boolean runs = true;
      while (runs) {
        int number = next[task];
        next[task]++;
        trace.add(line(nowNs, task, number));
        runs = number < programs.get(task).size() && goesOn(task, programs.get(task).get(number));
      }
    }

    private boolean goesOn(int task, Operation operation) {
      switch (operation.kind()) {
        case YIELD -> ready.add(task);
        case SLEEP -> {
          sleepers.add(new Sleeper(nowNs + operation.ns(), task));
          sleepers.sort(Comparator.comparingLong(Sleeper::deadlineNs));
        }
        case SUSPEND -> suspended.add(task);
        case WORK -> nowNs += Math.max(operation.ns(), 0);
        case RESUME -> {
          if (!suspended.isEmpty()) {
            ready.add(suspended.remove());
          }
        }
      }
      return operation.kind() == Kind.WORK || operation.kind() == Kind.RESUME;
    }
  }
}
