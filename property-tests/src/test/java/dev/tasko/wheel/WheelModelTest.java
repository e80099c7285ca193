package dev.tasko.wheel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// The wheel against its model: `-Dtasko.wheel.ops=` and `-Dtasko.wheel.seed=` choose how many
/// operations, and which.
class WheelModelTest {
  private static final long OPERATIONS = Long.getLong("tasko.wheel.ops", 10_000_000L);
  private static final long SEED = Long.getLong("tasko.wheel.seed", 20_260_101L);

  @Test
  void wheel_randomOperations() {
    ModelRun.Result result = ModelRun.run(SEED, OPERATIONS);
    ModelRun.Failure failure = result.failure();
    if (failure != null) {
      fail(failure.toString());
    }
    System.out.println(result.matrix());
    System.out.printf(
        Locale.ROOT,
        "wheel model: %,d operations, 0 divergences, matrix %d %%, seed %d%n",
        result.operations(),
        result.matrix().percent(),
        SEED);
    assertTrue(result.operations() >= OPERATIONS);
    assertEquals(List.of(), result.matrix().missing());
  }
}
