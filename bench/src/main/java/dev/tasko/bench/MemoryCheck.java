package dev.tasko.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/// Whether heap and machine are large enough for what is asked.
final class MemoryCheck {
  /// For this VM, the build and the system.
  private static final int RESERVE_MIB = 1024;

  private MemoryCheck() {}

  /// @param jobs to run, one after the other
  /// @param machineMiB what the machine has
  /// @throws IllegalArgumentException naming the first that cannot run
  static void requireEnough(List<BenchJob> jobs, long machineMiB) {
    for (BenchJob job : jobs) {
      require(
          job.heapMiB() >= job.neededHeapMiB(),
          "heap: %d MiB (expected: >= %d MiB for %s; see --heap-mib)"
              .formatted(job.heapMiB(), job.neededHeapMiB(), job.cell().name()));
      require(
          job.neededMiB() + RESERVE_MIB <= machineMiB,
          "memory: %d MiB on this machine (expected: >= %d MiB for %s with a heap of %d MiB)"
              .formatted(
                  machineMiB, job.neededMiB() + RESERVE_MIB, job.cell().name(), job.heapMiB()));
    }
  }

  /// What it has, or what its container may use.
  static long machineMiB() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return system.getTotalMemorySize() >> 20;
  }

  private static void require(boolean isSo, String otherwise) {
    if (!isSo) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
