package dev.tasko.bench;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;
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

/// Many suspended tasks: what each takes of the memory, on the heap and beside it, and whether all
/// wake. The bare continuation has as many frames of the same kind below its yield as a task has.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class SuspendedBenchmark {
  private static final long DELAY_NS = 1_000_000;

  /// The end of the first takes paths that the compiler did not expect, and throws its code away.
  private static final int TRIALS = 3;

  private static final int TRIAL_WAKES = 30;

  /// Of a task that sleeps, between the entry into its continuation and the yield.
  private static final int FRAMES = 13;

  /// Those who are suspended.
  @State(Scope.Thread)
  public static class Sleepers {
    /// A task of the loop, the VM's continuation by itself, or a virtual thread.
    @Param({"CONTINUATION", "bare", "virtual"})
    public String peer;

    /// How many.
    @Param("100000")
    public int perCall;

    private Runnable wakeEach;
    private Runnable end;
    private volatile boolean stopping;
    private long woken;
    private long bytes;

    /// For JMH.
    public Sleepers() {}

    /// Suspends all, after trials that are long enough for the compiler: interpreted frames are
    /// larger.
    @Setup
    public void setup() {
      for (int trial = 0; trial < TRIALS; trial++) {
        suspendAll();
        for (int i = 0; i < TRIAL_WAKES; i++) {
          wakeEach.run();
        }
        tearDown();
        stopping = false;
      }
      wakeEach = () -> {};
      end = wakeEach;
      long before = usedBytes();
      suspendAll();
      bytes = usedBytes() - before;
    }

    /// Ends them.
    @TearDown
    public void tearDown() {
      stopping = true;
      end.run();
    }

    private void suspendAll() {
      start(perCall);
      wakeEach.run();
    }

    private void start(int count) {
      switch (peer) {
        case "bare" -> startBare(count);
        case "virtual" -> startVirtualThreads(count);
        default -> startTasks(count);
      }
    }

    private void startTasks(int count) {
      PricedClock clock = new PricedClock();
      Loop loop = new Loop(new LoopConfig().clock(clock).strict(false).taskCapacity(count));
      for (int i = 0; i < count; i++) {
        loop.addTask(() -> {
          while (true) {
            loop.sleepNs(DELAY_NS);
            woken++;
          }
        });
      }
      loop.doWork();
      wakeEach =
          () -> {
            clock.nowNs += DELAY_NS;
            loop.doWork();
          };
      end = loop::close;
    }

    private void startBare(int count) {
      ContinuationScope scope = new ContinuationScope("bare");
      Continuation[] all = new Continuation[count];
      for (int i = 0; i < count; i++) {
        all[i] = new Continuation(scope, () -> yieldForEver(scope, FRAMES));
        all[i].run();
      }
      wakeEach =
          () -> {
            for (Continuation continuation : all) {
              continuation.run();
            }
          };
      end = wakeEach;
    }

    private void yieldForEver(ContinuationScope scope, int depth) {
      if (depth > 0) {
        yieldForEver(scope, depth - 1);
        return;
      }
      while (!stopping) {
        Continuation.yield(scope);
        woken++;
      }
    }

    private void startVirtualThreads(int count) {
      VirtualThreads.useOneCarrier();
      Thread[] all = new Thread[count];
      for (int i = 0; i < count; i++) {
        all[i] =
            Thread.startVirtualThread(() -> {
              while (!stopping) {
                LockSupport.park(this);
                woken++;
              }
            });
      }
      awaitAllParked(all);
      wakeEach =
          () -> {
            for (Thread thread : all) {
              LockSupport.unpark(thread);
            }
            awaitAllParked(all);
          };
      end = wakeEach;
    }

    private static void awaitAllParked(Thread[] all) {
      for (Thread thread : all) {
        while (thread.isAlive() && thread.getState() != Thread.State.WAITING) {
          Thread.onSpinWait();
        }
      }
    }

    private static long usedBytes() {
      System.gc();
      System.gc();
      long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      return heap
          + ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
              .mapToLong(BufferPoolMXBean::getMemoryUsed)
              .sum();
    }
  }

  /// What was found out about them.
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Found {
    /// Memory for each, of the heap and of buffers.
    public long bytesPerTask;

    /// Who did not wake when it should have, in any call so far.
    public long lost;

    private Sleepers sleepers;
    private long wokenBefore;
    private long calls;

    /// For JMH.
    public Found() {}

    /// Knows them.
    ///
    /// @param suspended is asked later
    @Setup
    public void setup(Sleepers suspended) {
      sleepers = suspended;
      wokenBefore = suspended.woken;
    }

    /// Reads the counts.
    @TearDown(Level.Iteration)
    public void read() {
      bytesPerTask = sleepers.bytes / sleepers.perCall;
      lost = calls * sleepers.perCall - (sleepers.woken - wokenBefore);
    }
  }

  /// For JMH.
  public SuspendedBenchmark() {}

  /// Wakes each; all are suspended again when it returns.
  ///
  /// @param found is read after it
  @Benchmark
  public void wakeAll(Found found) {
    found.calls++;
    found.sleepers.wakeEach.run();
  }
}
