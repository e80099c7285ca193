package dev.tasko.bench;

import dev.tasko.bench.peer.Load;
import dev.tasko.bench.peer.Peers;
import dev.tasko.bench.peer.TimerQueue;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.MpscArrayQueue;

/// A controller on an engine that belongs to one thread, which is the one that calls [#runUntil].
/// Producers note the deadline they want and put the timeout into a queue of many producers and one
/// consumer, the same for all engines.
///
/// The owner spins, or sleeps until the next deadline; before an engine that cannot tell it, it
/// sleeps for a millisecond. Requests need not wake it: a callback is due within 0.1 ms, and all
/// timeouts are longer.
final class OwnedController extends Controller {
  private static final int REQUESTS = 1 << 12;
  private static final long CADENCE_NS = 1_000_000;

  private final MpscArrayQueue<Request> requests = new MpscArrayQueue<>(REQUESTS);
  private final Request[] timeouts = new Request[TIMEOUTS];
  private final TimerQueue queue;
  private final boolean spins;

  OwnedController(String peer, boolean spins) {
    this.spins = spins;
    Arrays.setAll(timeouts, Request::new);
    int timers = PERIODICS + TIMEOUTS;
    Load load = new Load("churn", timers, System.nanoTime(), TIMEOUT_NS, TIMEOUT_NS / 3);
    queue = Peers.create(peer, load, this::onOwnTimer);
  }

  private void onOwnTimer(long payload) {
    if (payload >= PERIODICS) {
      timeouts[(int) payload - PERIODICS].handle = TimerQueue.NO_HANDLE;
    }
    onTimer(payload);
  }

  @Override
  void startPeriodic(int periodic, long deadlineNs) {
    queue.schedule(deadlineNs, periodic);
  }

  @Override
  void rearm(int timeout, long deadlineNs) {
    Request request = timeouts[timeout];
    request.deadlineNs = deadlineNs;
    while (!requests.offer(request)) {
      Thread.onSpinWait();
    }
  }

  @Override
  void runUntil(long untilNs) {
    long nowNs = System.nanoTime();
    while (nowNs - untilNs < 0) {
      serve();
      queue.advanceTo(nowNs);
      rest(untilNs);
      nowNs = System.nanoTime();
    }
  }

  private void serve() {
    Request request = requests.relaxedPoll();
    while (request != null) {
      if (request.handle != TimerQueue.NO_HANDLE) {
        queue.cancel(request.handle);
      }
      request.handle = queue.schedule(request.deadlineNs, PERIODICS + request.timeout);
      request = requests.relaxedPoll();
    }
  }

  private void rest(long untilNs) {
    if (spins) {
      Thread.onSpinWait();
      return;
    }
    long nowNs = System.nanoTime();
    long nextNs = queue.nextDeadlineNs();
    long restNs = nextNs == TimerQueue.NO_DEADLINE ? CADENCE_NS : nextNs - nowNs;
    restNs = Math.min(restNs, untilNs - nowNs);
    if (restNs > 0) {
      LockSupport.parkNanos(restNs);
    }
  }

  @Override
  public void close() {
    Thread drainer = new Thread(this::drain, "drainer");
    drainer.start();
    super.close();
    drainer.interrupt();
    queue.close();
  }

  /// A producer that finds the queue full has to come out of it.
  private void drain() {
    while (!Thread.interrupted()) {
      requests.clear();
    }
  }

  /// What a producer wants of a timeout. The queue publishes the deadline; a producer that wants it
  /// anew before it was served only brings the later deadline forward.
  private static final class Request {
    final int timeout;
    long deadlineNs;
    long handle = TimerQueue.NO_HANDLE;

    Request(int timeout) {
      this.timeout = timeout;
    }
  }
}
