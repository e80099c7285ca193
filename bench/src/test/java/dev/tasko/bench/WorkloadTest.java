package dev.tasko.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The workloads are what they say they are.
class WorkloadTest {
  @ParameterizedTest
  @FieldSource("dev.tasko.bench.Workload#NAMES")
  void create_everyName_runs(String name) {
    for (String peer : new String[] {"tasko", "agrona:best=true"}) {
      try (Workload workload = Workload.create(name, peer, 100)) {
        assertTrue(workload.measureNs(1) > 0, peer);
      }
    }
  }

  @Test
  void create_unknownName_saysWhichThereAre() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> Workload.create("sleep", "tasko", 1).close());
    String message = String.valueOf(e.getMessage());
    assertTrue(message.startsWith("workload: sleep (expected: hold, hold-each,"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tasko", "agrona", "kafka"})
  void answer_oneInTwentyFindsItsTimerFired(String peer) {
    try (Churn churn = new Churn(peer, 1000)) {
      for (int i = 0; i < 200_000; i++) {
        churn.answer();
      }
      double fired = churn.takeFired();
      assertEquals(0.05, fired / (fired + churn.takeCancelled()), 0.005);
    }
  }

  /// 100,000 watchdogs are kicked 23,000 times a second, and one in a thousand kicks comes too
  /// late. A crowd of overdue watchdogs at the beginning would make peers grow that are sized for
  /// this.
  @Test
  void watchdogs_filled_fireNoFasterThanLater() {
    try (Watchdogs watchdogs = new Watchdogs("tasko", 100_000)) {
      long startNs = LiveTimers.START_NS;
      assertTrue(watchdogs.queue.advanceTo(startNs + 1_000_000) <= 2);
      assertEquals(23.0, (double) watchdogs.queue.advanceTo(startNs + 1_000_000_000), 15.0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tasko", "heap4", "pq"})
  void hour_peerThatKnowsItsDeadlines_wakesForThemAloneAndIsNeverLate(String peer) {
    try (Sparse sparse = new Sparse(peer)) {
      assertEquals(10, sparse.hour());
      assertEquals(0, sparse.maxLatenessNs());
    }
  }

  @Test
  void hour_peerThatCannotTell_isPolledAtEveryMillisecond() {
    try (Sparse sparse = new Sparse("agrona")) {
      assertEquals(3_600_000.0, (double) sparse.hour(), 1_000.0);
      assertTrue(sparse.maxLatenessNs() < 2_000_000, "late: " + sparse.maxLatenessNs());
    }
  }

  @Test
  void agronaBest_namesWorkloadsThatExist() throws IOException {
    Properties found = new Properties();
    try (InputStream in = getClass().getResourceAsStream("/agrona-best.properties")) {
      found.load(Objects.requireNonNull(in));
    }
    assertFalse(found.isEmpty());
    for (String key : found.stringPropertyNames()) {
      assertTrue(Workload.NAMES.contains(key.substring(0, key.indexOf('.'))), key);
    }
  }
}
