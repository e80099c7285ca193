package dev.tasko.bench;

import dev.tasko.bench.peer.Delays;
import dev.tasko.bench.peer.Random64;
import java.util.List;

/// One of the workloads by name, for whoever measures without JMH. What runs is what the benchmarks
/// run.
final class Workload implements AutoCloseable {
  /// Those whose settings are searched.
  static final List<String> NAMES =
      List.of(
          "hold",
          "hold-each",
          "scheduleCancel",
          "cancelReschedule",
          "kick",
          "churn",
          "bulk-spread",
          "bulk-skewed");

  private static final int CHUNK = 1000;

  /// Runs about as many operations as it is asked for.
  @FunctionalInterface
  private interface Body {
    /// How many there were.
    long run(int operations);
  }

  private final Body body;
  private final Runnable closing;

  private Workload(Body body, Runnable closing) {
    this.body = body;
    this.closing = closing;
  }

  /// Makes a workload and fills it.
  ///
  /// @throws IllegalArgumentException if there is none of that name
  static Workload create(String name, String peer, int timers) {
    return switch (name) {
      case "hold" -> hold(name, peer, timers, Bulk.CADENCE_NS);
      case "hold-each" -> hold(name, peer, timers, LiveTimers.ONE_TIMER_A_POLL);
      case "scheduleCancel" -> {
        LiveTimers live = liveTimers(name, peer, timers).fillFresh();
        yield each(live::scheduleCancel, live::close);
      }
      case "cancelReschedule" -> {
        LiveTimers live = liveTimers(name, peer, timers).fillFresh();
        yield each(live::cancelReschedule, live::close);
      }
      case "kick" -> {
        Watchdogs watchdogs = new Watchdogs(peer, timers);
        yield each(watchdogs::kick, watchdogs::close);
      }
      case "churn" -> {
        Churn churn = new Churn(peer, timers);
        yield each(churn::answer, churn::close);
      }
      case "bulk-spread", "bulk-skewed" -> bulk(name, peer, timers);
      default ->
          throw new IllegalArgumentException(
              "workload: " + name + " (expected: " + String.join(", ", NAMES) + ")");
    };
  }

  private static LiveTimers liveTimers(String name, String peer, int timers) {
    return new LiveTimers(name, peer, timers, new Delays("uniform", new Random64(7)));
  }

  private static Workload hold(String name, String peer, int timers, long cadenceNs) {
    LiveTimers live = liveTimers(name, peer, timers).fillStationary();
    long elapsedNs = live.cadenceNs(cadenceNs);
    return new Workload(
        operations -> {
          live.hold(operations, elapsedNs);
          return operations;
        },
        live::close);
  }

  private static Workload bulk(String name, String peer, int timers) {
    Bulk bulk = new Bulk(peer, timers, name.substring(name.indexOf('-') + 1));
    return new Workload(
        operations -> {
          bulk.fill();
          bulk.drain();
          return timers;
        },
        bulk::close);
  }

  private static Workload each(Runnable operation, Runnable closing) {
    return new Workload(
        operations -> {
          for (int i = 0; i < operations; i++) {
            operation.run();
          }
          return operations;
        },
        closing);
  }

  /// Runs for about so long.
  ///
  /// @return the mean time of an operation
  double measureNs(long ns) {
    long startNs = System.nanoTime();
    long operations = 0;
    long elapsedNs = 0;
    while (elapsedNs < ns) {
      operations += body.run(CHUNK);
      elapsedNs = System.nanoTime() - startNs;
    }
    return (double) elapsedNs / operations;
  }

  @Override
  public void close() {
    closing.run();
  }
}
