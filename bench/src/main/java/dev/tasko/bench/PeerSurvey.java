package dev.tasko.bench;

import dev.tasko.bench.peer.Completeness;
import dev.tasko.bench.peer.CompletenessCheck;
import dev.tasko.bench.peer.Delays;
import dev.tasko.bench.peer.Load;
import dev.tasko.bench.peer.Peers;
import dev.tasko.bench.peer.Random64;
import dev.tasko.bench.peer.TimerQueue;
import dev.tasko.bench.peer.WheelMemory;
import dev.tasko.bench.report.PeerMemory;
import java.util.ArrayList;
import java.util.List;

/// What is to be known of the engines besides their speed: what they do, and what they hold.
final class PeerSurvey {
  private static final List<Integer> CAPACITIES =
      List.of(1_000, 10_000, 100_000, 1_000_000, 10_000_000);
  private static final int PEER_CAPACITY_MAX = 1_000_000;

  private PeerSurvey() {}

  static List<Completeness> completeness() {
    List<Completeness> found = new ArrayList<>();
    Peers.POLLED.forEach(peer -> found.add(CompletenessCheck.run(peer, 1)));
    Peers.ON_WALL_CLOCK.forEach(peer -> found.add(CompletenessCheck.run(peer, 1)));
    return found;
  }

  static List<WheelMemory> wheelMemory() {
    return CAPACITIES.stream().map(WheelMemory::measure).toList();
  }

  static List<PeerMemory> peerMemory() {
    List<PeerMemory> found = new ArrayList<>();
    for (String peer : Peers.POLLED) {
      for (int timers : CAPACITIES) {
        if (!peer.equals("tasko") && timers <= PEER_CAPACITY_MAX) {
          addMemory(found, peer, timers);
        }
      }
    }
    return found;
  }

  /// Filled, because some grow. Those that cannot tell, being made of objects, are left out.
  private static void addMemory(List<PeerMemory> found, String peer, int timers) {
    Delays delays = new Delays("uniform", new Random64(1));
    Load load = new Load(timers, 0, Delays.LONGEST_NS, delays.meanNs());
    try (TimerQueue queue = Peers.create(peer, load, payload -> {})) {
      if (queue.bytes() < 0) {
        return;
      }
      for (int i = 0; i < timers; i++) {
        queue.schedule(delays.nextNs(), i);
      }
      found.add(new PeerMemory(peer, timers, queue.bytes()));
    }
  }
}
