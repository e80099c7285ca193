package dev.tasko.safety;

import dev.tasko.task.Failures;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What is driven to a safe value, in the order of registration. Filled before any other thread
/// sees it.
final class Outputs {
  private record Output(String name, Runnable drive, boolean fromAnyThread) {}

  private final List<Output> outputs = new ArrayList<>();

  void add(String name, Runnable drive, boolean fromAnyThread) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(drive, "drive");
    if (outputs.stream().anyMatch(output -> output.name.equals(name))) {
      throw new IllegalArgumentException(
          "output: " + name + " is there already (expected: each name once)");
    }
    outputs.add(new Output(name, drive, fromAnyThread));
  }

  /// Drives all of them, also after one has failed.
  ///
  /// @return the first failure, with the others suppressed
  @Nullable Throwable drive() {
    return drive(false);
  }

  /// Drives those that any thread may drive.
  ///
  /// @return the first failure, with the others suppressed
  @Nullable Throwable driveFromAnyThread() {
    return drive(true);
  }

  private @Nullable Throwable drive(boolean fromAnyThreadOnly) {
    Throwable failure = null;
    for (Output output : outputs) {
      if (!fromAnyThreadOnly || output.fromAnyThread) {
        failure = Failures.join(failure, drive(output));
      }
    }
    return failure;
  }

  /// Whatever goes wrong with one must not keep the next from being driven.
  private static @Nullable Throwable drive(Output output) {
    try {
      output.drive.run();
      return null;
    } catch (Throwable thrown) {
      return new IllegalStateException(
          "output: " + output.name + " is not at its safe value: " + thrown, thrown);
    }
  }
}
