package dev.tasko.bench;

import dev.tasko.bench.peer.Delays;
import dev.tasko.bench.peer.Load;
import dev.tasko.bench.peer.Peers;
import dev.tasko.bench.peer.Random64;
import dev.tasko.bench.peer.TimerQueue;

/// A queue with a constant number of timers: each that fires is scheduled again at once, under a
/// payload of its own that leads to its handle.
final class LiveTimers implements TimerQueue.Expiry, AutoCloseable {
  static final long START_NS = 1_234_567_890_123L;

  /// A cadence at which one timer is due in a poll on average, as in an application that sleeps
  /// until the next deadline. Not the next deadline itself, which not every engine can tell.
  static final long ONE_TIMER_A_POLL = 0;

  final TimerQueue queue;
  final Random64 random = new Random64(42);
  final Delays delays;
  private final long[] handles;
  private long nowNs = START_NS;
  private long fired;
  private long target;

  LiveTimers(String workload, String peer, int live, Delays delays) {
    this.delays = delays;
    handles = new long[live];
    // The busiest moment of the stationary state is always the present; one more comes and goes.
    Load load = new Load(workload, live + 1, START_NS, Delays.LONGEST_NS, delays.meanNs());
    queue = Peers.create(peer, load, this);
  }

  /// Fills it as it would be after running for ever.
  LiveTimers fillStationary() {
    for (int i = 0; i < handles.length; i++) {
      handles[i] = queue.schedule(nowNs + delays.nextResidualNs(), i);
    }
    return this;
  }

  /// Fills it with fresh delays.
  LiveTimers fillFresh() {
    for (int i = 0; i < handles.length; i++) {
      handles[i] = queue.schedule(nowNs + delays.nextNs(), i);
    }
    return this;
  }

  @Override
  public void onTimer(long payload) {
    fired++;
    handles[(int) payload] = queue.schedule(nowNs + delays.nextNs(), payload);
  }

  /// The time between two polls that a parameter stands for.
  long cadenceNs(long parameter) {
    return parameter == ONE_TIMER_A_POLL
        ? Math.max(1, delays.meanNs() / handles.length)
        : parameter;
  }

  /// One poll, some time after the last.
  int poll(long elapsedNs) {
    nowNs += elapsedNs;
    return queue.advanceTo(nowNs);
  }

  /// Polls until so many more have fired. Surplus of a poll counts for the next call.
  long hold(int timers, long cadenceNs) {
    target += timers;
    while (fired < target) {
      poll(cadenceNs);
    }
    return fired;
  }

  /// Schedules one more timer and cancels it.
  boolean scheduleCancel() {
    return queue.cancel(queue.schedule(nowNs + delays.nextNs(), handles.length));
  }

  /// Cancels any timer and schedules it anew.
  long cancelReschedule() {
    int timer = random.below(handles.length);
    queue.cancel(handles[timer]);
    long handle = queue.schedule(nowNs + delays.nextNs(), timer);
    handles[timer] = handle;
    return handle;
  }

  /// Polls when nothing has come due since the last poll.
  int idlePoll() {
    return queue.advanceTo(nowNs);
  }

  @Override
  public void close() {
    queue.close();
  }
}
