package dev.tasko.bench;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.wakeup.Interrupt;
import io.netty.util.concurrent.DefaultEventExecutor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
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
/// on which the firing thread spins. Needs two free cores.
///
/// No event is due while another is under way, so none can be omitted: a late answer is one late
/// sample, and there is no schedule of arrivals whose other samples it would hide.
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class InterruptBenchmark {
  /// Two cache lines, as processors fetch the neighbour too.
  private static final int LINES_BYTES = 128;

  /// From the state that says so until the thread sleeps: some microseconds, and a multiple to be
  /// safe.
  private static final long FALLING_ASLEEP_NS = 20_000;

  private static final int STOPPING = 0;
  private static final int FIRED = LINES_BYTES;
  private static final int ANSWERED = 2 * LINES_BYTES;

  /// A task of a loop; a bare thread that looks at the counter; one that takes events out of a
  /// queue of JCTools; a virtual thread; what an executor is given.
  @Param({"tasko", "bare", "jctools", "virtual", "netty", "stpe"})
  public String peer;

  /// What the other thread does meanwhile. JCTools' consumers only `spin`; virtual threads and
  /// executors only `park`.
  @Param({"spin", "park"})
  public String idle;

  /// Each in lines of its own: who looks at one of them in a circle must not take another from who
  /// writes it.
  private final UnsafeBuffer shared =
      new UnsafeBuffer(BufferUtil.allocateDirectAligned(3 * LINES_BYTES, LINES_BYTES));

  private boolean parks;

  /// Tells the other side that there is something new.
  private Runnable signal;

  /// Ends the other side after it has been told to stop.
  private Runnable end;

  /// Where events are answered, or which carries what answers.
  private volatile Thread thread;

  /// For JMH.
  public InterruptBenchmark() {}

  /// Starts the other thread.
  @Setup
  public void setup() {
    parks = idle.equals("park");
    switch (peer) {
      case "tasko" -> startTasko();
      case "bare" -> startThread(this::answerBare, () -> unparkIfAsked(thread));
      case "jctools" -> {
        // The other side would wait for ever for it to sleep.
        if (parks) {
          throw new IllegalArgumentException("idle: park (expected: spin with jctools)");
        }
        startConsumer();
      }
      case "virtual" -> startVirtualThread();
      case "netty" -> startExecutor(new DefaultEventExecutor());
      case "stpe" -> startExecutor(new ScheduledThreadPoolExecutor(1));
      default -> throw new IllegalArgumentException("peer: " + peer);
    }
    while (answered() == 0) {
      fire();
      LockSupport.parkNanos(1_000_000);
    }
    while (answered() != fired()) {
      Thread.onSpinWait();
    }
  }

  private void startTasko() {
    Loop loop = new Loop(new LoopConfig().strict(false));
    Interrupt source = loop.interrupt("benchmark");
    loop.addTask(() -> {
      while (!isStopping()) {
        source.await();
        answer();
      }
    });
    startThread(() -> runLoop(loop), source::fire);
    end =
        () -> {
          loop.stop();
          joinThread();
        };
  }

  private void runLoop(Loop loop) {
    if (parks) {
      loop.run();
    } else {
      while (!isStopping()) {
        loop.doWork();
        Thread.onSpinWait();
      }
    }
    loop.close();
  }

  private void startConsumer() {
    MessagePassingQueue<InterruptBenchmark> queue = new MpscVarHandleArrayQueue<>(1024);
    startThread(
        () -> {
          while (!isStopping()) {
            if (queue.relaxedPoll() == null) {
              Thread.onSpinWait();
            } else {
              answer();
            }
          }
        },
        () -> queue.offer(this));
  }

  private void startThread(Runnable work, Runnable signalling) {
    signal = signalling;
    end = this::joinThread;
    thread = new Thread(work, "answering");
    thread.setDaemon(true);
    thread.start();
  }

  private void startVirtualThread() {
    VirtualThreads.useOneCarrier();
    signal = () -> LockSupport.unpark(thread);
    end = this::joinThread;
    thread = Thread.startVirtualThread(this::answerBare);
  }

  private void startExecutor(ExecutorService executor) {
    Runnable task =
        () -> {
          thread = Thread.currentThread();
          answer();
        };
    signal = () -> executor.execute(task);
    end = executor::shutdownNow;
  }

  private void joinThread() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException("bug: nobody interrupts it", e);
    }
  }

  private void unparkIfAsked(Thread sleeping) {
    if (parks) {
      LockSupport.unpark(sleeping);
    }
  }

  /// A thread that is about to park takes the event without having slept: wait until it sleeps, and
  /// as its state says so before the kernel has been asked, for some time more.
  @Setup(Level.Invocation)
  public void awaitSleep() {
    if (!parks) {
      return;
    }
    while (!isAsleep(thread.getState())) {
      Thread.onSpinWait();
    }
    long asleepNs = System.nanoTime();
    while (System.nanoTime() - asleepNs < FALLING_ASLEEP_NS) {
      Thread.onSpinWait();
    }
  }

  private static boolean isAsleep(Thread.State state) {
    return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
  }

  private void answerBare() {
    while (!isStopping()) {
      if (fired() != answered()) {
        answer();
      } else if (parks) {
        LockSupport.park(this);
      } else {
        Thread.onSpinWait();
      }
    }
  }

  private boolean isStopping() {
    return shared.getLongVolatile(STOPPING) != 0;
  }

  private long fired() {
    return shared.getLongVolatile(FIRED);
  }

  private long answered() {
    return shared.getLongVolatile(ANSWERED);
  }

  private void answer() {
    shared.putLongVolatile(ANSWERED, fired());
  }

  /// One thread fires, so the count needs no atomic operation.
  private void fire() {
    shared.putLongVolatile(FIRED, fired() + 1);
    signal.run();
  }

  /// Ends the other thread.
  @TearDown
  public void tearDown() {
    shared.putLongVolatile(STOPPING, 1);
    fire();
    end.run();
  }

  /// Fires and waits for the answer.
  ///
  /// @return firings so far
  @Benchmark
  public long fireOtherThread() {
    fire();
    long expected = fired();
    while (answered() != expected) {
      Thread.onSpinWait();
    }
    return expected;
  }
}
