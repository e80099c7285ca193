package dev.tasko.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the threads of this VM have done so far, the VM's own included: compare with what it does
/// when nothing is asked of it.
///
/// @param wakes how often a thread had waited and went on; 0 where `/proc` does not tell
/// @param cpuNs time on a processor
record VmActivity(long wakes, long cpuNs) {
  private static final String VOLUNTARY_SWITCHES = "voluntary_ctxt_switches:";

  static VmActivity now() {
    return new VmActivity(countWakes(), cpuTimeNs());
  }

  VmActivity since(VmActivity before) {
    return new VmActivity(wakes - before.wakes, cpuNs - before.cpuNs);
  }

  private static long cpuTimeNs() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static long countWakes() {
    long wakes = 0;
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path thread : threads) {
        wakes += countWakes(thread.resolve("status"));
      }
    } catch (IOException e) {
      return 0;
    }
    return wakes;
  }

  /// A thread that has ended meanwhile counts for nothing.
  private static long countWakes(Path status) {
    try {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith(VOLUNTARY_SWITCHES)) {
          return Long.parseLong(line.substring(VOLUNTARY_SWITCHES.length()).strip());
        }
      }
    } catch (IOException e) {
      return 0;
    }
    return 0;
  }
}
