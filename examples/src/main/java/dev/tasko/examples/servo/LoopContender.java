package dev.tasko.examples.servo;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.MissedTicks;
import dev.tasko.Release;
import dev.tasko.ScheduledTask;
import java.time.Duration;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.BusySpinIdleStrategy;

/// The control loop as a callback of a [Loop], alone on a thread.
final class LoopContender implements Contender {
  private static final int TASKS = 4;
  private static final long TAIL_NS = 60_000;

  private final String name;
  private final Supplier<LoopConfig> config;

  /// @param config of the loop of each round
  LoopContender(String name, Supplier<LoopConfig> config) {
    this.name = name;
    this.config = config;
  }

  /// The thread never waits.
  static LoopContender spinning() {
    return new LoopContender(
        LatenessPage.SPINNING, () -> plain().idleStrategy(BusySpinIdleStrategy.INSTANCE));
  }

  /// The thread waits, and spins the end of it.
  static LoopContender spinningTail() {
    return new LoopContender(
        LatenessPage.SPINNING + " the tail", () -> plain().spinTail(Duration.ofNanos(TAIL_NS)));
  }

  /// The thread waits until it is time.
  static LoopContender parked() {
    return new LoopContender(LatenessPage.OURS, LoopContender::plain);
  }

  /// Its own histogram is what is asked for, not the engine's.
  private static LoopConfig plain() {
    return new LoopConfig().taskCapacity(TASKS).statisticsCapacity(0);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Histogram run(Conditions conditions) throws Exception {
    return Contender.onOwnThread(name, conditions, () -> runHere(conditions).latenessNs());
  }

  /// On the calling thread. A point of the grid that is lost is counted, not made up for.
  Activations runHere(Conditions conditions) throws Exception {
    Release release = Release.perSecond(conditions.rateHz()).withMissedTicks(MissedTicks.SKIP);
    try (AutoCloseable _ = conditions.enter();
        Loop loop = new Loop(config.get())) {
      Activations activations = new Activations(conditions);
      ScheduledTask[] servo = new ScheduledTask[1];
      servo[0] =
          loop.scheduleCallback(
              "servo",
              release,
              () -> {
                if (!activations.run(loop.nowNs(), servo[0].releaseNs())) {
                  loop.stop();
                }
              });
      loop.run();
      return activations;
    }
  }
}
