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
/// armed a period later. The deadlines are theirs, each at its own nanosecond. The readings of the
/// clock are in their places too, if wanted: each keeps the processor from beginning what comes
/// after it, so the two cost more together than apart.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class WheelTurnBenchmark {
  private static final long PERIOD_NS = 1_000_000;

  /// Timers.
  @Param({"1000", "100000"})
  public int perCall;

  /// Whether each timer has a poll to itself, as the loop's rules want it, with a reading of the
  /// clock before it and another before the timer is armed; or without these; or all have one.
  @Param({"clocked", "each", "one"})
  public String polls;

  private TimerWheel wheel;
  private TimerHandler handler;
  private final PricedClock clock = new PricedClock();
  private long fired;

  /// For JMH.
  public WheelTurnBenchmark() {}

  /// Arms the timers.
  @Setup
  public void setup() {
    wheel = new TimerWheel(perCall, clock.nowNs);
    handler = polls.equals("clocked") ? this::armAfterReading : this::arm;
    for (int i = 0; i < perCall; i++) {
      wheel.schedule(clock.nowNs + 1 + i * PERIOD_NS / perCall, i);
    }
  }

  private void arm(long timer, long payload, long deadlineNs) {
    fired++;
    wheel.schedule(deadlineNs + PERIOD_NS, payload);
  }

  private void armAfterReading(long timer, long payload, long deadlineNs) {
    fired++;
    wheel.schedule(Math.max(deadlineNs + PERIOD_NS, clock.nanoTime()), payload);
  }

  /// Fires all and arms all.
  ///
  /// @return timers fired so far
  @Benchmark
  public long holdTurn() {
    clock.nowNs += PERIOD_NS;
    switch (polls) {
      case "clocked" -> pollEachAfterReading();
      case "each" -> pollEach();
      default -> wheel.poll(clock.nowNs, handler, Integer.MAX_VALUE);
    }
    return fired;
  }

  private void pollEach() {
    boolean due = true;
    while (due) {
      due = wheel.pollOne(clock.nowNs, handler);
    }
  }

  private void pollEachAfterReading() {
    boolean due = true;
    while (due) {
      due = wheel.pollOne(clock.nanoTime(), handler);
    }
  }
}
