package dev.tasko.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which benchmarks run, with which values of their parameters, and how long.
///
/// Numbers of timers are values of `live`, or of `perCall` where one call handles them all.
///
/// @param steps in their order
/// @param forks of each
/// @param warmups iterations before the measurement
/// @param iterations measured
/// @param iterationMs how long an iteration takes
record BenchPlan(List<Step> steps, int forks, int warmups, int iterations, int iterationMs) {
  /// Ten million timers that are objects, and what the young generation needs beside them.
  private static final int LARGE_HEAP_MIB = 10_240;

  private static final String SIZED =
      "tasko;agrona;agrona:best=true;agrona:map=true;heap4;pq;kafka";

  /// Agrona's default takes gigabytes where 100,000 deadlines are equal: every spoke grows.
  private static final String POLLED = SIZED + ";agrona:default=true";

  private static final String ORDERED_OR_FAST = "tasko;agrona;agrona:best=true;heap4";
  private static final String STANDING = ";netty:offsetS=3600;stpe:offsetS=3600;fjp:offsetS=3600";
  private static final String SPINNING = "tasko;bare;jctools";
  private static final String PARKING = "tasko;bare;virtual;netty;stpe";
  private static final String THREADED = "netty;stpe;fjp;systemtimer";

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

  /// What can be had in ten minutes: 300 runs of one fork, most of 1.25 s and what the VM takes to
  /// start.
  static BenchPlan quick() {
    String live = "live=1000;10000;100000";
    String perCall = "perCall=1000;10000;100000";
    String peers = "peer=" + POLLED;
    String sized = "peer=" + SIZED;
    String few = "peer=" + ORDERED_OR_FAST;
    return new BenchPlan(
        List.of(
            Step.of("ClockBenchmark"),
            Step.of("LimitBenchmark", live),
            Step.of("HoldBenchmark.hold", "delays=uniform", live, peers),
            Step.of(
                "HoldBenchmark.poll", "delays=uniform", "cadenceNs=1000000", "live=100000", peers),
            Step.of("CancelBenchmark.scheduleCancel", live, peers + ";none" + STANDING),
            Step.of("CancelBenchmark.cancelReschedule", live, peers + ";none"),
            Step.of("KickBenchmark", live, peers + ";none;jetty:offsetS=3600"),
            Step.of("ChurnBenchmark", "live=100000", peers + ";none;" + THREADED),
            Step.of("BulkBenchmark.fillDrain", "deadlines=spread", perCall, peers),
            Step.of("BulkBenchmark.fillDrain", "deadlines=skewed", "perCall=100000", few),
            Step.of("BulkBenchmark.fillDrain", "deadlines=equal", "perCall=100000", sized),
            Step.of("BulkBenchmark.(fill|drain)$", "deadlines=spread", "perCall=100000", few),
            Step.of("BurstBenchmark", "live=10000", few),
            Step.of("LatePollerBenchmark", "live=100000", "peer=" + ORDERED_OR_FAST),
            Step.of("SparseBenchmark", "peer=tasko;agrona;heap4;kafka"),
            Step.of("SparseRealTimeBenchmark", "peer=none;" + THREADED, "spanS=1"),
            Step.of("ControllerBenchmark", "idle=park", "peer=tasko;agrona;heap4;" + THREADED),
            Step.of("ControllerBenchmark", "idle=spin", "peer=tasko;agrona;heap4"),
            Step.of("NextDeadlineBenchmark.nextDeadline", "live=100000", "peer=tasko;heap4;kafka"),
            Step.of("NextDeadlineBenchmark.idlePoll", "live=100000", "peer=tasko;agrona;heap4"),
            Step.of("LoopBenchmark", "perCall=1000", "phases=spread"),
            Step.of("LoopBenchmark", "perCall=1000", "phases=equal", "peer=tasko"),
            Step.of("WheelTurnBenchmark"),
            Step.of("EmptyTurnBenchmark"),
            Step.of("SwitchBenchmark", "peer=bare"),
            Step.of("SwitchBenchmark", "perCall=1;1000", "peer=CONTINUATION"),
            Step.of("SwitchBenchmark", "perCall=1000", "peer=virtual"),
            Step.of("SwitchBenchmark", "perCall=1", "peer=BATON"),
            Step.of("SleepBenchmark", "perCall=1000;100000", "peer=CONTINUATION"),
            Step.of("SuspendedBenchmark"),
            Step.of("FireBenchmark"),
            Step.of("InterruptBenchmark", "idle=spin", "peer=" + SPINNING),
            Step.of("InterruptBenchmark", "idle=park", "peer=" + PARKING),
            Step.of("AcquireBenchmark"),
            Step.of("HandOverBenchmark", "limited=false", "tasks=added"),
            Step.of("HandOverBenchmark", "limited=false", "tasks=scheduled", "peer=CONTINUATION"),
            Step.of("HandOverBenchmark", "limited=true", "tasks=added", "peer=CONTINUATION"),
            Step.of("TimeLimitBenchmark")),
        1,
        2,
        3,
        250);
  }

