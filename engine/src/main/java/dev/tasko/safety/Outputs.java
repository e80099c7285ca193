package dev.tasko.safety;

import dev.tasko.task.Failures;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What is driven to a safe value, in the order of registration. Filled before any other thread
/// sees it.
final class Outputs {
  /// @param drivers how many threads are driving it now
  private record Output(String name, Runnable drive, boolean fromAnyThread, AtomicInteger drivers) {
    boolean isBeingDriven() {
      return drivers.get() > 0;
    }
  }

  private final List<Output> outputs = new ArrayList<>();

  void add(String name, Runnable drive, boolean fromAnyThread) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(drive, "drive");
    if (outputs.stream().anyMatch(output -> output.name.equals(name))) {
      throw new IllegalArgumentException(
          "output: " + name + " is there already (expected: each name once)");
    }
    outputs.add(new Output(name, drive, fromAnyThread, new AtomicInteger()));
  }

  /// Drives all of them, also after one has failed.
  ///
  /// @return the first failure, with the others suppressed
  @Nullable Throwable drive() {
    return drive(output -> true);
  }

  /// Drives those that any thread may drive.
  ///
  /// @return the first failure, with the others suppressed
  @Nullable Throwable driveFromAnyThread() {
    return drive(Output::fromAnyThread);
  }

  /// Drives those that any thread may drive, except those that some other thread is driving at this
  /// moment and does not come back from.
  ///
  /// @return the first failure, with the others suppressed, and those left out
  @Nullable Throwable driveAround() {
    Throwable failure = drive(output -> output.fromAnyThread && !output.isBeingDriven());
    for (Output output : outputs) {
      if (output.isBeingDriven()) {
        String found =
            "output: " + output.name + " takes its time (expected: to be driven at once)";
        failure = Failures.join(failure, new IllegalStateException(found));
      }
    }
    return failure;
  }

  /// First those that no other thread is driving: that one may be stuck in it.
  private @Nullable Throwable drive(Predicate<Output> which) {
    List<Output> chosen = outputs.stream().filter(which).toList();
    List<Output> later = chosen.stream().filter(Output::isBeingDriven).toList();
    Throwable failure = null;
    for (Output output : chosen) {
      failure = later.contains(output) ? failure : Failures.join(failure, drive(output));
    }
    for (Output output : later) {
      failure = Failures.join(failure, drive(output));
    }
    return failure;
  }

  /// Whatever goes wrong with one must not keep the next from being driven.
  private static @Nullable Throwable drive(Output output) {
    output.drivers.incrementAndGet();
    try {
      output.drive.run();
      return null;
    } catch (Throwable thrown) {
      return new IllegalStateException(
          "output: " + output.name + " is not at its safe value: " + thrown, thrown);
    } finally {
      output.drivers.decrementAndGet();
    }
  }
}
