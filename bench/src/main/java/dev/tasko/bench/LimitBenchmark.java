package dev.tasko.bench;

import dev.tasko.bench.peer.Random64;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// What the memory allows over the same bytes as the timers' records, 32 for each: to follow them
/// one by one in random order, as an engine must that finds one by another, and to copy them in
/// their order, as one may that has nothing to look for. [ClockBenchmark] is the third limit.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class LimitBenchmark {
  private static final int BATCH = 1000;
  private static final int RECORD_LONGS = 4;

  /// Records.
  @Param({"1000", "10000", "100000", "1000000", "10000000"})
  public int live;

  private long[] records;
  private long[] copies;
  private int at;
  private int copied;

  /// For JMH.
  public LimitBenchmark() {}

  /// Links all records into one cycle (Sattolo, 1986).
  @Setup
  public void setup() {
    records = new long[RECORD_LONGS * live];
    copies = new long[records.length];
    int[] order = new int[live];
    for (int i = 0; i < live; i++) {
      order[i] = i;
    }
    Random64 random = new Random64(42);
    for (int i = live - 1; i > 0; i--) {
      int other = random.below(i);
      int swapped = order[i];
      order[i] = order[other];
      order[other] = swapped;
    }
    for (int i = 0; i < live; i++) {
      records[RECORD_LONGS * i] = (long) RECORD_LONGS * order[i];
    }
  }

  /// Follows one record after the other.
  ///
  /// @return where it has come to
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int chase() {
    int index = at;
    for (int i = 0; i < BATCH; i++) {
      index = (int) records[index];
    }
    at = index;
    return index;
  }

  /// Copies one record after the other.
  ///
  /// @return the copies
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public long[] copy() {
    int from = RECORD_LONGS * copied;
    System.arraycopy(records, from, copies, from, RECORD_LONGS * BATCH);
    copied = copied + 2 * BATCH > live ? 0 : copied + BATCH;
    return copies;
  }
}
