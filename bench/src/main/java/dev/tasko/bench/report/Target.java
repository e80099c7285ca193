package dev.tasko.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
    /// What a suspended task takes, less what each may take besides, over the bare continuation and
    /// its record.
    BYTES_PER_TASK,
    /// What ours takes for one timer.
    BYTES_PER_TIMER
  }

  /// Who is compared with.
  ///
  /// @param text for the reader
  /// @param choice how one is chosen
  /// @param peers among whom, or none for all
  /// @param parts whose sum it is
  record Opponents(String text, Choice choice, List<String> peers, List<Part> parts) {
    static final Opponents NOBODY = new Opponents("", Choice.FASTEST, List.of());
    static final Opponents EVERY_PEER = new Opponents("fastest peer", Choice.FASTEST, List.of());
    static final Opponents EVERY_ORDERED_PEER =
        new Opponents("fastest peer in order of deadline", Choice.FASTEST_BY_DEADLINE, List.of());
    static final Opponents EVERY_FIRST_COME_PEER =
        new Opponents(
            "fastest peer in order of deadline and arming",
            Choice.FASTEST_BY_DEADLINE_AND_ARMING,
            List.of());

    Opponents(String text, Choice choice, List<String> peers) {
      this(text, choice, peers, List.of());
    }

    static Opponents only(String peer) {
      return fastestOf(peer, peer);
    }

    static Opponents fastestOf(String text, String... peers) {
      return new Opponents(text, Choice.FASTEST, List.of(peers));
    }

    /// What is done in parts by themselves, each measured in the same run.
    static Opponents sumOf(Part... parts) {
      String text = Stream.of(parts).map(Part::text).collect(Collectors.joining(" + "));
      return new Opponents(text, Choice.SUM, List.of(), List.of(parts));
    }
  }

  /// A cell of the results, some times over.
  ///
  /// @param text for the reader
  /// @param times how often it counts
  /// @param workload method of the benchmark
  /// @param peer of the cell, or `""`
  /// @param params values of its parameters, those that tell it from others
  record Part(String text, int times, String workload, String peer, Map<String, String> params) {
    boolean isOf(Measurement row) {
      return row.method().equals(workload)
          && row.peer().equals(peer)
          && row.params().entrySet().containsAll(params.entrySet());
    }
  }

  /// How the opponent is chosen.
  enum Choice {
    /// The fastest there is.
    FASTEST,
    /// The fastest that fires in the order of deadlines.
    FASTEST_BY_DEADLINE,
    /// The fastest that fires in the order of deadlines, and of equal ones in that of arming.
    FASTEST_BY_DEADLINE_AND_ARMING,
    /// Not a peer but the sum of parts.
    SUM
  }

  /// The timers of the sparse hour, each of which is worth one wake.
  private static final long SPARSE = 10;

  private static final long THOUSAND = 1_000;
  private static final List<Long> LARGE = List.of(100_000L, 1_000_000L, 10_000_000L);
  private static final Map<String, String> UNIFORM =
      Map.of("delays", "uniform", "cadenceNs", "1000000");
  private static final Map<String, String> SPREAD = Map.of("deadlines", "spread");
  private static final Map<String, String> EQUAL = Map.of("deadlines", "equal");

  private static final Opponents AGRONA = Opponents.only("agrona");

  /// What a search finds in short runs is not always the fastest in long ones.
  private static final Opponents AGRONA_AT_ITS_BEST =
      Opponents.fastestOf(
          "fastest setting of Agrona", "agrona", "agrona:best=true", "agrona:default=true");

  private static final Opponents AGRONA_WITH_MAP = Opponents.only("agrona:map=true");
  private static final Opponents HEAP = Opponents.only("heap4");
  private static final Opponents NETTY = Opponents.only("netty");

  private static final long HUNDRED_THOUSAND = 100_000;
  private static final Map<String, String> OWN_PHASES = Map.of("phases", "spread");

  /// Of the wheel.
  static final List<Target> WHEEL = wheel();

  /// Of the loop: at the speed of its parts.
  static final List<Target> LOOP = loop();

  /// All of them.
  static final List<Target> ALL = Stream.of(WHEEL, LOOP).flatMap(List::stream).toList();

  private static List<Target> wheel() {
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

  /// How often the loop reads the clock is what its tests count: twice for an activation, a sleep
  /// and a scheduled task's wait for a resource. A hand-over's goal was set as a switch and two
  /// readings, whether it makes them or not.
  private static List<Target> loop() {
    Opponents turn = Opponents.sumOf(wheelTurn(THOUSAND));
    List<Target> all = new ArrayList<>();
    all.add(time("turn", OWN_PHASES, THOUSAND, turn, 1.3));
    all.add(time("turn", OWN_PHASES, THOUSAND, Opponents.only("stpe"), 0.5));
    for (long size : List.of(1L, THOUSAND)) {
      all.add(time("switchOver", Map.of(), size, Opponents.sumOf(bareSwitch(size)), 1.3));
    }
    for (long size : List.of(THOUSAND, HUNDRED_THOUSAND)) {
      Opponents parts = Opponents.sumOf(bareSwitch(size), wheelTurn(size));
      all.add(time("sleepWake", Map.of(), size, parts, 1.3));
    }
    Part queue = interrupt("bare hand-over by JCTools", "jctools", "spin");
    Opponents handedOver = Opponents.sumOf(queue, bareSwitch(1));
    all.add(time("fireOtherThread", Map.of("idle", "spin"), 0, handedOver, 1.3));
    Opponents unparked = Opponents.sumOf(interrupt("bare unpark", "bare", "park"));
    all.add(time("fireOtherThread", Map.of("idle", "park"), 0, unparked, 1.2));
    all.add(time("acquireRelease", Map.of(), 0, Opponents.sumOf(clock(1)), 1.5));
    Opponents switched = Opponents.sumOf(bareSwitch(1), clock(2));
    for (String tasks : List.of("added", "scheduled")) {
      Map<String, String> waits = Map.of("limited", "false", "tasks", tasks);
      all.add(time("handOver", waits, 0, switched, 1.0));
    }
    all.add(alone(Metric.BYTES_PER_TASK, "", HUNDRED_THOUSAND, 1.3));
    return List.copyOf(all);
  }

  private static Part clock(int times) {
    return new Part(times + " clock", times, "nanoTime", "", Map.of());
  }

  private static Part bareSwitch(long size) {
    return new Part(
        "bare switch", 1, "switchOver", "bare", Map.of("perCall", String.valueOf(size)));
  }

  /// At the loop's cadence: a poll for each timer, with both readings of the clock.
  private static Part wheelTurn(long size) {
    return new Part(
        "hold with its 2 clock",
        1,
        "holdTurn",
        "",
        Map.of("perCall", String.valueOf(size), "polls", "clocked"));
  }

  private static Part interrupt(String text, String peer, String idle) {
    return new Part(text, 1, "fireOtherThread", peer, Map.of("idle", idle));
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
