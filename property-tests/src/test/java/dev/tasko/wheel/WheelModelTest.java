package dev.tasko.wheel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.tasko.Setting;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The wheel against its model: `-Dtasko.wheel.ops=` and `-Dtasko.wheel.seed=` choose how many
/// operations, and which.
class WheelModelTest {
  private static final long OPERATIONS = Setting.number("tasko.wheel.ops", 10_000_000L);
  private static final long SEED = Setting.number("tasko.wheel.seed", 20_260_101L);

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

  /// Found two equal deadlines in the wrong order, when numbers were raised while they began again.
  @Test
  void wheel_batchThatFoundADefect() {
    assertNull(ModelRun.runBatch(7, 1008));
  }

  /// The gate must close when a generator is dropped: each is the only source of its row.
  @ParameterizedTest
  @EnumSource
  void matrix_generatorDropped(OperationMatrix.Row row) {
    Set<Operation.Kind> dropped =
        switch (row) {
          case SCHEDULE -> EnumSet.of(Operation.Kind.SCHEDULE);
          case CANCEL_SELF -> EnumSet.of(Operation.Kind.CANCEL_SELF);
          case CANCEL_NEXT_IN_SLOT -> EnumSet.of(Operation.Kind.CANCEL_NEXT);
          case CANCEL_OTHER ->
              EnumSet.of(
                  Operation.Kind.CANCEL,
                  Operation.Kind.CANCEL_FIRST,
                  Operation.Kind.CANCEL_STALE,
                  Operation.Kind.CANCEL_GARBAGE);
          case POSTPONE ->
              EnumSet.of(
                  Operation.Kind.POSTPONE,
                  Operation.Kind.POSTPONE_FIRST,
                  Operation.Kind.POSTPONE_STALE,
                  Operation.Kind.POSTPONE_SELF,
                  Operation.Kind.POSTPONE_NEXT);
          case THROW -> EnumSet.of(Operation.Kind.THROW);
          case CLEAR -> EnumSet.of(Operation.Kind.CLEAR);
          case NESTED_POLL -> EnumSet.of(Operation.Kind.NESTED_POLL);
          case POLL_SAME_TIME -> EnumSet.of(Operation.Kind.POLL);
        };
    ModelRun.Result result = ModelRun.run(SEED, 100_000, dropped);
    assertNull(result.failure());
    long missing =
        result.matrix().missing().stream().filter(cell -> cell.startsWith(row + " x ")).count();
    assertEquals(OperationMatrix.Context.values().length, missing);
    assertTrue(result.matrix().percent() < 100);
  }
}
