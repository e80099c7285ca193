package dev.tasko.bench;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.resource.Handle;
import dev.tasko.resource.Lease;
import dev.tasko.resource.ManagedResource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
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

/// A resource taken and given back by a task while nobody else wants it: a thousand times, and then
/// one yield.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class AcquireBenchmark {
  private static final int BATCH = 1000;

  /// What guards it.
  @Param({"tasko", "ReentrantLock"})
  public String peer;

  private final ReentrantLock lock = new ReentrantLock(true);
  private Loop loop;
  private Handle<long[], String> handle;
  private long uses;

  /// For JMH.
  public AcquireBenchmark() {}

  /// Starts the task.
  @Setup
  public void setup() {
    loop = new Loop(new LoopConfig().clock(new ManualClock()).strict(false));
    ManagedResource<long[], String> resource =
        new ManagedResource<>(loop, new long[1], argument -> {}, argument -> {});
    handle = resource.handle("benchmark");
    boolean isLock = peer.equals("ReentrantLock");
    loop.addTask(() -> {
      while (true) {
        if (isLock) {
          lockMany();
        } else {
          acquireMany();
        }
        loop.yieldNow();
      }
    });
    loop.doWork();
  }

  private void acquireMany() {
    for (int i = 0; i < BATCH; i++) {
      try (Lease<long[]> lease = handle.acquire()) {
        uses += ++lease.get()[0];
      }
    }
  }

  private void lockMany() {
    for (int i = 0; i < BATCH; i++) {
      lock.lock();
      try {
        uses++;
      } finally {
        lock.unlock();
      }
    }
  }

  /// Closes the loop.
  @TearDown
  public void tearDown() {
    loop.close();
  }

  /// Takes and gives back.
  ///
  /// @return a number that grows with the uses
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public long acquireRelease() {
    loop.doWork();
    return uses;
  }
}
