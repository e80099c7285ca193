package dev.tasko.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.bench.peer.Completeness;
import dev.tasko.bench.peer.WheelMemory;
import dev.tasko.bench.report.Outcome.Verdict;
import dev.tasko.bench.report.Target.Metric;
import dev.tasko.bench.report.Target.Opponents;
import dev.tasko.bench.report.Target.Part;
import dev.tasko.report.Environment;
import dev.tasko.report.Spread;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Targets against results made up for them.
class JudgeTest {
  private static final Environment NOWHERE =
      new Environment("cpu", 1, 1, "kernel", "jdk", "commit", "2026-01-01T00:00:00Z", "0", "test");
  private static final Opponents NOBODY = Opponents.NOBODY;
  private static final Spread ONE = Spread.exactly(1);

  @Test
  void time_atTheGoalIsMet() {
    Outcome outcome = judge(target(1.0, 1.3, 1_000), hold("tasko", 1_000, 80), agrona(100));
    assertEquals(Verdict.MET, outcome.verdict());
    assertEquals(List.of("agrona"), outcome.against());
    assertEquals(0.8, outcome.value().median(), 1e-9);
  }

  @Test
  void time_spreadIsThatOfTheExtremes() {
    Outcome outcome = judge(target(1.0, 1.3, 1_000), hold("tasko", 1_000, 80), agrona(100));
    assertEquals(72 / 110.0, outcome.value().low(), 1e-9);
    assertEquals(88 / 90.0, outcome.value().high(), 1e-9);
  }

  @Test
  void time_betweenGoalAndFloor() {
    Outcome outcome = judge(target(1.0, 1.3, 1_000), hold("tasko", 1_000, 120), agrona(100));
    assertEquals(Verdict.FLOOR, outcome.verdict());
  }

  @Test
  void time_beyondTheFloorIsMissed() {
    Outcome outcome = judge(target(1.0, 1.3, 1_000), hold("tasko", 1_000, 140), agrona(100));
    assertEquals(Verdict.MISSED, outcome.verdict());
  }

  @Test
  void time_withoutOursOrTheOpponent() {
    Target target = target(1.0, 1.3, 1_000);
    assertEquals(Verdict.NO_RESULT, judge(target, agrona(100)).verdict());
    assertEquals(Verdict.NO_RESULT, judge(target, hold("tasko", 1_000, 1)).verdict());
    assertEquals(
        Verdict.NO_RESULT, judge(target, hold("tasko", 1_000, 1), hold("agrona", 10, 1)).verdict());
  }

  @Test
  void time_underOtherConditionsDoesNotCount() {
    Measurement other =
        measurement("hold", "tasko", Map.of("live", "1000", "delays", "exponential"), 80, 0);
    assertEquals(Verdict.NO_RESULT, judge(target(1.0, 1.3, 1_000), other, agrona(1)).verdict());
  }

  @Test
  void mean_isGeometricAndWantsEverySize() {
    Target target = target(0.5, 0.5, 1_000, 100_000);
    Measurement[] all = {
      hold("tasko", 1_000, 10),
      agrona(100),
      hold("tasko", 100_000, 100),
      hold("agrona", 100_000, 50)
    };
    Outcome outcome = judge(target, all);
    assertEquals(Math.sqrt(0.1 * 2), outcome.value().median(), 1e-9);
    assertEquals(Verdict.NO_RESULT, judge(target, all[0], all[1], all[2]).verdict());
  }

  @Test
  void opponent_fastestOfThoseThatWereMeasured() {
    Target target = hold(Opponents.fastestOf("", "agrona:best=true", "agrona"), 1, 1, 1_000);
    Measurement best = hold("agrona:best=true", 1_000, 50);
    Measurement ours = hold("tasko", 1_000, 80);
    Measurement other = hold("heap4", 1_000, 10);
    assertEquals(List.of("agrona"), judge(target, ours, agrona(100), other).against());
    assertEquals(List.of("agrona:best=true"), judge(target, ours, agrona(100), best).against());
    assertEquals(List.of("agrona"), judge(target, ours, agrona(40), best).against());
  }

  @Test
  void opponent_isNeitherOursNorNothing() {
    Outcome outcome =
        judge(
            hold(Opponents.EVERY_PEER, 1, 1, 1_000),
            hold("tasko", 1_000, 80),
            hold("none", 1_000, 1),
            hold("netty:offsetS=3600", 1_000, 90),
            agrona(100));
    assertEquals(List.of("netty"), outcome.against());
  }

