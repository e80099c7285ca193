package dev.tasko.bench;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.wakeup.Interrupt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
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

/// From an event on one thread to code that runs on another, and back through a volatile counter,
/// on which the firing thread spins. The bare peer is the same without loop, queue and coroutine.
/// Needs two free cores.
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class InterruptBenchmark {
  /// A task of a loop, or a bare thread.
  @Param({"tasko", "bare"})
  public String peer;

  /// What the other thread does meanwhile.
  @Param({"spin", "park"})
  public String idle;

  private volatile boolean stopping;
  private volatile long fired;
  private volatile long answered;
  private boolean parks;
  private @Nullable Loop loop;
  private @Nullable Interrupt interrupt;
  private Thread thread;

  /// For JMH.
  public InterruptBenchmark() {}

  /// Starts the other thread.
  @Setup
  public void setup() {
    parks = idle.equals("park");
    thread = new Thread(createWork(), "answering");
    thread.setDaemon(true);
    thread.start();
    while (answered == 0) {
      fire();
      LockSupport.parkNanos(1_000_000);
    }
    while (answered != fired) {
      Thread.onSpinWait();
    }
  }

  /// A thread that is about to park takes the event without having slept: wait until it sleeps.
  @Setup(Level.Invocation)
  public void awaitSleep() {
    while (parks && !isAsleep(thread.getState())) {
      Thread.onSpinWait();
    }
  }

  private static boolean isAsleep(Thread.State state) {
    return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
  }

  private Runnable createWork() {
    if (peer.equals("bare")) {
      return this::answerBare;
    }
    Loop made = new Loop(new LoopConfig().strict(false));
    Interrupt source = made.interrupt("benchmark");
    made.addTask(() -> answerAsTask(source));
    loop = made;
    interrupt = source;
    return () -> runLoop(made);
  }

  private void answerAsTask(Interrupt source) {
    while (!stopping) {
      source.await();
      answered = fired;
    }
  }

  private void runLoop(Loop running) {
    if (parks) {
      running.run();
    } else {
      while (!stopping) {
        running.doWork();
        Thread.onSpinWait();
      }
    }
    running.close();
  }

  private void answerBare() {
    while (!stopping) {
      long seen = fired;
      if (seen != answered) {
        answered = seen;
      } else if (parks) {
        LockSupport.park(this);
      } else {
        Thread.onSpinWait();
      }
    }
  }

  /// One thread fires, so the count needs no atomic operation.
  private void fire() {
    long next = fired + 1;
    fired = next;
    Interrupt source = interrupt;
    if (source != null) {
      source.fire();
    } else if (parks) {
      LockSupport.unpark(thread);
    }
  }

  /// Ends the other thread.
  ///
  /// @throws InterruptedException if this one is interrupted
  @TearDown
  public void tearDown() throws InterruptedException {
    stopping = true;
    fire();
    if (loop != null) {
      loop.stop();
    }
    thread.join();
  }

  /// Fires and waits for the answer.
  ///
  /// @return firings so far
  @Benchmark
  public long fireOtherThread() {
    fire();
    long expected = fired;
    while (answered != expected) {
      Thread.onSpinWait();
    }
    return expected;
  }
}
