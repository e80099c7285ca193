package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tasko.task.CoroutineEngine;
import java.util.ArrayList;
import java.util.List;

/// A loop in virtual time and what its tasks wrote down, each line with the time.
final class TracedLoop implements AutoCloseable {
  final VirtualTime time = new VirtualTime(0);
  final List<Task> stranded = new ArrayList<>();
  final Loop loop;
  private final List<String> trace = new ArrayList<>();
  private boolean standsStill;
  private boolean logsIdle;

  TracedLoop(CoroutineEngine engine) {
    this(engine, new LoopConfig());
  }

  TracedLoop(CoroutineEngine engine, LoopConfig config) {
    assumeWorks(engine);
    loop =
        new Loop(
            config
                .engine(engine)
                .clock(time)
                .sleeper(this::sleepUntil)
                .onStranded(stranded::addAll));
  }

  /// Skips the test where the VM was started without what the engine needs.
  static void assumeWorks(CoroutineEngine engine) {
    String obstacle = CoroutineEngine.obstacle();
    assumeTrue(engine == CoroutineEngine.BATON || obstacle == null, obstacle);
  }

  /// Time passes only by [VirtualTime#advance], as for tests that step by hand.
  TracedLoop standStill() {
    standsStill = true;
    return this;
  }

  TracedLoop logIdle() {
    logsIdle = true;
    return this;
  }

  void log(String what) {
    trace.add(time.nanoTime() + " " + what);
  }

  /// Checks the whole trace since the last check.
  void assertTrace(String... expected) {
    assertEquals(List.of(expected), List.copyOf(trace));
    trace.clear();
  }

  void discardTrace() {
    trace.clear();
  }

  private void sleepUntil(long deadlineNs) {
    if (logsIdle) {
      log("idle until " + deadlineNs);
    }
    if (!standsStill) {
      time.sleepUntil(deadlineNs);
    }
  }

  @Override
  public void close() {
    loop.close();
  }
}
