package dev.tasko.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which benchmarks run, with which values of their parameters, and how long.
///
/// @param steps in their order
/// @param forks of each
/// @param warmups iterations before the measurement
/// @param iterations measured
/// @param iterationMs how long an iteration takes
record BenchPlan(List<Step> steps, int forks, int warmups, int iterations, int iterationMs) {
  /// Some benchmarks with the same values.
  ///
  /// @param include a regular expression over class and method
  /// @param heapMiB of the forks, fixed so that its growth is not measured
  /// @param params values for the parameters that are not to have all of theirs
  record Step(String include, int heapMiB, Map<String, List<String>> params) {
    private static final int DEFAULT_HEAP_MIB = 2048;

    static Step of(String include, String... params) {
      Map<String, List<String>> values = new LinkedHashMap<>();
      for (String param : params) {
        int equals = param.indexOf('=');
        values.put(param.substring(0, equals), List.of(param.substring(equals + 1).split(";", -1)));
      }
      return new Step(include, DEFAULT_HEAP_MIB, values);
    }

    Step withHeapMiB(int heapMiB) {
      return new Step(include, heapMiB, params);
    }
  }

  /// What can be had in ten minutes.
  static BenchPlan quick() {
    String poll = "cadenceNs=1000000";
    return new BenchPlan(
        List.of(
            Step.of("ClockBenchmark"),
            Step.of("HoldBenchmark.hold", "delays=uniform", poll),
            Step.of("HoldBenchmark.poll", "delays=uniform", poll, "live=100000;1000000"),
            Step.of("CancelBenchmark", "live=1000;100000"),
            Step.of("RescheduleBenchmark.cancelReschedule", "live=1000;100000;1000000"),
            Step.of("RescheduleBenchmark.idlePoll", "peer=tasko;agrona;heap4", "live=100000"),
            Step.of("KickBenchmark", "live=100000"),
            Step.of("BulkBenchmark", "deadlines=spread", "perCall=10000;1000000"),
            Step.of("BulkBenchmark", "deadlines=equal", "perCall=100000"),
            Step.of("NextDeadlineBenchmark", "live=1000000"),
            Step.of("LoopBenchmark", "perCall=1000"),
            Step.of("EmptyTurnBenchmark"),
            Step.of("SwitchBenchmark"),
            Step.of("SleepBenchmark", "perCall=1"),
            Step.of("FireBenchmark"),
            Step.of("InterruptBenchmark"),
            Step.of("AcquireBenchmark"),
            Step.of("HandOverBenchmark")),
        2,
        2,
        3,
        400);
  }

  /// Everything, for some hours.
  static BenchPlan full() {
    return new BenchPlan(List.of(Step.of(".*")), 3, 5, 5, 1000);
  }
}
