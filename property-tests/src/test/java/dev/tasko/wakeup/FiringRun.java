package dev.tasko.wakeup;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Producers fire; the loop drains, takes and parks as `Loop.turn` and `Loop.idle` do.
final class FiringRun implements Explorer.Outcome {
  private final Explorer threads;
  private final WakeupProtocol protocol;
  private final Explorer.SimulatedThread loop;
  private final long[] fired;
  private final long[] taken;

  /// @param sources how many there are
  /// @param producers for each, the sources that it fires one after another
  FiringRun(Explorer threads, WakeupProtocol protocol, int sources, int[][] producers) {
    this.threads = threads;
    this.protocol = protocol;
    fired = new long[sources];
    taken = new long[sources];
    loop = threads.thread("loop", this::loop);
    protocol.loop(loop);
    for (int i = 0; i < producers.length; i++) {
      int[] firings = producers[i];
      threads.thread("p" + i, () -> produce(firings));
    }
  }

  private void produce(int[] firings) {
    for (int source : firings) {
      fired[source]++;
      protocol.fire(source);
    }
  }

  private void loop() {
    while (true) {
      int stepsBefore = threads.stepsOfOthers();
      int drained = protocol.drain();
      for (int source = 0; source < taken.length; source++) {
        taken[source] += protocol.take(source);
      }
      threads.point();
      if (protocol.isEmpty()) {
        protocol.park();
      } else if (drained == 0) {
        threads.pauseSince(stepsBefore);
      }
    }
  }

  @Override
  public @Nullable String violation() {
    if (!loop.isParked()) {
      return "the loop has ended";
    }
    if (!protocol.isEmpty()) {
      return "the loop sleeps while a source is pending";
    }
    if (!Arrays.equals(fired, taken)) {
      return "fired " + Arrays.toString(fired) + ", counted " + Arrays.toString(taken);
    }
    return null;
  }
}
