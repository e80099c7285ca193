package dev.tasko.bench.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A peer that loses timers would be fast.
class CompletenessTest {
  private static final int SEEDS = 5;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tasko",
        "agrona",
        "agrona:default=true",
        "agrona:best=true",
        "agrona:alloc=1",
        "agrona:tickNs=65536,spokes=1024",
        "agrona:best=true,map=true",
        "heap4",
        "pq",
        "pq:remove=true",
        "kafka",
        "caffeine"
      })
  void polledPeer_firesEachTimerOnceAndNeverEarly(String peer) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      Completeness found = CompletenessCheck.run(peer, seed);
      assertTrue(found.isComplete(), "seed " + seed + ": " + found);
      assertTrue(found.fired() > 5_000, "seed " + seed + ": " + found);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"netty", "stpe", "fjp", "systemtimer", "jetty"})
  void wallClockPeer_firesEachTimerOnceAndNeverEarly(String peer) {
    Completeness found = CompletenessCheck.run(peer, 1);
    assertTrue(found.isComplete(), found.toString());
    assertEquals(400, found.fired(), found.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"tasko", "heap4", "pq"})
  void orderedPeer_isInOrderOfDeadlineAndArrivalAndNeverLate(String peer) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      Completeness found = CompletenessCheck.run(peer, seed);
      assertEquals(0, found.deadlineOrder(), "seed " + seed + ": " + found);
      assertEquals(0, found.arrivalOrder(), "seed " + seed + ": " + found);
      assertEquals(0, found.late(), "seed " + seed + ": " + found);
    }
  }

  @ParameterizedTest
  @MethodSource("polledPeersAndStalls")
  void latePoller_losesNothing(String peer, long stallMs) {
    Completeness found = CompletenessCheck.runLate(peer, 1, stallMs * 1_000_000);
    assertTrue(found.isComplete(), found.toString());
    assertTrue(found.fired() > 9_000, found.toString());
  }

  static Stream<Arguments> polledPeersAndStalls() {
    return Peers.POLLED.stream()
        .flatMap(peer -> Stream.of(1L, 100L, 10_000L).map(stallMs -> Arguments.of(peer, stallMs)));
  }

  @Test
  void create_unknownPeer_saysWhichThereAre() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> CompletenessCheck.run("quartz", 1));
    assertTrue(
        String.valueOf(e.getMessage()).startsWith("peer: quartz (expected: one of tasko, agrona,"),
        e.toString());
  }

  /// As fast as can be, and of no use.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void peerThatRefuses_isNotComplete(boolean cancels) {
    Completeness found =
        CompletenessCheck.run(
            "heap4",
            1,
            (load, expiry) -> new Refusing(Peers.create("heap4", load, expiry), cancels));
    assertFalse(found.isComplete(), found.toString());
  }

  private record Refusing(TimerQueue queue, boolean cancels) implements TimerQueue {
    @Override
    public long schedule(long deadlineNs, long payload) {
      return queue.schedule(deadlineNs, payload);
    }

    @Override
    public boolean cancel(long handle) {
      return cancels && queue.cancel(handle);
    }

    @Override
    public long postpone(long handle, long deadlineNs) {
      return cancels ? NO_HANDLE : queue.postpone(handle, deadlineNs);
    }

    @Override
    public int advanceTo(long nowNs) {
      return queue.advanceTo(nowNs);
    }

    @Override
    public long nextDeadlineNs() {
      return queue.nextDeadlineNs();
    }

    @Override
    public int size() {
      return queue.size();
    }
  }

  /// The check itself notices a peer that does nothing.
  @Test
  void peerThatDoesNothing_isNotComplete() {
    assertTrue(!CompletenessCheck.run("none", 6).isComplete());
  }
}
