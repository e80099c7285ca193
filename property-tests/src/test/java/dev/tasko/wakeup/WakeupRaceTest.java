package dev.tasko.wakeup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// No interleaving loses a wakeup, and twins of the protocol that could are found.
final class WakeupRaceTest {
  private static final int TWIN_SCHEDULES_MAX = 100;
  private static final int[][] ONE_EACH = {{0}, {1}};
  private static final int[][] ONE_TWICE = {{0, 0}};
  private static final int[][] BOTH_THE_SAME = {{0}, {0}};
  private static final int[][] THREE_MIXED = {{0, 1}, {1, 0}, {0, 0}};
  private static final int[][] FOR_TWINS = {{0, 0}, {0}};

  @Test
  void fire_twoProducersOneEach() {
    exploreAll("2 producers x 1 firing", real(2, ONE_EACH), Explorer.EXHAUSTIVE);
  }

  @Test
  void fire_oneProducerTwice() {
    exploreAll("1 producer x 2 firings", real(1, ONE_TWICE), Explorer.EXHAUSTIVE);
  }

  @Test
  void fire_twoProducersSameInterrupt() {
    exploreAll("2 producers, same interrupt", real(1, BOTH_THE_SAME), Explorer.EXHAUSTIVE);
  }

  @Test
  void fire_threeProducersMixed() {
    exploreAll("3 producers x 2 firings, 3 preemptions", real(2, THREE_MIXED), 3);
  }

  @Test
  void fire_tornOffers() {
    Explorer.Program program =
        threads -> {
          ExploredQueue queue = new ExploredQueue(threads, new ExploredQueue.TornQueue(threads));
          return new FiringRun(threads, new RealProtocol(queue, 2), 2, ONE_EACH);
        };
    exploreAll("2 producers x 1 firing, torn offers, 4 preemptions", program, 4);
  }

  @Test
  void await_twoProducers() {
    exploreAll(
        "2 producers x 1 firing, awaited",
        threads -> new AwaitRun(threads, new ExploredQueue(threads), 2, 1),
        Explorer.EXHAUSTIVE);
  }

  @Test
  void await_threeProducersTwice() {
    exploreAll(
        "3 producers x 2 firings, awaited, 3 preemptions",
        threads -> new AwaitRun(threads, new ExploredQueue(threads), 3, 2),
        3);
  }

  /// The copy that the twins are made of is faithful.
  @Test
  void copy_withoutDefect() {
    assertEquals(
        Explorer.explore(real(1, ONE_TWICE), Explorer.EXHAUSTIVE),
        Explorer.explore(copy(ProtocolCopy.Defect.NONE, ONE_TWICE), Explorer.EXHAUSTIVE));
  }

  @Test
  void twin_withoutRecheck() {
    requireFound(
        "no re-check",
        real(
            1,
            FOR_TWINS,
            threads ->
                new ExploredQueue(threads) {
                  @Override
                  boolean mayPark() {
                    return true;
                  }
                }));
  }

  @Test
  void twin_withoutUnpark() {
    requireFound(
        "no unpark",
        real(
            1,
            FOR_TWINS,
            threads ->
                new ExploredQueue(threads) {
                  @Override
                  void unpark(@Nullable Thread thread) {}
                }));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void twin_ofTheCopy(ProtocolCopy.Defect defect) {
    requireFound(defect.name().toLowerCase(Locale.ROOT).replace('_', ' '), copy(defect, FOR_TWINS));
  }

  private static Explorer.Program real(int sources, int[][] producers) {
    return real(sources, producers, ExploredQueue::new);
  }

  private static Explorer.Program real(
      int sources, int[][] producers, Function<Explorer, ExploredQueue> queues) {
    return threads ->
        new FiringRun(
            threads, new RealProtocol(queues.apply(threads), sources), sources, producers);
  }

  private static Explorer.Program copy(ProtocolCopy.Defect defect, int[][] producers) {
    return threads -> new FiringRun(threads, new ProtocolCopy(threads, defect, 1), 1, producers);
  }

  private static void exploreAll(String name, Explorer.Program program, int preemptionsMax) {
    long startNs = System.nanoTime();
    Explorer.Result result = Explorer.explore(program, preemptionsMax);
    assertNull(result.violation(), result::toString);
    System.out.printf(
        "wakeup explorer: %,d interleavings, 0 lost (%s; %.1f s)%n",
        result.interleavings(), name, (System.nanoTime() - startNs) * 1e-9);
  }

  private static void requireFound(String name, Explorer.Program program) {
    Explorer.Result result = Explorer.find(program, 3);
    assertNotNull(result.violation(), () -> "not found in " + result.interleavings());
    System.out.printf(
        "wakeup explorer: twin '%s' found after %,d schedules: %s%n",
        name, result.interleavings(), result.violation());
    assertTrue(result.interleavings() <= TWIN_SCHEDULES_MAX, result::toString);
  }
}
