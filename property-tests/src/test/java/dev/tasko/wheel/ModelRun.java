package dev.tasko.wheel;

import dev.tasko.wheel.Operation.Kind;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Batch after batch of random operations until enough are done or one fails.
///
/// Everything follows from the seed: batch `n` of seed `s` is always the same program.
final class ModelRun {
  private static final int BATCH = 10_000;
  private static final int MAX_SHRINK_RUNS = 5_000;

  /// What a run has found.
  ///
  /// @param operations how many were done
  /// @param batches how many were begun
  /// @param failure the first divergence, with the shortest program that shows it
  record Result(long operations, int batches, OperationMatrix matrix, @Nullable Failure failure) {}

  /// @param seed of the run
  /// @param batch from 1
  /// @param cause what was seen first
  /// @param program the shortest that fails
  /// @param shrunkCause what is seen with it
  record Failure(
      long seed,
      int batch,
      Throwable cause,
      WheelDriver.Setup setup,
      List<Operation> program,
      Throwable shrunkCause) {
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      text.append("seed ").append(seed).append(", batch ").append(batch).append(": ").append(cause);
      text.append("\nrun again with -Dtasko.wheel.seed=").append(seed);
      text.append("\n").append(setup).append(", shrunk to: ").append(shrunkCause);
      for (Operation operation : program) {
        text.append("\n  ").append(operation);
      }
      return text.toString();
    }
  }

  private final long seed;
  private final Set<Kind> dropped;
  private final OperationMatrix matrix = new OperationMatrix();
  private long operations;

  private ModelRun(long seed, Set<Kind> dropped) {
    this.seed = seed;
    this.dropped = dropped;
  }

  static Result run(long seed, long maxOperations) {
    return run(seed, maxOperations, EnumSet.noneOf(Kind.class));
  }

  static Result run(long seed, long maxOperations, Set<Kind> dropped) {
    return new ModelRun(seed, dropped).run(maxOperations);
  }

  /// One batch by itself.
  ///
  /// @return `null` if it does not fail
  static @Nullable Failure runBatch(long seed, int batch) {
    return new ModelRun(seed, EnumSet.noneOf(Kind.class)).runBatch(batch);
  }

  /// For a class loader that has another wheel: which batch fails, and how short it can be made.
  ///
  /// @return `null` if none fails, else a line
  static @Nullable String firstFailure(long seed, int maxBatches) {
    ModelRun run = new ModelRun(seed, EnumSet.noneOf(Kind.class));
    for (int batch = 1; batch <= maxBatches; batch++) {
      Failure failure = run.runBatch(batch);
      if (failure != null) {
        return String.format(
            java.util.Locale.ROOT,
            "batch %d, %d operations left: %s",
            batch,
            Shrinker.weight(failure.program()),
            failure.shrunkCause());
      }
    }
    return null;
  }

  private Result run(long maxOperations) {
    int batch = 0;
    while (operations < maxOperations) {
      Failure failure = runBatch(++batch);
      if (failure != null) {
        return new Result(operations, batch, matrix, failure);
      }
    }
    return new Result(operations, batch, matrix, null);
  }

  private @Nullable Failure runBatch(int batch) {
    long batchSeed = seed + batch * 0x9E3779B97F4A7C15L;
    OperationGenerator generator = new OperationGenerator(batchSeed, batch, dropped);
    List<Operation> program = generator.program(BATCH);
    WheelDriver driver = new WheelDriver(generator.setup(), matrix);
    try {
      operations += driver.run(program);
      return null;
    } catch (RuntimeException | AssertionError e) {
      return shrink(batch, e, generator.setup(), program);
    }
  }

  private Failure shrink(
      int batch, Throwable cause, WheelDriver.Setup setup, List<Operation> program) {
    WheelDriver.Setup strict = strict(setup, setup.capacity());
    for (int capacity = 1; capacity < setup.capacity(); capacity = 2 * capacity) {
      if (failure(strict(setup, capacity), program) != null) {
        strict = strict(setup, capacity);
        break;
      }
    }
    return shrink(batch, cause, program, strict);
  }

  private Failure shrink(
      int batch, Throwable cause, List<Operation> program, WheelDriver.Setup strict) {
    int[] runs = {0};
    List<Operation> shrunk =
        Shrinker.shrink(
            program,
            candidate -> runs[0]++ < MAX_SHRINK_RUNS && failure(strict, candidate) != null);
    Throwable last = failure(strict, shrunk);
    return new Failure(seed, batch, cause, strict, shrunk, last == null ? cause : last);
  }

  /// With every check after every operation.
  private static WheelDriver.Setup strict(WheelDriver.Setup setup, int capacity) {
    return new WheelDriver.Setup(
        capacity, setup.startNs(), setup.firstGeneration(), setup.numberBits(), 1);
  }

  private static @Nullable Throwable failure(WheelDriver.Setup setup, List<Operation> program) {
    try {
      new WheelDriver(setup, new OperationMatrix()).run(program);
      return null;
    } catch (RuntimeException | AssertionError e) {
      return e;
    }
  }
}
