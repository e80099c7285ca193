package dev.tasko.bench;

import dev.tasko.bench.report.Cell;
import java.util.Set;

/// One cell of the results, and the heap of its forks.
///
/// @param cell to measure
/// @param heapMiB of each fork
record BenchJob(Cell cell, int heapMiB) {
  /// Coroutines, and calls that fill and drain a queue: of those there are too few in an iteration.
  private static final Set<String> COMPILED_LATE =
      Set.of("BulkBenchmark", "SwitchBenchmark", "SleepBenchmark");

  /// One call with more of them takes as long as all iterations of the others.
  private static final int FEW_TIMERS = 100_000;

  private static final int LATE_FACTOR = 5;

  /// The VM, the benchmark and what JMH keeps.
  private static final int BASE_MIB = 64;

  /// Tasko's buffers are not on the heap; what the workload keeps of each timer is.
  private static final int OFF_HEAP_BYTES = 64;

  private static final int HANDLE_BYTES = 16;

  /// An upper bound of what others take for one timer when there are many, be it an object.
  private static final int PEER_BYTES = 160;

  /// Agrona's wheel has the places of the busiest tick in every tick: for watchdogs 7.9 a timer, up
  /// to twice that with powers of two, of 16 bytes with the payload. And a handle.
  private static final int AGRONA_BYTES = 272;

  /// How many iterations warm it up, until its times stay as they are.
  ///
  /// @param planned for most
  int warmups(int planned) {
    boolean late = COMPILED_LATE.contains(cell.className()) && timers() <= FEW_TIMERS;
    return late ? LATE_FACTOR * planned : planned;
  }

  /// The least heap in which it can run.
  int neededHeapMiB() {
    return BASE_MIB + mib(timers() * heapBytesPerTimer());
  }

  /// What a fork takes of the machine.
  int neededMiB() {
    return heapMiB + mib(timers() * OFF_HEAP_BYTES);
  }

  private static int mib(long bytes) {
    return (int) (bytes >> 20);
  }

  private long timers() {
    String live = cell.params().getOrDefault("live", "0");
    return Long.parseLong(cell.params().getOrDefault("perCall", live));
  }

  private int heapBytesPerTimer() {
    String peer = cell.params().getOrDefault("peer", "");
    if (peer.equals("tasko") || peer.equals("none")) {
      return HANDLE_BYTES;
    }
    return peer.startsWith("agrona") ? AGRONA_BYTES : PEER_BYTES;
  }
}
