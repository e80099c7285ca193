package dev.tasko.bench;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import io.netty.util.concurrent.DefaultEventExecutor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Periodic callbacks that are due all the time. The loop's clock advances by one period before
/// each turn, so every callback is due in every turn, once. The executors, Netty's event loop among
/// them, have a thread of their own and periods so short, a nanosecond for each callback, that they
/// never catch up.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class LoopBenchmark {
  private static final int TURNS = 100;
  private static final double RATE_HZ = 1000;
  private static final long PERIOD_NS = 1_000_000;

  /// Who runs them.
  @Param({"tasko", "stpe", "netty"})
  public String peer;

  /// Callbacks.
  @Param({"1", "1000"})
  public int perCall;

  /// Whether all are due at the same nanosecond, or each at its own.
  @Param({"equal", "spread"})
  public String phases;

  private final PricedClock clock = new PricedClock();
  private final StepCounter steps = new StepCounter();
  private Runnable turns;
  private Runnable end;
  private long calls;

  /// For JMH.
  public LoopBenchmark() {}

  /// Starts the callbacks.
  @Setup
  public void setup() {
    switch (peer) {
      case "tasko" -> startTasko();
      case "stpe" -> startExecutor(new ScheduledThreadPoolExecutor(1));
      case "netty" -> startExecutor(new DefaultEventExecutor());
      default -> throw new IllegalArgumentException("peer: " + peer);
    }
  }

  private boolean isSpread() {
    return phases.equals("spread");
  }

  private void startTasko() {
    Loop loop = new Loop(new LoopConfig().clock(clock).strict(false));
    for (int i = 0; i < perCall; i++) {
      loop.scheduleCallback(RATE_HZ, () -> calls++);
      if (isSpread()) {
        loop.doWork();
        clock.nowNs += PERIOD_NS / perCall;
      }
    }
    loop.doWork();
    turns = () -> turnTasko(loop);
    end = loop::close;
  }

  private void turnTasko(Loop loop) {
    for (int i = 0; i < TURNS; i++) {
      clock.nowNs += PERIOD_NS;
      loop.doWork();
    }
  }

  private void startExecutor(ScheduledExecutorService executor) {
    for (int i = 0; i < perCall; i++) {
      long phaseNs = isSpread() ? i : 0;
      Future<?> _ =
          executor.scheduleAtFixedRate(
              () -> {
                calls++;
                steps.step();
              },
              phaseNs,
              perCall,
              TimeUnit.NANOSECONDS);
    }
    turns = () -> steps.await((long) TURNS * perCall);
    end = executor::shutdownNow;
  }

  /// Ends them.
  @TearDown
  public void tearDown() {
    end.run();
  }

  /// As many turns as there are operations, in each of which every callback runs.
  ///
  /// @return callbacks run so far, or nearly so
  @Benchmark
  @OperationsPerInvocation(TURNS)
  public long turn() {
    turns.run();
    return calls;
  }
}
