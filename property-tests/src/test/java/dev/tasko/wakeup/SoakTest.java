package dev.tasko.wakeup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.Setting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A real loop that parks, real threads that fire and post. Small in every build;
/// `-Dtasko.soak.wakeups=1000000000` makes it a soak.
final class SoakTest {
  private static final long WAKEUPS = Setting.number("tasko.soak.wakeups", 2_000_000);
  private static final long NO_DROPS = Long.MAX_VALUE;
  private static final long PATIENCE_NS = 20_000_000_000L;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void soak_losesNothing(int producers) throws InterruptedException {
    Soak.Figures figures = Soak.run(producers, WAKEUPS / 3, NO_DROPS, PATIENCE_NS);
    System.out.println("wakeup soak: " + figures);
    assertEquals(0, figures.lost());
    assertEquals(0, figures.reordered());
    assertEquals(0, figures.stalls());
    assertTrue(figures.sleeps() > 100, figures::toString);
  }

  /// The figures would show it.
  @Test
  void soak_noticesDroppedWakeups() throws InterruptedException {
    Soak.Figures figures = Soak.run(1, 40_000, 10_000, 1_000_000);
    System.out.println("wakeup soak: twin that drops one in 10,000: " + figures);
    assertTrue(figures.lost() >= 3 && figures.lost() <= 4, figures::toString);
    assertTrue(figures.stalls() > 0, figures::toString);
    assertTrue(figures.reordered() > 0, figures::toString);
  }
}
