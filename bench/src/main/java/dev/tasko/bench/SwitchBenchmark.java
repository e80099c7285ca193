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
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// A switch to a coroutine and back. One call makes `perCall` of them, one for each coroutine.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class SwitchBenchmark {
  /// The VM's continuation by itself, or a task of the loop on either engine.
  @Param({"bare", "CONTINUATION", "BATON"})
  public String peer;

  /// Coroutines.
  @Param({"1", "100"})
  public int perCall;

  private Runnable turn;
  private Runnable end;
  private volatile boolean stopping;
  private long switches;

  /// For JMH.
  public SwitchBenchmark() {}

  /// Starts the coroutines.
  @Setup
  public void setup() {
    if (peer.equals("bare")) {
      startBare();
    } else {
      startTasks(CoroutineEngine.valueOf(peer));
    }
    turn.run();
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
    turn =
        () -> {
          for (Continuation continuation : all) {
            continuation.run();
          }
        };
    end = turn;
  }

  private void startTasks(CoroutineEngine engine) {
    Loop loop = new Loop(new LoopConfig().clock(new ManualClock()).engine(engine).strict(false));
    for (int i = 0; i < perCall; i++) {
      loop.addTask(() -> {
        while (!stopping) {
          switches++;
          loop.yieldNow();
        }
      });
    }
    turn = loop::doWork;
    end = loop::close;
  }

  /// Ends the coroutines.
  @TearDown
  public void tearDown() {
    stopping = true;
    end.run();
  }

  /// Lets each coroutine run once, from one yield to the next.
  ///
  /// @return switches so far
  @Benchmark
  public long switchOver() {
    turn.run();
    return switches;
  }
}