  @Test
  void opponent_isTheSumOfPartsSomeTimesOver() {
    Opponents parts =
        Opponents.sumOf(
            new Part("poll", 1, "poll", "", Map.of("live", "1000")),
            new Part("2 clock", 2, "nanoTime", "", Map.of()));
    Measurement ours = hold("tasko", 1_000, 80);
    Measurement poll = measurement("poll", "", Map.of("live", "1000"), 60, 0);
    Measurement otherPoll = measurement("poll", "", Map.of("live", "10"), 7, 0);
    Measurement clock = measurement("nanoTime", "", Map.of(), 20, 0);
    Outcome outcome = judge(hold(parts, 1, 1, 1_000), ours, otherPoll, poll, clock);
    assertEquals(List.of("poll + 2 clock"), outcome.against());
    assertEquals(0.8, outcome.value().median(), 1e-9);
    assertEquals(72 / 110.0, outcome.value().low(), 1e-9);
    assertEquals(Verdict.NO_RESULT, judge(hold(parts, 1, 1, 1_000), ours, poll).verdict());
  }

  @Test
  void time_ofSingleCallsIsTheirMedian() {
    Opponents parts = Opponents.sumOf(new Part("bare", 1, "hold", "bare", Map.of()));
    Outcome outcome =
        judge(hold(parts, 1.3, 1.3, 1_000), sampled("tasko", 120), sampled("bare", 100));
    assertEquals(1.2, outcome.value().median(), 1e-9);
    assertEquals(Verdict.MET, outcome.verdict());
  }

  @Test
  void memory_ofATaskIsOverTheContinuationAndTheRecord() {
    Target target = new Target(Metric.BYTES_PER_TASK, "", Map.of(), List.of(), NOBODY, 1.3, 1.3);
    Measurement bare = suspended("bare", 272);
    assertEquals(1.2, judge(target, suspended("CONTINUATION", 544), bare).value().median(), 1e-9);
    assertEquals(Verdict.MISSED, judge(target, suspended("CONTINUATION", 600), bare).verdict());
    assertEquals(Verdict.NO_RESULT, judge(target, bare).verdict());
  }

  @Test
  void opponent_keepsTheOrderThatIsAsked() {
    Measurement[] all = {
      hold("tasko", 1_000, 80),
      agrona(100),
      hold("sorted", 1_000, 200),
      hold("heap4", 1_000, 300),
      hold("stpe", 1_000, 400)
    };
    assertEquals(
        List.of("sorted"), judge(hold(Opponents.EVERY_ORDERED_PEER, 1, 1, 1_000), all).against());
    assertEquals(
        List.of("heap4"), judge(hold(Opponents.EVERY_FIRST_COME_PEER, 1, 1, 1_000), all).against());
  }

  @Test
  void bytes_ofTheWorstWorkload() {
    Target target = new Target(Metric.BYTES_PER_OPERATION, "", Map.of(), List.of(), NOBODY, 0, 0);
    Measurement clean = measurement("hold", "tasko", Map.of(), 1, 0.01);
    assertEquals(Verdict.MET, judge(target, clean).verdict());
    assertEquals(
        Verdict.MISSED,
        judge(target, clean, measurement("kick", "tasko", Map.of(), 1, 24)).verdict());
    assertEquals(Verdict.NO_RESULT, judge(target, agrona(100)).verdict());
  }

  /// A hundredth of a byte for an operation are 100 KB for ten million.
  @Test
  void bytes_ofAWholeCall() {
    Target target = new Target(Metric.BYTES_PER_OPERATION, "", Map.of(), List.of(), NOBODY, 0, 0);
    Map<String, String> bulk = Map.of("perCall", "10000000");
    assertEquals(
        Verdict.MET, judge(target, measurement("fill", "tasko", bulk, 1, 0.001)).verdict());
    assertEquals(
        Verdict.MISSED, judge(target, measurement("fill", "tasko", bulk, 1, 0.01)).verdict());
  }

