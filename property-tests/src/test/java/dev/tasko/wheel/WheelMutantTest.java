package dev.tasko.wheel;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tasko.Setting;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The model test must find every seeded defect, soon, and show it in a short program.
class WheelMutantTest {
  private static final long SEED = Setting.number("tasko.wheel.seed", 20_260_101L);
  private static final int BATCHES = 200;

  @ParameterizedTest
  @EnumSource
  void mutant_isCaught(WheelMutant mutant) throws Throwable {
    String found = firstFailure(mutant::mutate, BATCHES);
    assertNotNull(found, "survived " + BATCHES + " batches");
    System.out.println("wheel mutant " + mutant + ": " + found);
  }

  @Test
  void original_isNotCaught() throws Throwable {
    assertNull(firstFailure(WheelMutant::guard, BATCHES));
  }

  private static @Nullable String firstFailure(UnaryOperator<byte[]> mutation, int batches)
      throws Throwable {
    Class<?> run = new MutantLoader(mutation).loadClass(ModelRun.class.getName(), true);
    return (String)
        MethodHandles.privateLookupIn(run, MethodHandles.lookup())
            .findStatic(
                run, "firstFailure", MethodType.methodType(String.class, long.class, int.class))
            .invoke(SEED, batches);
  }
}
