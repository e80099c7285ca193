package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.resource.GapResource;
import dev.tasko.resource.Lease;
import dev.tasko.resource.ManagedResource;
import dev.tasko.task.CoroutineEngine;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/// Random tasks on one resource, against a queue: it is granted first come first served, each
/// waiter after exactly as many grants as stood before it, and nothing that is thrown loses it.
class ResourceFairnessPropertiesTest {
  /// How one turn with the resource goes.
  enum End {
    CLOSES,
    BODY_THROWS,
    ACQUIRE_THROWS,
    RELEASE_THROWS,
    FORGETS
  }

  /// One task's turn: a wait, the request, a time with the resource, the end; some ask again at
  /// once, before whoever waits can run.
  record Turn(int delayNs, int holdNs, boolean yields, End end, int more) {
    int grants() {
      return end == End.CLOSES ? 1 + more : 1;
    }
  }

  private static final class Seeded extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Provide
  Arbitrary<List<Turn>> programs() {
    Arbitrary<Turn> turns =
        Combinators.combine(
                Arbitraries.integers().between(0, 20),
                Arbitraries.integers().between(-1, 10),
                Arbitraries.of(true, false),
                Arbitraries.frequency(
                    Tuple.of(6, End.CLOSES),
                    Tuple.of(1, End.BODY_THROWS),
                    Tuple.of(1, End.ACQUIRE_THROWS),
                    Tuple.of(1, End.RELEASE_THROWS),
                    Tuple.of(1, End.FORGETS)),
                Arbitraries.integers().between(0, 2))
            .as(Turn::new);
    return turns.list().ofMinSize(1).ofMaxSize(30);
  }

  /// Seeded: a lock that is free for whoever comes first when it is released.
  @Example
  void gap_isCaught() {
    assertTrue(
        programs()
            .sampleStream()
            .limit(100)
            .anyMatch(turns -> {
              try {
                new Run(CoroutineEngine.CONTINUATION, GapResource::new, turns).run();
                return false;
              } catch (AssertionError unfair) {
                return true;
              }
            }));
  }

  @Property(tries = 500)
  void grants_areFirstComeFirstServed(@ForAll("programs") List<Turn> turns) {
    new Run(CoroutineEngine.CONTINUATION, turns).run();
  }

  @Property(tries = 50)
  void grants_areFirstComeFirstServedOnThreads(@ForAll("programs") List<Turn> turns) {
    new Run(CoroutineEngine.BATON, turns).run();
  }

  /// Of a resource, which may be a broken one.
  private interface ResourceFactory {
    ManagedResource<String, Integer> create(
        Loop loop,
        String resource,
        Consumer<? super Integer> onAcquire,
        Consumer<? super Integer> onRelease);
  }

  /// One program with its model: who has asked and was not granted yet, in order.
  private static final class Run {
    private static final int NOBODY = -1;

    private final List<Turn> turns;
    private final ArrayDeque<Integer> asked = new ArrayDeque<>();
    private final List<String> wrong = new ArrayList<>();
    private final Loop loop;
    private final ManagedResource<String, Integer> resource;
    private int holder = NOBODY;
    private int grants;
    private int failures;

    Run(CoroutineEngine engine, List<Turn> turns) {
      this(engine, ManagedResource::new, turns);
    }

    Run(CoroutineEngine engine, ResourceFactory resources, List<Turn> turns) {
      this.turns = turns;
      loop =
          new Loop(new LoopConfig().engine(engine).virtualTime(new VirtualTime(0)).strict(false));
      resource = resources.create(loop, "bus", this::granted, this::released);
    }

    void run() {
      for (int i = 0; i < turns.size(); i++) {
        int task = i;
        loop.runLater(Duration.ofNanos(turns.get(task).delayNs()), () -> take(task));
      }
      try (loop) {
        runOn();
      }
      assertEquals(List.of(), wrong);
      assertEquals(turns.stream().mapToInt(Turn::grants).sum(), grants);
      assertEquals(turns.stream().filter(turn -> turn.end() != End.CLOSES).count(), failures);
      assertFalse(resource.isOwned());
      assertTrue(asked.isEmpty());
    }

    /// An exception leaves the run; the rest goes on in the next.
    private void runOn() {
      while (failures <= turns.size()) {
        try {
          loop.run();
          return;
        } catch (Seeded | IllegalStateException e) {
          failures++;
        }
      }
    }

    private void take(int task) {
      Turn turn = turns.get(task);
      for (int left = turn.grants(); left > 0; left--) {
        take(task, turn);
      }
    }

    private void take(int task, Turn turn) {
      int ticket = grants + asked.size();
      asked.add(task);
      Lease<String> lease = resource.handle(task).acquire();
      check(ticket == grants - 1, "ticket " + ticket + " is grant " + (grants - 1));
      try {
        hold(turn);
      } finally {
        check(holder == task, "held by " + holder + ", not " + task);
        if (turn.end() != End.FORGETS) {
          lease.close();
        }
      }
    }

    private void hold(Turn turn) {
      if (turn.yields()) {
        loop.yieldNow();
      }
      if (turn.holdNs() >= 0) {
        loop.sleepNs(turn.holdNs());
      }
      if (turn.end() == End.BODY_THROWS) {
        throw new Seeded();
      }
    }

    private void granted(int task) {
      check(holder == NOBODY, "granted while held by " + holder);
      Integer first = asked.poll();
      check(Objects.equals(first, task), "granted to " + task + " before " + first);
      grants++;
      if (turns.get(task).end() == End.ACQUIRE_THROWS) {
        throw new Seeded();
      }
      holder = task;
    }

    private void released(int task) {
      check(holder == task, "released by " + task + ", held by " + holder);
      holder = NOBODY;
      if (turns.get(task).end() == End.RELEASE_THROWS) {
        throw new Seeded();
      }
    }

    private void check(boolean holds, String what) {
      if (!holds) {
        wrong.add(what);
      }
    }
  }
}
