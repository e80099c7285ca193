package dev.tasko.bench;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.resource.Handle;
import dev.tasko.resource.Lease;
import dev.tasko.resource.ManagedResource;
import dev.tasko.task.Body;
import dev.tasko.task.CoroutineEngine;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// A resource that two tasks want all the time: whoever gives it back finds the other waiting, and
/// waits next. So each hand-over is one switch.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class HandOverBenchmark {
  private static final Duration LIMIT = Duration.ofSeconds(1);

  /// How tasks are suspended.
  @Param({"CONTINUATION", "BATON"})
  public String peer;

  /// Whether the wait has a time limit, which does not come.
  @Param({"false", "true"})
  public boolean limited;

  /// Whether the tasks were just added, or are scheduled ones, whose waits are measured.
  @Param({"added", "scheduled"})
  public String tasks;

  private Loop loop;
  private long handOvers;

  /// For JMH.
  public HandOverBenchmark() {}

  /// Starts the tasks.
  @Setup
  public void setup() {
    CoroutineEngine engine = CoroutineEngine.valueOf(peer);
    loop = new Loop(new LoopConfig().clock(new PricedClock()).engine(engine).strict(false));
    ManagedResource<long[], String> resource =
        new ManagedResource<>(loop, new long[1], argument -> {}, argument -> {});
    start(() -> useForEver(resource.handle("one")));
    start(() -> useForEver(resource.handle("other")));
    loop.doWork();
  }

  private void start(Body body) {
    if (tasks.equals("scheduled")) {
      loop.schedule(1, body);
    } else {
      loop.addTask(body);
    }
  }

  /// The first use lasts over a yield, so that the other begins to wait.
  private void useForEver(Handle<long[], String> handle) {
    try (Lease<long[]> _ = handle.acquire()) {
      loop.yieldNow();
    }
    while (true) {
      try (Lease<long[]> lease = limited ? handle.acquire(LIMIT) : handle.acquire()) {
        handOvers = ++lease.get()[0];
      }
    }
  }

  /// Closes the loop.
  @TearDown
  public void tearDown() {
    loop.close();
  }

  /// Runs the loop until the resource has changed hands once.
  ///
  /// @return how often it has
  @Benchmark
  public long handOver() {
    long before = handOvers;
    while (handOvers == before) {
      loop.doWork();
    }
    return handOvers;
  }
}