  /// The quick plan, and what the targets need with one and ten million timers: half an hour.
  static BenchPlan large() {
    BenchPlan quick = quick();
    String live = "live=1000000;10000000";
    String perCall = "perCall=1000000;10000000";
    String fast = "peer=" + ORDERED_OR_FAST;
    List<Step> steps = new ArrayList<>(quick.steps());
    steps.add(large("HoldBenchmark.hold", "delays=uniform", "cadenceNs=1000000", live, fast));
    steps.add(large("CancelBenchmark.scheduleCancel", live, "peer=" + SIZED + STANDING));
    steps.add(large("CancelBenchmark.cancelReschedule", live, fast + ";agrona:map=true"));
    steps.add(large("KickBenchmark.kick", live, fast));
    steps.add(large("BulkBenchmark.fillDrain", "deadlines=spread", perCall, "peer=" + SIZED));
    return new BenchPlan(
        steps, quick.forks(), quick.warmups(), quick.iterations(), quick.iterationMs());
  }

  /// Everything, in less than three hours: 750 runs of three forks, each of 2.4 s and the start of
  /// the VM, and half an hour for filling queues with ten million timers.
  static BenchPlan full() {
    String live = "live=1000;10000;100000;1000000";
    String perCall = "perCall=1000;10000;100000;1000000";
    String peers = "peer=" + POLLED + ";caffeine";
    String sized = "peer=" + SIZED + ";caffeine";
    String fast = "peer=" + ORDERED_OR_FAST;
    String tenMillion = "live=10000000";
    String poll = "cadenceNs=1000000";
    return new BenchPlan(
        List.of(
            Step.of("ClockBenchmark"),
            Step.of("LimitBenchmark"),
            Step.of("HoldBenchmark.hold", "delays=uniform", live, peers),
            Step.of("HoldBenchmark.hold", "delays=exponential", poll, live, fast),
            large("HoldBenchmark.hold", "delays=uniform", poll, tenMillion, "peer=" + SIZED),
            Step.of("HoldBenchmark.poll", "delays=uniform", poll, "live=100000;1000000", peers),
            Step.of("CancelBenchmark", live, peers + ";none" + STANDING),
            large("CancelBenchmark.scheduleCancel", tenMillion, fast + ";agrona:map=true"),
            large("CancelBenchmark.cancelReschedule", tenMillion, "peer=none;" + SIZED),
            large("CancelBenchmark.cancelReschedule", tenMillion, "peer=fjp:offsetS=3600"),
            Step.of("KickBenchmark", live, peers + ";none;jetty:offsetS=3600" + STANDING),
            Step.of("ChurnBenchmark", live, peers + ";none"),
            Step.of("ChurnBenchmark", "live=10000;100000", "peer=" + THREADED),
            Step.of("BulkBenchmark.fillDrain", "deadlines=spread", perCall, peers),
            Step.of("BulkBenchmark.fillDrain", "deadlines=skewed", perCall, sized),
            Step.of(
                "BulkBenchmark.fillDrain", "deadlines=equal", "perCall=1000;10000;100000", sized),
            Step.of("BulkBenchmark.(fill|drain)$", "deadlines=spread", perCall, sized),
            Step.of("BulkBenchmark.(fill|drain)$", "deadlines=skewed", "perCall=100000", sized),
            large("BulkBenchmark.fillDrain", "deadlines=spread", "perCall=10000000", fast),
            large(
                "BulkBenchmark.(fill|drain)$",
                "deadlines=spread",
                "perCall=10000000",
                "peer=tasko;agrona:best=true"),
            Step.of("BurstBenchmark", sized),
            Step.of("LatePollerBenchmark.late", "live=10000;100000", sized),
            Step.of("LatePollerBenchmark.catchUp", "live=100000", sized),
            Step.of("SparseBenchmark"),
            Step.of("SparseRealTimeBenchmark", "spanS=2"),
            Step.of("ControllerBenchmark", "idle=park"),
            Step.of("ControllerBenchmark", "idle=spin", "peer=" + POLLED),
            Step.of("NextDeadlineBenchmark.nextDeadline", live, "peer=tasko;heap4;pq;kafka"),
            Step.of("NextDeadlineBenchmark.idlePoll", live, peers),
            Step.of(
                "(Loop|WheelTurn|EmptyTurn|Suspended|Fire|Acquire|HandOver|TimeLimit)Benchmark"),
            Step.of("SwitchBenchmark", "peer=bare;CONTINUATION;virtual"),
            Step.of("SleepBenchmark", "peer=CONTINUATION"),
            Step.of("(Switch|Sleep)Benchmark", "perCall=1", "peer=BATON"),
            Step.of("InterruptBenchmark", "idle=spin", "peer=" + SPINNING),
            Step.of("InterruptBenchmark", "idle=park", "peer=" + PARKING)),
        3,
        3,
        5,
        300);
  }

  private static Step large(String include, String... params) {
    return Step.of(include, params).withHeapMiB(LARGE_HEAP_MIB);
  }
}
