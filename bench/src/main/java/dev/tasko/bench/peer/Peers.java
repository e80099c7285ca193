package dev.tasko.bench.peer;

import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/// Makes engines by name.
///
/// | name | engine | settings |
/// |---|---|---|
/// | tasko | [dev.tasko.wheel.TimerWheel] | |
/// | agrona | Agrona's `DeadlineTimerWheel` with payloads beside it | `default`, `best`, `tickNs`,
/// `spokes`, `alloc`; `map`: with the maps that Aeron needs |
/// | heap4 | a 4-ary heap of `long` keys with handles, first come first served | |
/// | pq | a `PriorityQueue` of timer objects, first come first served | `remove` |
/// | kafka | Kafka's `TimingWheel` in simulated time | `tickMs`, `spokes` |
/// | caffeine | Caffeine's wheel behind a cache | |
/// | none | nothing at all: what the workload itself costs | |
/// | netty | `HashedWheelTimer` | `tickMs`, `spokes`, `offsetS` |
/// | stpe | `ScheduledThreadPoolExecutor`, removing on cancel | `offsetS` |
/// | fjp | `ForkJoinPool`'s scheduler | `offsetS` |
/// | systemtimer | Kafka's `SystemTimer` | `tickMs`, `spokes`, `offsetS` |
/// | jetty | a Jetty `CyclicTimeout` for each timer | `offsetS` |
///
/// The last five have threads of their own and go by the system's clock. They can be driven by one
/// thread ([#create]), where their figures are marked as on the wall clock and contain what being
/// callable from every thread costs, or be called from several ([#createEngine]).
///
/// Not here: Pekko's `LightArrayRevolver` sits behind actor configuration and Scala's
/// `ExecutionContext`, and its structure, a hashed wheel with rounds and a cancel that leaves its
/// shell behind, is Netty's. tokio, nexus-timer and timeout.c are not on the JVM. Aeron's
/// `PriorityHeapTimerService` lives in the cluster's consensus module; heap4 is the stronger heap.
public final class Peers {
  /// The engines that fire when they are polled.
  public static final List<String> POLLED =
      List.of(
          "tasko",
          "agrona",
          "agrona:default=true",
          "agrona:best=true",
          "agrona:map=true",
          "heap4",
          "pq",
          "kafka",
          "caffeine");

  /// The engines with a thread of their own.
  public static final List<String> ON_WALL_CLOCK =
      List.of("netty", "stpe", "fjp", "systemtimer", "jetty");

  private static final List<String> NAMES =
      List.of(
          "tasko",
          "agrona",
          "heap4",
          "pq",
          "kafka",
          "caffeine",
          "none",
          "netty",
          "stpe",
          "fjp",
          "systemtimer",
          "jetty");

  private Peers() {}

  /// Makes an engine for one thread.
  ///
  /// @param spec as [PeerSpec#parse] reads it
  /// @param load what it is sized for
  /// @param expiry receives what comes due
  /// @return empty
  /// @throws IllegalArgumentException if there is no such engine
  public static TimerQueue create(String spec, Load load, TimerQueue.Expiry expiry) {
    PeerSpec peer = PeerSpec.parse(spec);
    requireKnown(spec, peer, NAMES);
    return switch (peer.name()) {
      case "tasko" -> new TaskoQueue(load, expiry);
      case "agrona" ->
          peer.flag("map")
              ? new AgronaMapQueue(load, peer, expiry)
              : new AgronaQueue(load, peer, expiry);
      case "heap4" -> new HeapQueue(load.timers(), expiry);
      case "pq" -> new ObjectHeapQueue(load, peer, expiry);
      case "kafka" -> new KafkaQueue(load, peer, expiry);
      case "caffeine" -> new CaffeineQueue(load, expiry);
      case "none" -> new NoQueue();
      default -> new WallClockQueue(createEngine(spec), load, peer, expiry);
    };
  }

  /// Makes an engine for several threads.
  ///
  /// @param spec as [PeerSpec#parse] reads it
  /// @return running
  /// @throws IllegalArgumentException if there is no such engine
  public static WallClockEngine createEngine(String spec) {
    PeerSpec peer = PeerSpec.parse(spec);
    requireKnown(spec, peer, ON_WALL_CLOCK);
    return switch (peer.name()) {
      case "netty" -> new NettyEngine(peer);
      case "stpe" -> new ExecutorEngine(createStpe());
      case "fjp" -> new ExecutorEngine(new ForkJoinPool(1));
      case "systemtimer" -> new SystemTimerEngine(peer);
      case "jetty" -> new JettyEngine();
      default -> throw new IllegalStateException("bug: " + spec + " is known and not made");
    };
  }

  private static void requireKnown(String spec, PeerSpec peer, List<String> known) {
    if (!known.contains(peer.name())) {
      throw new IllegalArgumentException(
          "peer: " + spec + " (expected: one of " + String.join(", ", known) + ")");
    }
    List<String> settings = settingsOf(peer.name());
    if (!settings.containsAll(peer.settings().keySet())) {
      String expected = settings.isEmpty() ? "no settings" : String.join(", ", settings);
      throw new IllegalArgumentException("peer: " + spec + " (expected: " + expected + ")");
    }
  }

  private static List<String> settingsOf(String name) {
    return switch (name) {
      case "agrona" -> List.of("default", "best", "map", "tickNs", "spokes", "alloc", "allocShift");
      case "pq" -> List.of("remove");
      case "kafka" -> List.of("tickMs", "spokes");
      case "netty", "systemtimer" -> List.of("tickMs", "spokes", "offsetS");
      case "stpe", "fjp", "jetty" -> List.of("offsetS");
      default -> List.of();
    };
  }

  /// Whether an engine has a thread of its own.
  ///
  /// @param spec as [PeerSpec#parse] reads it
  /// @return whether [#createEngine] makes it
  public static boolean isOnWallClock(String spec) {
    return ON_WALL_CLOCK.contains(PeerSpec.parse(spec).name());
  }

  private static ScheduledThreadPoolExecutor createStpe() {
    ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);
    executor.setRemoveOnCancelPolicy(true);
    return executor;
  }
}
