package dev.tasko.safety;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tasko.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Whatever is refused is refused with its name, its value and what was expected.
class BadInputTest {
  private final Loop loop = new Loop();
  private final SafeStop safe = new SafeStop(loop);

  @AfterEach
  void close() {
    safe.close();
    loop.close();
  }

  private static void assertRefused(String message, Executable attempt) {
    assertEquals(message, assertThrows(RuntimeException.class, attempt).getMessage());
  }

  @Test
  @SuppressWarnings("NullAway") // that is what is tried
  void nulls() {
    assertRefused("loop", () -> new SafeStop(null));
    assertRefused("config", () -> new SafeStop(loop, null));
    assertRefused("name", () -> safe.output(null, () -> {}));
    assertRefused("drive", () -> safe.output("valve", null));
    assertRefused("drive", () -> safe.outputOnLoop("valve", null));
    SafeStopConfig config = new SafeStopConfig();
    assertRefused("unwindWithin", () -> config.unwindWithin(null));
    assertRefused("stalledAfter", () -> config.stalledAfter(null));
    assertRefused("onStall", () -> config.onStall(null));
    assertRefused("limit", () -> loop.closeWithin(null));
  }

  @Test
  void bounds() {
    SafeStopConfig config = new SafeStopConfig();
    assertRefused("unwindWithin: PT0S (expected: > 0)", () -> config.unwindWithin(Duration.ZERO));
    assertRefused(
        "unwindWithin: PT-1S (expected: > 0)", () -> config.unwindWithin(Duration.ofSeconds(-1)));
    assertRefused(
        "stalledAfter: PT0S (expected: >= 1 ms)", () -> config.stalledAfter(Duration.ZERO));
    assertRefused(
        "stalledAfter: PT0.000999999S (expected: >= 1 ms)",
        () -> config.stalledAfter(Duration.ofNanos(999_999)));
    assertRefused(
        "stalledAfter: PT1753176H (expected: at most 146 years)",
        () -> config.stalledAfter(Duration.ofDays(73_049)));
  }

  @Test
  void secondOfOneLoop() {
    assertRefused(
        "SafeStop: the loop is watched already (expected: one for each loop)",
        () -> new SafeStop(loop));
  }

  @Test
  void ofAClosedLoop() {
    Loop closed = new Loop();
    closed.close();
    assertRefused("SafeStop: the loop is closed (expected: open)", () -> new SafeStop(closed));
  }

  @Test
  void nameTwice() {
    safe.output("valve", () -> {});
    assertRefused(
        "output: valve is there already (expected: each name once)",
        () -> safe.outputOnLoop("valve", () -> {}));
  }

  @Test
  void fromATask() {
    List<String> refused = new ArrayList<>();
    loop.addTask(() -> {
      refused.add(messageOf(() -> safe.output("valve", () -> {})));
      refused.add(messageOf(() -> safe.outputOnLoop("valve", () -> {})));
      refused.add(messageOf(safe::run));
      refused.add(messageOf(safe::watch));
      refused.add(messageOf(safe::close));
    });
    safe.run();
    assertEquals(
        List.of(
            "output: the loop runs already (expected: before run)",
            "outputOnLoop: the loop runs already (expected: before run)",
            "run: the loop runs already (expected: before run)",
            "run: the loop runs already (expected: before run)",
            "close: called from a task or callback (expected: outside; use stop)"),
        refused);
  }

  private static String messageOf(Executable attempt) {
    return String.valueOf(assertThrows(RuntimeException.class, attempt).getMessage());
  }

  @Test
  void afterClose() {
    safe.close();
    assertRefused("run: it is closed (expected: before run)", safe::run);
    assertRefused(
        "output: it is closed (expected: before run)", () -> safe.output("valve", () -> {}));
  }
}
