package dev.tasko.bench.peer;

import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/// Makes engines by name.
public final class Peers {
  /// The engines that fire when they are polled, with their default settings.
  public static final List<String> POLLED = List.of("tasko", "agrona", "agrona:map=true", "heap4");

  /// The engines with a thread of their own.
  public static final List<String> ON_WALL_CLOCK = List.of("netty", "stpe", "fjp");

  private Peers() {}

  /// Makes an engine.
  ///
  /// | name | engine | settings |
  /// |---|---|---|
  /// | tasko | [dev.tasko.wheel.TimerWheel] | |
  /// | agrona | Agrona's `DeadlineTimerWheel` with payloads beside it | `tickNs`, `spokes`, `alloc`,
  /// `map` |
  /// | heap4 | a 4-ary heap of `long` keys with handles, first come first served | |
  /// | netty | `HashedWheelTimer` | `tickMs`, `spokes`, `offsetS` |
  /// | stpe | `ScheduledThreadPoolExecutor`, removing on cancel | `offsetS` |
  /// | fjp | `ForkJoinPool`'s scheduler | `offsetS` |
  /// | none | nothing at all: what the workload itself costs | |
  ///
  /// @param spec as [PeerSpec#parse] reads it
  /// @param load what it is sized for
  /// @param expiry receives what comes due
  /// @return empty
  /// @throws IllegalArgumentException if there is no such engine
  public static TimerQueue create(String spec, Load load, TimerQueue.Expiry expiry) {
    PeerSpec peer = PeerSpec.parse(spec);
    return switch (peer.name()) {
      case "tasko" -> new TaskoQueue(load, expiry);
      case "agrona" ->
          peer.flag("map")
              ? new AgronaMapQueue(load, peer, expiry)
              : new AgronaQueue(load, peer, expiry);
      case "heap4" -> new HeapQueue(load.timers(), expiry);
      case "netty" -> new NettyQueue(load, peer, expiry);
      case "stpe" -> new ExecutorQueue(createStpe(), load, peer, expiry);
      case "fjp" -> new ExecutorQueue(new ForkJoinPool(1), load, peer, expiry);
      case "none" -> new NoQueue();
      default ->
          throw new IllegalArgumentException(
              "peer: " + spec + " (expected: tasko, agrona, heap4, netty, stpe, fjp or none)");
    };
  }

  private static ScheduledThreadPoolExecutor createStpe() {
    ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);
    executor.setRemoveOnCancelPolicy(true);
    return executor;
  }
}
