package dev.tasko.bench;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.task.CoroutineEngine;
import java.util.concurrent.TimeUnit;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;
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

/// A switch to a coroutine and back. In a round each of `perCall` coroutines runs once, from one
/// yield to the next.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class SwitchBenchmark {
  private static final int ROUNDS = 10;

  /// The VM's continuation by itself, a task of the loop on either engine, or virtual threads.
  @Param({"bare", "CONTINUATION", "BATON", "virtual"})
  public String peer;

  /// Coroutines.
  @Param({"1", "1000", "100000"})
  public int perCall;

  private final StepCounter steps = new StepCounter();
  private Runnable rounds;
  private Runnable end;
  private volatile boolean stopping;
  private long switches;

  /// For JMH.
  public SwitchBenchmark() {}

  /// Starts the coroutines.
  @Setup
  public void setup() {
    switch (peer) {
      case "bare" -> startBare();
      case "virtual" -> startVirtualThreads();
      default -> startTasks(CoroutineEngine.valueOf(peer));
    }
    rounds.run();
  }

  private void startBare() {
    ContinuationScope scope = new ContinuationScope("bare");
    Continuation[] all = new Continuation[perCall];
    for (int i = 0; i < perCall; i++) {
      all[i] =
          new Continuation(
              scope,
              () -> {
                while (!stopping) {
                  switches++;
                  Continuation.yield(scope);
                }
              });
    }
    rounds =
        () -> {
          for (int i = 0; i < ROUNDS; i++) {
            for (Continuation continuation : all) {
              continuation.run();
            }
          }
        };
    end =
        () -> {
          for (Continuation continuation : all) {
            continuation.run();
          }
        };
  }

  private void startTasks(CoroutineEngine engine) {
    LoopConfig config = new LoopConfig().clock(new ManualClock()).engine(engine).strict(false);
    Loop loop = new Loop(config.taskCapacity(perCall));
    for (int i = 0; i < perCall; i++) {
      loop.addTask(() -> {
        while (!stopping) {
          switches++;
          loop.yieldNow();
        }
      });
    }
    rounds =
        () -> {
          for (int i = 0; i < ROUNDS; i++) {
            loop.doWork();
          }
        };
    end = loop::close;
  }

  @SuppressWarnings("ThreadPriorityCheck") // to yield is what is measured
  private void startVirtualThreads() {
    VirtualThreads.useOneCarrier();
    for (int i = 0; i < perCall; i++) {
      Thread.startVirtualThread(() -> {
        while (!stopping) {
          switches++;
          steps.step();
          Thread.yield();
        }
      });
    }
    rounds = () -> steps.await((long) ROUNDS * perCall);
    end = () -> {};
  }

  /// Ends the coroutines.
  @TearDown
  public void tearDown() {
    stopping = true;
    end.run();
  }

  /// As many rounds as there are operations.
  ///
  /// @return switches so far, or nearly so
  @Benchmark
  @OperationsPerInvocation(ROUNDS)
  public long switchOver() {
    rounds.run();
    return switches;
  }
}
