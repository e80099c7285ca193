package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.resource.GapResource;
import dev.tasko.resource.ManagedResource;
import dev.tasko.task.ReadyQueue;
import dev.tasko.wheel.TimerWheel;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.agrona.concurrent.NanoClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The corpus of traces notices each broken rule: a figure of "0 differences" means something.
class ConformanceDetectsTest {
  /// A rule, broken.
  record Broken(String rule, Supplier<LoopRules> rules, TraceRun.ResourceFactory resources) {
    Broken(String rule, Supplier<LoopRules> rules) {
      this(rule, rules, ManagedResource::new);
    }

    @Override
    public String toString() {
      return rule;
    }
  }

  @Test
  void corpus_unbrokenRules() throws IOException {
    assertEquals(0, differing(new Broken("none", LoopRules::new)));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void corpus_brokenRuleIsNoticed(Broken broken) throws IOException {
    int differing = differing(broken);
    System.out.println(
        "conformance: broken " + broken.rule() + ": " + differing + " programs differ");
    assertTrue(differing > 0, broken.rule());
  }

  static Stream<Broken> broken() {
    return Stream.of(
        new Broken("order of ready tasks", LastComeFirstServed::new),
        new Broken("order of equal deadlines", EqualDeadlinesReversed::new),
        new Broken("count bound of the sleeper pass", UnboundedPass::new),
        new Broken("clock read anew in the sleeper pass", OneReadingForThePass::new),
        new Broken("rephase after a lost period", CatchesUp::new),
        new Broken("anchor of the phase", AnchoredAtZero::new),
        new Broken("stop and start inside a period", AlwaysDropsGrid::new),
        new Broken("hand-over without a gap", LoopRules::new, GapResource::new));
  }

  private static int differing(Broken broken) throws IOException {
    int differing = 0;
    for (TraceProgram program : TaskoConformanceTest.corpus()) {
      if (!conforms(program, broken)) {
        differing++;
      }
    }
    return differing;
  }

  private static boolean conforms(TraceProgram program, Broken broken) {
    VirtualTime time = new VirtualTime(0);
    LoopConfig config =
        new LoopConfig().virtualTime(time).taskCapacity(256).strict(false).onStranded(tasks -> {});
    config.rules = broken.rules().get();
    try {
      List<String> trace = new TraceRun(program, config, time, broken.resources()).run();
      return TaskoConformanceTest.difference(program, trace).isEmpty();
    } catch (IllegalStateException e) {
      // A rule is broken, not the loop: that would be noticed by any program.
      assertFalse(String.valueOf(e.getMessage()).startsWith("bug:"), e::toString);
      return false;
    }
  }

  private static final class LastComeFirstServed extends LoopRules {
    @Override
    ReadyQueue createReadyQueue(int capacity) {
      return new ReadyStack(capacity);
    }
  }

  /// Whoever is armed sends the one before with the same deadline behind itself.
  private static final class EqualDeadlinesReversed extends LoopRules {
    private final Map<Long, Long> latest = new HashMap<>();

    @Override
    long arm(TimerWheel wheel, long deadlineNs, int task) {
      long handle = super.arm(wheel, deadlineNs, task);
      Long before = latest.put(deadlineNs, handle);
      if (before != null && wheel.isArmed(before)) {
        wheel.postpone(before, deadlineNs);
      }
      return handle;
    }
  }

  private static final class UnboundedPass extends LoopRules {
    @Override
    int sleeperPassLimit(int asleep) {
      return Integer.MAX_VALUE;
    }
  }

  private static final class OneReadingForThePass extends LoopRules {
    private boolean read;
    private long passNowNs;

    @Override
    int sleeperPassLimit(int asleep) {
      read = false;
      return asleep;
    }

    @Override
    long sleeperPassNowNs(NanoClock clock) {
      if (!read) {
        read = true;
        passNowNs = clock.nanoTime();
      }
      return passNowNs;
    }
  }

  private static final class CatchesUp extends LoopRules {
    @Override
    long rephaseNs(long targetNs, long nowNs) {
      return targetNs;
    }
  }

  private static final class AnchoredAtZero extends LoopRules {
    @Override
    long anchorNs(ScheduledTask task, long nowNs) {
      return nowNs - nowNs % task.period().wholeNs();
    }
  }

  private static final class AlwaysDropsGrid extends LoopRules {
    @Override
    StopMode stopMode(StopMode requested) {
      return StopMode.DROP_GRID;
    }
  }
}
