package dev.tasko.bench;

import dev.tasko.wheel.TimerHandler;
import dev.tasko.wheel.TimerWheel;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// The wheel's part in a turn of [LoopBenchmark] and [SleepBenchmark]: every timer fires and is
/// armed a period later. The deadlines are theirs, each at its own nanosecond.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class WheelTurnBenchmark {
  private static final long PERIOD_NS = 1_000_000;

  /// Timers.
  @Param({"1000", "100000"})
  public int perCall;

  /// Whether each timer has a poll to itself, as the loop's rules want it, or all have one.
  @Param({"each", "one"})
  public String polls;

  private TimerWheel wheel;
  private TimerHandler handler;
  private long nowNs = LiveTimers.START_NS;
  private long fired;

  /// For JMH.
  public WheelTurnBenchmark() {}

  /// Arms the timers.
  @Setup
  public void setup() {
    wheel = new TimerWheel(perCall, nowNs);
    handler =
        (timer, payload, deadlineNs) -> {
          fired++;
          wheel.schedule(deadlineNs + PERIOD_NS, payload);
        };
    for (int i = 0; i < perCall; i++) {
      wheel.schedule(nowNs + 1 + i * PERIOD_NS / perCall, i);
    }
  }

  /// Fires all and arms all.
  ///
  /// @return timers fired so far
  @Benchmark
  public long holdTurn() {
    nowNs += PERIOD_NS;
    if (polls.equals("one")) {
      wheel.poll(nowNs, handler, Integer.MAX_VALUE);
      return fired;
    }
    boolean due = true;
    while (due) {
      due = wheel.pollOne(nowNs, handler);
    }
    return fired;
  }
}
