package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tasko.wheel.MutantLoader;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.UnaryOperator;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/// Random histories must find every seeded defect, soon, and show it in a short one.
class CancellationMutantTest {
  private static final long SEED = Setting.number("tasko.cancellation.seed", 20_260_101L);
  private static final long HISTORIES = 5_000;

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void mutant_isCaught(@ForAll CancellationMutant mutant) throws Throwable {
    String found = firstFailure(mutant.className(), mutant::mutate);
    assertNotNull(found, mutant + " survived " + HISTORIES + " histories");
    System.out.println("cancellation mutant " + mutant + ": " + found);
  }

  @Example
  void original_isNotCaught() throws Throwable {
    assertNull(firstFailure(TaskRunner.class.getName(), bytes -> bytes));
  }

  private static @Nullable String firstFailure(String mutated, UnaryOperator<byte[]> mutation)
      throws Throwable {
    String prefix = Loop.class.getPackageName() + ".";
    Class<?> run =
        new MutantLoader(prefix, mutated::equals, mutation)
            .loadClass(CancellationRun.class.getName());
    return (String)
        MethodHandles.privateLookupIn(run, MethodHandles.lookup())
            .findStatic(
                run, "firstFailure", MethodType.methodType(String.class, long.class, long.class))
            .invoke(SEED, HISTORIES);
  }
}
