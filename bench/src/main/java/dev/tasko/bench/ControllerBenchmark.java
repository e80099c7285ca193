package dev.tasko.bench;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

/// [Controller] in real time. What counts is the jitter beside it: how much later than its deadline
/// a callback runs. How long a call takes says nothing.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class ControllerBenchmark {
  private static final long TURN_NS = 10_000_000;
  private static final long CATCH_UP_NS = 50_000_000;
  private static final int DIGITS = 3;

  /// The engine and the producers.
  @State(Scope.Thread)
  public static class Running {
    /// The engine.
    @Param({
      "tasko",
      "agrona",
      "agrona:default=true",
      "agrona:best=true",
      "agrona:map=true",
      "heap4",
      "pq",
      "kafka",
      "netty",
      "stpe",
      "fjp",
      "systemtimer",
      "jetty"
    })
    public String peer;

    /// What the owner of a polled engine does between polls; those on the wall clock always `park`.
    @Param({"park", "spin"})
    public String idle;

    private Controller controller;

    /// For JMH.
    public Running() {}

    /// Starts the engine and the producers.
    @Setup
    public void setup() {
      controller = Controller.start(peer, idle.equals("spin"));
    }

    /// Ends them.
    @TearDown
    public void tearDown() {
      controller.close();
    }
  }

  /// The jitter of all measured iterations so far: one is too short for one in ten thousand.
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Jitter {
    /// Half are below.
    public long p50Ns;

    /// One in a hundred is above.
    public long p99Ns;

    /// One in a thousand is above.
    public long p999Ns;

    /// One in ten thousand is above.
    public long p9999Ns;

    /// The greatest.
    public long maxNs;

    /// Periods that have passed for a callback.
    public long callbacks;

    /// Timeouts that fired in the last iteration.
    public long timedOut;

    private final Histogram jitterNs = new Histogram(DIGITS);
    private Controller controller;
    private long timedOutBefore;
    private boolean behind;
    private boolean warmingUp = true;

    /// For JMH.
    public Jitter() {}

    /// Knows the controller.
    ///
    /// @param running has it
    @Setup
    public void setup(Running running) {
      controller = running.controller;
    }

    /// Nobody serves between two iterations, and warming up does not count.
    ///
    /// @param iteration that begins
    @Setup(Level.Iteration)
    public void begin(IterationParams iteration) {
      behind = true;
      if (warmingUp) {
        jitterNs.reset();
      }
      warmingUp = iteration.getType() == IterationType.WARMUP;
    }

    private void forget() {
      controller.takeJitter();
      timedOutBefore = controller.timedOut();
      behind = false;
    }

    /// Reads the histogram.
    @TearDown(Level.Iteration)
    public void read() {
      jitterNs.add(controller.takeJitter());
      p50Ns = jitterNs.getValueAtPercentile(50);
      p99Ns = jitterNs.getValueAtPercentile(99);
      p999Ns = jitterNs.getValueAtPercentile(99.9);
      p9999Ns = jitterNs.getValueAtPercentile(99.99);
      maxNs = jitterNs.getMaxValue();
      callbacks = jitterNs.getTotalCount();
      timedOut = controller.timedOut() - timedOutBefore;
    }
  }

  /// For JMH.
  public ControllerBenchmark() {}

  /// Ten milliseconds.
  ///
  /// @param jitter is read after it
  @Benchmark
  public void mix(Jitter jitter) {
    Controller controller = jitter.controller;
    if (jitter.behind) {
      controller.runUntil(System.nanoTime() + CATCH_UP_NS);
      jitter.forget();
    }
    controller.runUntil(System.nanoTime() + TURN_NS);
  }
}
