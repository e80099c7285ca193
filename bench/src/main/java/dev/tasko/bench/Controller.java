package dev.tasko.bench;

import dev.tasko.bench.peer.Peers;
import dev.tasko.bench.peer.Random64;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/// A controller's timers: ten callbacks of 1 kHz whose jitter is recorded, and 10,000 timeouts of
/// 1.5 s that two producer threads arm anew at 20,000 a second together, so that one in twenty
/// fires (a timeout is armed anew every 0.5 s on average, and e^-3 = 5 %).
///
/// Engines on the wall clock are called by the producers themselves ([SharedController]). Polled
/// engines belong to one thread that gets the requests through a queue ([OwnedController]).
abstract class Controller implements AutoCloseable {
  static final int PERIODICS = 10;
  static final int TIMEOUTS = 10_000;
  static final long PERIOD_NS = 1_000_000;
  static final long TIMEOUT_NS = 1_500_000_000;
  private static final int PRODUCERS = 2;
  private static final int REQUESTS_A_TURN = 10;
  private static final int DIGITS = 3;

  private final Recorder jitterNs = new Recorder(DIGITS);
  private final long[] periodicNs = new long[PERIODICS];
  private final List<Thread> producers = new ArrayList<>();
  private volatile boolean closed;
  private volatile long timedOut;

  /// @param peer of any kind
  /// @param spins whether the owner of a polled engine never sleeps
  static Controller start(String peer, boolean spins) {
    Controller controller =
        Peers.isOnWallClock(peer)
            ? new SharedController(Peers.createEngine(peer))
            : new OwnedController(peer, spins);
    controller.startAll();
    return controller;
  }

  /// Arms a timer of the engine's owner.
  abstract void startPeriodic(int periodic, long deadlineNs);

  /// Arms a timeout anew. Called by one producer, always the same for one timeout.
  abstract void rearm(int timeout, long deadlineNs);

  /// Serves until then.
  abstract void runUntil(long untilNs);

  private void startAll() {
    long nowNs = System.nanoTime();
    for (int periodic = 0; periodic < PERIODICS; periodic++) {
      periodicNs[periodic] = nowNs + PERIOD_NS + periodic * PERIOD_NS / PERIODICS;
      startPeriodic(periodic, periodicNs[periodic]);
    }
    for (int producer = 0; producer < PRODUCERS; producer++) {
      int first = producer * TIMEOUTS / PRODUCERS;
      Thread thread = new Thread(() -> produce(first), "producer-" + producer);
      thread.setDaemon(true);
      producers.add(thread);
      thread.start();
    }
  }

  private void produce(int first) {
    Random64 random = new Random64(first + 1);
    while (!closed) {
      for (int i = 0; i < REQUESTS_A_TURN; i++) {
        rearm(first + random.below(TIMEOUTS / PRODUCERS), System.nanoTime() + TIMEOUT_NS);
      }
      LockSupport.parkNanos(PERIOD_NS);
    }
  }

  /// One timer has come due. A callback that is late by periods is not armed for the past, where
  /// Agrona's wheel would lose it for a revolution, but what it missed is in the jitter. Payloads
  /// are the numbers of the periodics and then of the timeouts.
  final void onTimer(long payload) {
    if (payload >= PERIODICS) {
      countTimeout();
      return;
    }
    int periodic = (int) payload;
    long deadlineNs = periodicNs[periodic];
    long latenessNs = System.nanoTime() - deadlineNs;
    do {
      jitterNs.recordValue(Math.max(0, latenessNs));
      deadlineNs += PERIOD_NS;
      latenessNs -= PERIOD_NS;
    } while (latenessNs >= 0);
    periodicNs[periodic] = deadlineNs;
    startPeriodic(periodic, deadlineNs);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written by the firing thread alone
  private void countTimeout() {
    timedOut++;
  }

  /// The jitter since this was asked last.
  final Histogram takeJitter() {
    return jitterNs.getIntervalHistogram();
  }

  final long timedOut() {
    return timedOut;
  }

  @Override
  public void close() {
    closed = true;
    for (Thread producer : producers) {
      join(producer);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