  @Test
  void bytes_ofTheControllerAreNotOfOneOperation() {
    Target target = new Target(Metric.BYTES_PER_OPERATION, "", Map.of(), List.of(), NOBODY, 0, 0);
    Measurement controller =
        new Measurement(
            "ControllerBenchmark", "mix", Map.of(), "tasko", ONE, List.of(), 9_000, Map.of());
    assertEquals(Verdict.NO_RESULT, judge(target, controller).verdict());
  }

  @Test
  void count_isTheMostOfAnyRowOfOurs() {
    Target target = new Target(Metric.COUNT, "lost", Map.of(), List.of(), NOBODY, 0, 0);
    Measurement clean = late("tasko", Spread.exactly(0));
    assertEquals(Verdict.MET, judge(target, clean, late("agrona", ONE)).verdict());
    assertEquals(
        Verdict.MISSED, judge(target, clean, late("tasko", new Spread(0, 0, 1))).verdict());
    assertEquals(Verdict.NO_RESULT, judge(target, agrona(100)).verdict());
  }

  @Test
  void memory_ofATimer() {
    assertEquals(Verdict.MET, judge(memory(1_000_000)).verdict());
    assertEquals(Verdict.MISSED, judge(memory(1_000)).verdict());
    assertEquals(Verdict.NO_RESULT, judge(memory(5)).verdict());
  }

  @Test
  void all_haveAGoalAtLeastAsHardAsTheFloor() {
    Target.ALL.forEach(target -> assertTrue(target.goal() <= target.floor()));
  }

  private static Target memory(long size) {
    return new Target(Metric.BYTES_PER_TIMER, "", Map.of(), List.of(size), NOBODY, 40, 40);
  }

  private static Target target(double goal, double floor, long... sizes) {
    return hold(Opponents.only("agrona"), goal, floor, sizes);
  }

  private static Target hold(Opponents opponents, double goal, double floor, long... sizes) {
    List<Long> boxed = Arrays.stream(sizes).boxed().toList();
    Map<String, String> conditions = Map.of("delays", "uniform");
    return new Target(Metric.TIME_RATIO, "hold", conditions, boxed, opponents, goal, floor);
  }

  private static Measurement late(String peer, Spread lost) {
    return new Measurement(
        "LatePollerBenchmark", "late", Map.of(), peer, ONE, List.of(), 0, Map.of("lost", lost));
  }

  private static Measurement suspended(String peer, double bytes) {
    Map<String, Spread> counters = Map.of("bytesPerTask", Spread.exactly(bytes));
    return new Measurement(
        "SuspendedBenchmark", "wakeAll", Map.of(), peer, ONE, List.of(), 0, counters);
  }

  private static Measurement sampled(String peer, double ns) {
    Map<String, String> params = Map.of("live", "1000", "delays", "uniform");
    Spread median = new Spread(ns, Double.NaN, Double.NaN);
    return new Measurement("HoldBenchmark", "hold", params, peer, median, List.of(ns), 0, Map.of());
  }

  private static Measurement agrona(double ns) {
    return hold("agrona", 1_000, ns);
  }

  private static Measurement hold(String peer, long size, double ns) {
    Map<String, String> params = Map.of("live", String.valueOf(size), "delays", "uniform");
    return measurement("hold", peer, params, ns, 0);
  }

  private static Measurement measurement(
      String method, String peer, Map<String, String> params, double ns, double bytes) {
    Spread spread = new Spread(ns, 0.9 * ns, 1.1 * ns);
    return new Measurement(
        "HoldBenchmark", method, new TreeMap<>(params), peer, spread, List.of(), bytes, Map.of());
  }

  private static Outcome judge(Target target, Measurement... measurements) {
    Run run =
        new Run(
            NOWHERE,
            false,
            List.of(),
            List.of(),
            List.of(
                completeness("agrona", 5, 5),
                completeness("sorted", 0, 5),
                completeness("heap4", 0, 0),
                completeness("stpe", Completeness.NOT_COUNTED, Completeness.NOT_COUNTED)),
            List.of(
                new WheelMemory(1_000, 425_000, 425_000),
                new WheelMemory(1_000_000, 32_400_000, 32_400_000)),
            List.of());
    return new Judge(run, new Measurements(List.of(measurements))).judge(target);
  }

  private static Completeness completeness(String peer, int deadlineOrder, int arrivalOrder) {
    return new Completeness(peer, 9, 9, 0, 0, 0, 0, 0, deadlineOrder, arrivalOrder, 0);
  }
}
