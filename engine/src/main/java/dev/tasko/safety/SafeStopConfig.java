package dev.tasko.safety;

import dev.tasko.task.Delays;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/// The bounds of a [SafeStop]. Each setter checks its value at once and returns this configuration.
///
/// Thread: one at a time.
public final class SafeStopConfig {
  /// So that sums of bounds do not overflow. A bound of decades is none.
  private static final long MAX_NS = 1L << 60;

  long unwindNs = TimeUnit.SECONDS.toNanos(1);
  long stalledNs = Duration.ofMillis(500).toNanos();
  boolean onTermination = true;
  Consumer<StalledException> onStall = stall -> {};
  NanoClock clock = SystemNanoClock.INSTANCE;

  /// The defaults named at each setter.
  public SafeStopConfig() {}

  /// How long tasks may take to end after they were cancelled; by default 1 s. What is left then is
  /// broken off.
  ///
  /// @param limit above 0
  /// @return this
  /// @throws IllegalArgumentException if it is not above 0
  public SafeStopConfig unwindWithin(Duration limit) {
    long ns = Delays.toNs("unwindWithin", limit);
    if (ns <= 0) {
      throw new IllegalArgumentException("unwindWithin: " + limit + " (expected: > 0)");
    }
    unwindNs = Math.min(ns, MAX_NS);
    return this;
  }

  /// How long one turn of the loop may take, at least, before it counts as stalled; by default 500
  /// ms. It is noticed within twice that time. In a turn every ready task runs once, so choose
  /// several times what all of them take together.
  ///
  /// @param limit at least 1 ms
  /// @return this
  /// @throws IllegalArgumentException if it is shorter
  public SafeStopConfig stalledAfter(Duration limit) {
    long ns = Delays.toNs("stalledAfter", limit);
    if (ns < Watchdog.MIN_STALLED_NS) {
      throw new IllegalArgumentException("stalledAfter: " + limit + " (expected: >= 1 ms)");
    }
    stalledNs = Math.min(ns, MAX_NS);
    return this;
  }

  /// Whether the end of the process (SIGTERM, SIGINT, `System.exit`) stops the loop safely first;
  /// by default it does.
  ///
  /// @param isOn by a shutdown hook
  /// @return this
  public SafeStopConfig onTermination(boolean isOn) {
    onTermination = isOn;
    return this;
  }

  /// Told of a stall after the outputs were driven and the log was written; by default nobody.
  /// While the process ends the JDK's own logging may be silent already; this is told all the same.
  /// What it throws is suppressed in the stall.
  ///
  /// @param handler called on the watchdog's thread
  /// @return this
  public SafeStopConfig onStall(Consumer<StalledException> handler) {
    onStall = Objects.requireNonNull(handler, "onStall");
    return this;
  }
}
