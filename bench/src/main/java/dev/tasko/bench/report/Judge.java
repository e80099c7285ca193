package dev.tasko.bench.report;

import dev.tasko.bench.peer.Completeness;
import dev.tasko.bench.peer.WheelMemory;
import dev.tasko.report.Spread;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Says of each target whether a run has reached it. A size without a result leaves the whole
/// target without: a mean over fewer sizes would be another figure.
final class Judge {
  /// Less than this, of an operation and of a whole call, is JMH's own bookkeeping, divided among
  /// all calls.
  private static final double NOTHING_BYTES = 0.5;

  private static final double NOTHING_BYTES_OF_CALL = 16_384;

  /// Its documentation promises both orders; it is not polled, so they cannot be counted.
  private static final String IN_ORDER_BY_CONTRACT = "stpe";

  /// What runs on the thread-backed engine allocates where it parks, and says so.
  private static final Set<String> OURS = Set.of("", Measurements.OURS, "CONTINUATION");

  /// Of a task, beside its continuation.
  private static final int RECORD_BYTES = 128;

  /// What a task may take besides.
  private static final int OTHER_BYTES = 64;

  private static final String BYTES_PER_TASK = "bytesPerTask";

  private final Run run;
  private final Measurements measurements;

  Judge(Run run, Measurements measurements) {
    this.run = run;
    this.measurements = measurements;
  }

  List<Outcome> judge(List<Target> targets) {
    return targets.stream().map(this::judge).toList();
  }

  Outcome judge(Target target) {
    return switch (target.metric()) {
      case TIME_RATIO -> judgeTime(target);
      case BYTES_PER_OPERATION -> outcome(target, bytesPerOperation());
      case COUNT -> outcome(target, most(target.workload()));
      case BYTES_PER_TASK -> outcome(target, bytesPerTask());
      case BYTES_PER_TIMER -> outcome(target, bytesPerTimer(target.sizes().getFirst()));
    };
  }

  private static Outcome outcome(Target target, Optional<Double> value) {
    return new Outcome(target, List.of(), Spread.exactly(value.orElse(Double.NaN)));
  }

  private Outcome judgeTime(Target target) {
    List<String> against = new ArrayList<>();
    List<Spread> ratios = new ArrayList<>();
    for (long size : target.sizes()) {
      Optional<Measurement> ours = findOurs(target, size);
      Optional<Opponent> opponent = ours.flatMap(row -> findOpponent(target.opponents(), row));
      if (ours.isEmpty() || opponent.isEmpty()) {
        return outcome(target, Optional.empty());
      }
      against.add(opponent.get().name());
      ratios.add(ours.get().ns().over(opponent.get().ns()));
    }
    Spread ratio = ratios.size() == 1 ? ratios.getFirst() : Spread.geometricMean(ratios);
    return new Outcome(target, against.stream().distinct().toList(), ratio);
  }

  private Optional<Measurement> findOurs(Target target, long size) {
    return measurements.all().stream()
        .filter(row -> OURS.contains(row.peer()))
        .filter(row -> target.concerns(row) && row.size() == size)
        .findFirst();
  }

  /// A peer, or a sum of parts.
  private record Opponent(String name, Spread ns) {}

  private Optional<Opponent> findOpponent(Target.Opponents opponents, Measurement ours) {
    if (opponents.choice() == Target.Choice.SUM) {
      return sum(opponents.parts()).map(ns -> new Opponent(opponents.text(), ns));
    }
    return findPeer(opponents, ours).map(peer -> new Opponent(peer.peerName(), peer.ns()));
  }

  private Optional<Spread> sum(List<Target.Part> parts) {
    Spread sum = Spread.exactly(0);
    for (Target.Part part : parts) {
      Optional<Measurement> found = measurements.all().stream().filter(part::isOf).findFirst();
      if (found.isEmpty()) {
        return Optional.empty();
      }
      sum = sum.plus(found.get().ns().times(part.times()));
    }
    return Optional.of(sum);
  }

  private Optional<Measurement> findPeer(Target.Opponents opponents, Measurement ours) {
    return switch (opponents.choice()) {
      case FASTEST -> fastest(ours, among(opponents.peers()));
      case FASTEST_BY_DEADLINE -> fastest(ours, keeping(found -> found.deadlineOrder() == 0));
      case FASTEST_BY_DEADLINE_AND_ARMING ->
          fastest(ours, keeping(found -> found.deadlineOrder() == 0 && found.arrivalOrder() == 0));
      case SUM -> Optional.empty();
    };
  }

  private Optional<Measurement> fastest(Measurement ours, Predicate<Measurement> eligible) {
    return peers(ours).filter(eligible).min(Comparator.comparingDouble(peer -> peer.ns().median()));
  }

  private Stream<Measurement> peers(Measurement ours) {
    return measurements.beside(ours).stream()
        .filter(row -> !row.peer().startsWith(Measurements.OURS))
        .filter(row -> !row.peer().equals(Measurements.NOTHING));
  }

  private static Predicate<Measurement> among(List<String> peers) {
    return row -> peers.isEmpty() || peers.contains(row.peerName());
  }

  private Predicate<Measurement> keeping(Predicate<Completeness> order) {
    return row ->
        row.peerName().equals(IN_ORDER_BY_CONTRACT)
            || run.completeness().stream()
                .anyMatch(found -> row.peerName().equals(found.peer()) && order.test(found));
  }

  /// The calls that are timed singly are left out: JMH's samples are in what they allocate. So are
  /// those whose time says nothing: histograms of the benchmark's own are in what they allocate.
  private Optional<Double> bytesPerOperation() {
    return measurements.all().stream()
        .filter(row -> OURS.contains(row.peer()) && !row.sampled() && row.timed() && !row.isLimit())
        .filter(row -> !Double.isNaN(row.bytes()))
        .map(Judge::bytesPerOperation)
        .max(Comparator.naturalOrder());
  }

  private static double bytesPerOperation(Measurement row) {
    boolean isNothing = row.bytes() < NOTHING_BYTES && row.bytesPerCall() < NOTHING_BYTES_OF_CALL;
    return isNothing ? 0 : row.bytes();
  }

  private Optional<Double> most(String counter) {
    return most(counter, OURS::contains);
  }

  private Optional<Double> bytesPerTask() {
    Optional<Double> ours = most(BYTES_PER_TASK);
    Optional<Double> bare = most(BYTES_PER_TASK, "bare"::equals);
    return ours.flatMap(
        bytes -> bare.map(continuation -> (bytes - OTHER_BYTES) / (continuation + RECORD_BYTES)));
  }

  private Optional<Double> most(String counter, Predicate<String> peer) {
    return measurements.all().stream()
        .filter(row -> peer.test(row.peer()))
        .flatMap(row -> Stream.ofNullable(row.counters().get(counter)))
        .map(Spread::high)
        .max(Comparator.naturalOrder());
  }

  private Optional<Double> bytesPerTimer(long size) {
    return run.wheelMemory().stream()
        .filter(memory -> memory.capacity() == size)
        .map(WheelMemory::bytesPerTimer)
        .findFirst();
  }
}
