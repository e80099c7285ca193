package dev.tasko.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What the project wants to reach in one comparison.
///
/// @param metric what is compared
/// @param workload method of the benchmark, or the counter; empty for all
/// @param conditions values of its parameters, for those that it has
/// @param sizes numbers of timers; more than one means their geometric mean
/// @param opponents who is compared with
/// @param goal the greatest value that is a success
/// @param floor the greatest value that is no failure
record Target(
    Metric metric,
    String workload,
    Map<String, String> conditions,
    List<Long> sizes,
    Opponents opponents,
    double goal,
    double floor) {
  /// What is compared.
  enum Metric {
    /// Time of ours over time of the opponent.
    TIME_RATIO,
    /// The most that ours allocates for one operation.
    BYTES_PER_OPERATION,
    /// The most that ours has in a counter.
    COUNT,
    /// What ours takes for one timer.
    BYTES_PER_TIMER
  }

  /// Who is compared with.
  ///
  /// @param text for the reader
  /// @param choice how one is chosen
  /// @param peers among whom
  record Opponents(String text, Choice choice, List<String> peers) {
    static final Opponents NOBODY = new Opponents("", Choice.FIRST_OF, List.of());
    static final Opponents EVERY_PEER = new Opponents("fastest peer", Choice.FASTEST, List.of());
    static final Opponents EVERY_ORDERED_PEER =
        new Opponents("fastest peer in order of deadline", Choice.FASTEST_BY_DEADLINE, List.of());
    static final Opponents EVERY_FIRST_COME_PEER =
        new Opponents(
            "fastest peer in order of deadline and arming",
            Choice.FASTEST_BY_DEADLINE_AND_ARMING,
            List.of());

    static Opponents firstOf(String... peers) {
      return new Opponents(peers[0], Choice.FIRST_OF, List.of(peers));
    }
  }

  /// How the opponent is chosen.
  enum Choice {
    /// The first that was measured.
    FIRST_OF,
    /// The fastest there is.
    FASTEST,
    /// The fastest that fires in the order of deadlines.
    FASTEST_BY_DEADLINE,
    /// The fastest that fires in the order of deadlines, and of equal ones in that of arming.
    FASTEST_BY_DEADLINE_AND_ARMING
  }

  /// The timers of the sparse hour, each of which is worth one wake.
  private static final long SPARSE = 10;

  private static final long THOUSAND = 1_000;
  private static final List<Long> LARGE = List.of(100_000L, 1_000_000L, 10_000_000L);
  private static final Map<String, String> UNIFORM =
      Map.of("delays", "uniform", "cadenceNs", "1000000");
  private static final Map<String, String> SPREAD = Map.of("deadlines", "spread");
  private static final Map<String, String> EQUAL = Map.of("deadlines", "equal");

  private static final Opponents AGRONA = Opponents.firstOf("agrona");
  private static final Opponents AGRONA_AT_ITS_BEST =
      Opponents.firstOf("agrona:best=true", "agrona");
  private static final Opponents AGRONA_WITH_MAP = Opponents.firstOf("agrona:map=true");
  private static final Opponents HEAP = Opponents.firstOf("heap4");
  private static final Opponents NETTY = Opponents.firstOf("netty");

  /// All of them.
  static final List<Target> ALL = all();

  private static List<Target> all() {
    List<Target> all = new ArrayList<>();
    addHold(all);
    addCancel(all);
    addReschedule(all);
    all.add(time("kick", Map.of(), 100_000, Opponents.EVERY_PEER, 0.5));
    all.add(time("fillDrain", EQUAL, 100_000, Opponents.EVERY_FIRST_COME_PEER, 0.2));
    for (long size : List.of(1_000L, 10_000L, 100_000L, 1_000_000L, 10_000_000L)) {
      all.add(time("fillDrain", SPREAD, size, AGRONA, 1.5));
      all.add(time("fillDrain", SPREAD, size, Opponents.EVERY_ORDERED_PEER, 0.5));
    }
    all.add(alone(Metric.COUNT, "wakes", SPARSE, SPARSE));
    all.add(alone(Metric.COUNT, "lost", 0, 0));
    all.add(alone(Metric.COUNT, "deadlineOrder", 0, 0));
    all.add(alone(Metric.BYTES_PER_OPERATION, "", 0, 0));
    all.add(alone(Metric.BYTES_PER_TIMER, "", 1_000_000, 40));
    all.add(alone(Metric.BYTES_PER_TIMER, "", 10_000_000, 40));
    return List.copyOf(all);
  }

  private static void addHold(List<Target> all) {
    all.add(time("hold", UNIFORM, THOUSAND, AGRONA_AT_ITS_BEST, 1.0).withFloor(1.1));
    LARGE.forEach(
        size -> all.add(time("hold", UNIFORM, size, AGRONA_AT_ITS_BEST, 1.0).withFloor(1.3)));
    List<Long> sizes = new ArrayList<>(List.of(THOUSAND));
    sizes.addAll(LARGE);
    all.add(new Target(Metric.TIME_RATIO, "hold", UNIFORM, sizes, AGRONA, 0.5, 0.5));
    all.add(time("hold", UNIFORM, THOUSAND, HEAP, 1.3));
    LARGE.forEach(size -> all.add(time("hold", UNIFORM, size, HEAP, 0.5)));
  }

  private static void addCancel(List<Target> all) {
    all.add(time("scheduleCancel", Map.of(), THOUSAND, AGRONA, 1.2));
    LARGE.forEach(
        size -> all.add(time("scheduleCancel", Map.of(), size, Opponents.EVERY_PEER, 1.0)));
    all.add(time("scheduleCancel", Map.of(), THOUSAND, NETTY, 0.2));
    LARGE.forEach(size -> all.add(time("scheduleCancel", Map.of(), size, NETTY, 0.2)));
  }

  private static void addReschedule(List<Target> all) {
    all.add(time("cancelReschedule", Map.of(), THOUSAND, AGRONA, 1.8));
    LARGE.forEach(size -> all.add(time("cancelReschedule", Map.of(), size, AGRONA, 1.5)));
    all.add(time("cancelReschedule", Map.of(), THOUSAND, AGRONA_WITH_MAP, 0.6));
    LARGE.forEach(size -> all.add(time("cancelReschedule", Map.of(), size, AGRONA_WITH_MAP, 0.6)));
  }

  private static Target time(
      String workload,
      Map<String, String> conditions,
      long size,
      Opponents opponents,
      double atMost) {
    return new Target(
        Metric.TIME_RATIO, workload, conditions, List.of(size), opponents, atMost, atMost);
  }

  private static Target alone(Metric metric, String workload, long size, double atMost) {
    List<Long> sizes = size == 0 ? List.of() : List.of(size);
    return new Target(metric, workload, Map.of(), sizes, Opponents.NOBODY, atMost, atMost);
  }

  /// Whether a measurement is of its workload, under its conditions, at any size.
  boolean concerns(Measurement row) {
    return metric == Metric.TIME_RATIO
        && row.method().equals(workload)
        && conditions.entrySet().stream()
            .allMatch(wanted ->
                row.params()
                    .getOrDefault(wanted.getKey(), wanted.getValue())
                    .equals(wanted.getValue()));
  }

  private Target withFloor(double floor) {
    return new Target(metric, workload, conditions, sizes, opponents, goal, floor);
  }
}
