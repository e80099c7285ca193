package dev.tasko.bench;

import dev.tasko.bench.peer.Delays;
import dev.tasko.bench.peer.Load;
import dev.tasko.bench.peer.Peers;
import dev.tasko.bench.peer.Random64;
import dev.tasko.bench.peer.TimerQueue;
import java.util.Arrays;

/// Requests with timeouts: answers come in at random, cancel the timeout of their request and start
/// the next one with a timeout of its own, of a log-normal length. One timeout in twenty fires
/// first; its request is given up and started anew when its turn comes.
///
/// In simulated time the pace of the answers is computed so that 5 % fire; a poll comes at every
/// millisecond. By the system's clock the pace is what the engine reaches, and the delays are
/// scaled until 5 % fire.
final class Churn implements TimerQueue.Expiry, AutoCloseable {
  private static final double FIRING_SHARE = 0.05;
  private static final long CADENCE_NS = 1_000_000;
  private static final int SAMPLES = 10_000;
  private static final int SCALED_AFTER = 20_000;

  private final TimerQueue queue;
  private final Delays delays = new Delays("lognormal", new Random64(7));
  private final Random64 random = new Random64(42);
  private final long[] handles;
  private final boolean[] expired;
  private final boolean wallClock;
  private final long stepNs;
  private double scale = 1;
  private long nowNs = LiveTimers.START_NS;
  private long nextPollNs = nowNs;
  private long firedSinceScaled;
  private int untilScaled = SCALED_AFTER;
  private long cancelled;
  private long fired;

  Churn(String peer, int live) {
    handles = new long[live];
    expired = new boolean[live];
    double answersNs = meanAnswerNs();
    stepNs = Math.max(1, (long) (answersNs / live));
    // As they are started in the end, and as they are all started in the beginning.
    long denseNs = Math.min((long) answersNs, delays.densestNs());
    Load load = new Load("churn", live, nowNs, Delays.LONGEST_NS, denseNs);
    queue = Peers.create(peer, load, this);
    wallClock = queue.isOnWallClock();
    if (wallClock) {
      scale = 1e-2;
    }
    for (int i = 0; i < live; i++) {
      handles[i] = queue.schedule(nowNs + delayNs(), i);
    }
  }

  /// The mean time to an answer, when answers come at random, at which the share fires: E[e^(-delay
  /// / mean)] is the chance that no answer comes before the timeout.
  private static double meanAnswerNs() {
    Delays delays = new Delays("lognormal", new Random64(1));
    double[] sample = new double[SAMPLES];
    Arrays.setAll(sample, i -> (double) delays.nextNs());
    double low = 1;
    double high = Delays.LONGEST_NS;
    while (high - low > 1000) {
      double middle = (low + high) / 2;
      double share = Arrays.stream(sample).map(ns -> Math.exp(-ns / middle)).sum();
      if (share / SAMPLES < FIRING_SHARE) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private long delayNs() {
    return (long) (delays.nextNs() * scale);
  }

  /// On the engine's thread if it has one: the mark is a hint there, read whenever.
  @Override
  public void onTimer(long payload) {
    expired[(int) payload] = true;
  }

  /// One answer: cancels its timeout, unless that has fired, and starts the next.
  long answer() {
    passTime();
    int request = random.below(handles.length);
    if (expired[request]) {
      expired[request] = false;
      fired++;
      firedSinceScaled++;
      if (wallClock) {
        queue.cancel(handles[request]); // gives its slot back
      }
    } else {
      queue.cancel(handles[request]);
      cancelled++;
    }
    long handle = queue.schedule(nowNs + delayNs(), request);
    handles[request] = handle;
    return handle;
  }

  private void passTime() {
    if (wallClock) {
      nowNs = queue.nowNs(nowNs);
      if (--untilScaled == 0) {
        rescale();
      }
      return;
    }
    nowNs += stepNs;
    while (nowNs - nextPollNs >= 0) {
      queue.advanceTo(nextPollNs);
      nextPollNs += CADENCE_NS;
    }
  }

  private void rescale() {
    scale *= firedSinceScaled > FIRING_SHARE * SCALED_AFTER ? 1.1 : 1 / 1.1;
    untilScaled = SCALED_AFTER;
    firedSinceScaled = 0;
  }

  /// How many were cancelled since this was asked last.
  long takeCancelled() {
    long taken = cancelled;
    cancelled = 0;
    return taken;
  }

  /// How many fired since this was asked last.
  long takeFired() {
    long taken = fired;
    fired = 0;
    return taken;
  }

  @Override
  public void close() {
    queue.close();
  }
}
