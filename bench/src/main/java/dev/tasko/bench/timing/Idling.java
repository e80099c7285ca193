package dev.tasko.bench.timing;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.Release;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/// What a loop costs in which next to nothing happens: ten tasks at different rates that do
/// nothing, beside a bare thread that parks until the same deadlines, by turns. The tasks have
/// releases, so that points of their grids that fall together are one deadline; they run with and
/// without the statistics that such tasks have by default.
final class Idling {
  /// Of the tasks. Many points of their grids fall together.
  static final List<Integer> RATES_HZ = List.of(1, 2, 3, 5, 7, 10, 13, 17, 20, 50);

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final long NS_PER_SECOND = 1_000_000_000;
  private static final int WARM_UP_TIMES = 500;
  private static final int NO_STATISTICS = 0;

  /// One round.
  ///
  /// @param deadlines how many different ones there were
  /// @param timerWakeups how often the loop was woken by time
  /// @param loopCpuNs processor time of its thread
  /// @param statisticsCpuNs the same with statistics
  /// @param bareCpuNs processor time of the bare thread
  record Round(
      long deadlines, long timerWakeups, long loopCpuNs, long statisticsCpuNs, long bareCpuNs) {
    double wakeupsPerDeadline() {
      return (double) timerWakeups / deadlines;
    }

    double cpuRatio() {
      return (double) loopCpuNs / bareCpuNs;
    }

    double statisticsCpuRatio() {
      return (double) statisticsCpuNs / bareCpuNs;
    }
  }

  /// What one thread has taken.
  private record Run(long deadlines, long timerWakeups, long cpuNs) {}

  private Idling() {}

  /// Measures. First both run for a second at a multiple of the rates, for the VM's compilers.
  ///
  /// @param progress told what begins
  /// @throws Exception if a thread failed
  static List<Round> run(int rounds, int seconds, Consumer<String> progress) throws Exception {
    progress.accept("idle: warming up");
    onThread(() -> loop(NO_STATISTICS, WARM_UP_TIMES, 1));
    onThread(() -> loop(RATES_HZ.size(), WARM_UP_TIMES, 1));
    onThread(() -> bare(deadlinesNs(WARM_UP_TIMES, 1)));
    List<Round> results = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      progress.accept("idle: round %d of %d".formatted(round + 1, rounds));
      Run loop = onThread(() -> loop(NO_STATISTICS, 1, seconds));
      Run statistics = onThread(() -> loop(RATES_HZ.size(), 1, seconds));
      Run bare = onThread(() -> bare(deadlinesNs(1, seconds)));
      results.add(
          new Round(loop.deadlines, loop.timerWakeups, loop.cpuNs, statistics.cpuNs, bare.cpuNs));
    }
    return results;
  }

  private static <T> T onThread(Callable<T> callable) throws Exception {
    FutureTask<T> task = new FutureTask<>(callable);
    Thread.ofPlatform().start(task);
    return task.get();
  }

  private static Run loop(int statistics, int times, int seconds) {
    try (Loop loop = new Loop(new LoopConfig().statisticsCapacity(statistics))) {
      for (int rateHz : RATES_HZ) {
        loop.scheduleCallback(Release.perSecond((long) rateHz * times), () -> {});
      }
      loop.callAt(loop.nowNs() + seconds * NS_PER_SECOND, loop::stop);
      long cpuNs = -THREADS.getCurrentThreadCpuTime();
      loop.run();
      cpuNs += THREADS.getCurrentThreadCpuTime();
      return new Run(loop.distinctDeadlines(), loop.timerWakeups(), cpuNs);
    }
  }

  private static Run bare(long[] deadlinesNs) {
    long cpuNs = -THREADS.getCurrentThreadCpuTime();
    long startNs = System.nanoTime();
    for (long deadlineNs : deadlinesNs) {
      parkUntil(startNs + deadlineNs);
    }
    cpuNs += THREADS.getCurrentThreadCpuTime();
    return new Run(deadlinesNs.length, 0, cpuNs);
  }

  private static void parkUntil(long deadlineNs) {
    long leftNs = deadlineNs - System.nanoTime();
    while (leftNs > 0) {
      LockSupport.parkNanos(leftNs);
      leftNs = deadlineNs - System.nanoTime();
    }
  }

  /// All different points of the tasks' grids.
  static long[] deadlinesNs(int times, int seconds) {
    return RATES_HZ.stream()
        .flatMapToLong(rateHz -> {
          long rate = (long) rateHz * times;
          return LongStream.rangeClosed(1, rate * seconds)
              .map(point -> point * NS_PER_SECOND / rate);
        })
        .sorted()
        .distinct()
        .toArray();
  }
}
