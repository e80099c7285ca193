package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tasko.task.CoroutineEngine;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Random tasks that wait in every way, in limits, shields and groups, while they are cancelled at
/// random moments: nothing granted is lost, nothing waits too long or throws without a reason, and
/// everything ends. `-Dtasko.cancellation.histories=` and `-Dtasko.cancellation.seed=` choose how
/// many histories, and which.
class CancellationPropertiesTest {
  private static final long HISTORIES = Setting.number("tasko.cancellation.histories", 5_000);
  private static final long SEED = Setting.number("tasko.cancellation.seed", 20_260_101L);

  @Provide
  Arbitrary<CancellationHistory> histories() {
    return CancellationHistory.any();
  }

  @Example
  void cancellation_randomHistories() {
    assertNull(CancellationRun.firstFailure(SEED, HISTORIES));
    System.out.printf(
        Locale.ROOT, "cancellation: %,d histories, 0 wrong, seed %d%n", HISTORIES, SEED);
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void cancellation_isAsTheShadowSays(@ForAll("histories") CancellationHistory history) {
    assertEquals(List.of(), new CancellationRun(CoroutineEngine.CONTINUATION, history).run());
  }

  @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
  void cancellation_isAsTheShadowSaysOnThreads(@ForAll("histories") CancellationHistory history) {
    assertEquals(List.of(), new CancellationRun(CoroutineEngine.BATON, history).run());
  }
}
