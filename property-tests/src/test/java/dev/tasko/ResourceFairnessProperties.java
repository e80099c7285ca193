package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.resource.Handle;
import dev.tasko.resource.Lease;
import dev.tasko.resource.ManagedResource;
import dev.tasko.task.CoroutineEngine;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/// Random tasks on one resource, against a queue: it is granted first come first served, each
/// waiter after exactly as many grants as stood before it, and nothing that is thrown loses it.
class ResourceFairnessProperties {
  /// How one turn with the resource goes.
  enum End {
    CLOSES,
    BODY_THROWS,
    ACQUIRE_THROWS,
    RELEASE_THROWS,
    FORGETS
  }

  /// One turn: a wait, the request, a time with the resource, the end.
  record Turn(int delayNs, int holdNs, boolean yields, End end) {}

  private static final class Seeded extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Provide
  Arbitrary<List<List<Turn>>> programs() {
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
                    Tuple.of(1, End.FORGETS)))
            .as(Turn::new);
    return turns.list().ofMinSize(1).ofMaxSize(6).list().ofMinSize(1).ofMaxSize(8);
  }

  @Property(tries = 500)
  void grants_areFirstComeFirstServed(@ForAll("programs") List<List<Turn>> programs) {
    new Run(CoroutineEngine.CONTINUATION).run(programs);
  }

  @Property(tries = 50)
  void grants_areFirstComeFirstServedOnThreads(@ForAll("programs") List<List<Turn>> programs) {
    new Run(CoroutineEngine.BATON).run(programs);
  }

  /// One program with its model: who has asked and was not granted yet, in order.
  private static final class Run {
    private final ArrayDeque<Integer> asked = new ArrayDeque<>();
    private final Map<Integer, Integer> grantsLeft = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private final Loop loop;
    private final ManagedResource<String, Integer> resource;
    private int holder = -1;
    private End end = End.CLOSES;
    private int grants;
    private int failures;

    Run(CoroutineEngine engine) {
      loop =
          new Loop(
              new LoopConfig().engine(engine).virtualTime(new VirtualTime(0)).strict(false));
      resource = new ManagedResource<>(loop, "bus", this::granted, this::released);
    }

    void run(List<List<Turn>> programs) {
      int expected = 0;
      for (int task = 0; task < programs.size(); task++) {
        List<Turn> turns = programs.get(task);
        int named = task;
        for (Turn turn : turns) {
          Handle<String, Integer> handle = resource.handle(named);
          loop.runLater(Duration.ofNanos(turn.delayNs()), () -> take(named, handle, turn));
          expected++;
        }
      }
      try (loop) {
        runOn();
      }
      assertEquals(List.of(), wrong);
      assertEquals(expected, grants);
      assertFalse(resource.isOwned());
      assertTrue(asked.isEmpty());
    }

    /// An exception leaves the run; the rest goes on in the next.
    private void runOn() {
      for (boolean done = false; !done; ) {
        try {
          loop.run();
          done = true;
        } catch (Seeded | IllegalStateException e) {
          failures++;
          check(failures <= grants, "more failures than turns: " + e);
        }
      }
    }

    private void take(int task, Handle<String, Integer> handle, Turn turn) {
      int ticket = grants + asked.size();
      asked.add(task);
      Lease<String> lease = acquire(handle, turn);
      check(ticket == grants - 1, "overtaken: ticket " + ticket + ", grant " + (grants - 1));
      try {
        hold(turn);
      } finally {
        check(holder == task, "held by " + holder + ", not " + task);
        end = turn.end();
        if (turn.end() != End.FORGETS) {
          lease.close();
        }
      }
    }

    private Lease<String> acquire(Handle<String, Integer> handle, Turn turn) {
      if (turn.end() == End.ACQUIRE_THROWS) {
        grantsLeft.merge(handle.argument(), 1, Integer::sum);
      }
      return handle.acquire();
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
      check(holder == -1, "granted while held by " + holder);
      Integer first = asked.poll();
      check(first != null && first == task, "granted to " + task + " before " + first);
      grants++;
      if (grantsLeft.getOrDefault(task, 0) > 0) {
        grantsLeft.merge(task, -1, Integer::sum);
        throw new Seeded();
      }
      holder = task;
    }

    private void released(int task) {
      check(holder == task, "released by " + task + ", held by " + holder);
      holder = -1;
      if (end == End.RELEASE_THROWS) {
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
