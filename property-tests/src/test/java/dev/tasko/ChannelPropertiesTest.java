package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.task.ClosedException;
import dev.tasko.task.CoroutineEngine;
import dev.tasko.task.TaskCancelledException;
import dev.tasko.task.TaskTimeoutException;
import dev.tasko.task.WaitQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/// Random histories of sends, receives, cancellations, time limits and closes, against a list of
/// values and two of waiters: first in first out, no value lost or doubled, no waiter forgotten.
///
/// Time goes in rounds. At the beginning of each, tasks begin to send or receive; in its middle
/// some time limits are over; at its end things happen within one instant, so that a task can be
/// cancelled and served before it runs.
class ChannelPropertiesTest {
  private static final long ROUND_NS = 20;
  private static final int CAPACITY_MAX = 3;

  /// What a task does. One without a limit has 0 rounds.
  record Wait(boolean sends, int limitRounds) {}

  /// What happens in an instant.
  enum Act {
    TRY_SEND,
    TRY_RECEIVE,
    CANCEL,
    CLOSE
  }

  /// An act; a cancellation chooses among all tasks begun so far.
  record Instant(Act act, int choice) {}

  record Round(List<Wait> waits, List<Instant> instants) {}

  record History(int capacity, List<Round> rounds) {}

  @Provide
  Arbitrary<History> histories() {
    Arbitrary<Wait> waits =
        Combinators.combine(Arbitraries.of(true, false), Arbitraries.of(0, 0, 1, 2)).as(Wait::new);
    Arbitrary<Instant> instants =
        Combinators.combine(
                Arbitraries.frequency(
                    Tuple.of(10, Act.TRY_SEND),
                    Tuple.of(10, Act.TRY_RECEIVE),
                    Tuple.of(10, Act.CANCEL),
                    Tuple.of(1, Act.CLOSE)),
                Arbitraries.integers().between(0, 1000))
            .as(Instant::new);
    Arbitrary<Round> rounds =
        Combinators.combine(waits.list().ofMaxSize(4), instants.list().ofMaxSize(5)).as(Round::new);
    return Combinators.combine(
            Arbitraries.integers().between(1, CAPACITY_MAX), rounds.list().ofMaxSize(8))
        .as(History::new);
  }

  @Property(tries = 1000)
  void channel_isAsItsModel(@ForAll("histories") History history) {
    new Run(CoroutineEngine.CONTINUATION, history, Run::realChannel).check();
  }

  @Property(tries = 50)
  void channel_isAsItsModelOnThreads(@ForAll("histories") History history) {
    new Run(CoroutineEngine.BATON, history, Run::realChannel).check();
  }

  @Example
  void twin_thatForgetsToWithdraw() {
    assertFound(run ->
        new Channel<>(run.loop.runner(), "twin", run.history.capacity()) {
          @Override
          void withdraw(WaitQueue queue, int task) {}
        });
  }

  @Example
  void twin_thatLetsSendersWait() {
    assertFound(run ->
        new Channel<>(run.loop.runner(), "twin", run.history.capacity()) {
          @Override
          void fillRoom() {}
        });
  }

  private void assertFound(Function<Run, Channel<Integer>> twin) {
    assertTrue(
        histories()
            .sampleStream()
            .limit(1000)
            .anyMatch(history -> isWrong(new Run(CoroutineEngine.CONTINUATION, history, twin))));
  }

  /// Whatever a broken channel leads to shows that it is broken.
  @SuppressWarnings("CatchingUnchecked")
  private static boolean isWrong(Run run) {
    try {
      run.check();
      return false;
    } catch (Throwable found) {
      return true;
    }
  }

  /// What should happen.
  private static final class Model {
    private final int capacity;
    private final List<Integer> values = new ArrayList<>();
    private final List<Waiter> senders = new ArrayList<>();
    private final List<Waiter> receivers = new ArrayList<>();
    private final List<Waiter> waiters = new ArrayList<>();
    private boolean closed;

    Model(int capacity) {
      this.capacity = capacity;
    }

    /// One task and how its wait ends.
    private static final class Waiter {
      final int value;
      final long limitNs;
      String outcome = "waits";
      @Nullable String leaves;

      Waiter(int value, long limitNs) {
        this.value = value;
        this.limitNs = limitNs;
      }
    }

    void begin(Wait wait, int value, long limitNs) {
      Waiter waiter = new Waiter(value, limitNs);
      waiters.add(waiter);
      if (wait.sends()) {
        if (closed) {
          waiter.outcome = "closed";
        } else if (trySend(value)) {
          waiter.outcome = "sent";
        } else {
          senders.add(waiter);
        }
      } else {
        Integer received = tryReceive();
        if (received != null) {
          waiter.outcome = "has " + received;
        } else if (closed) {
          waiter.outcome = "closed";
        } else {
          receivers.add(waiter);
        }
      }
    }

    boolean trySend(int value) {
      if (!receivers.isEmpty()) {
        receivers.removeFirst().outcome = "has " + value;
        return true;
      }
      return values.size() < capacity && values.add(value);
    }

    @Nullable Integer tryReceive() {
      if (values.isEmpty()) {
        return null;
      }
      int value = values.removeFirst();
      if (!senders.isEmpty()) {
        Waiter sender = senders.removeFirst();
        values.add(sender.value);
        sender.outcome = "sent";
      }
      return value;
    }

    void cancel(int number) {
      leave(waiters.get(number), "cancelled");
    }

    private static void leave(Waiter waiter, String how) {
      if (waiter.leaves == null) {
        waiter.leaves = how;
      }
    }

    void close() {
      closed = true;
      senders.forEach(waiter -> waiter.outcome = "closed");
      receivers.forEach(waiter -> waiter.outcome = "closed");
      senders.clear();
      receivers.clear();
    }

    void limitsAt(long nowNs) {
      for (Waiter waiter : waiters) {
        if (waiter.limitNs == nowNs) {
          leave(waiter, "timed out");
        }
      }
      settle();
    }

    /// The tasks have run: those that are to leave and were not served have left.
    void settle() {
      for (Waiter waiter : waiters) {
        if (waiter.leaves != null && (senders.remove(waiter) || receivers.remove(waiter))) {
          waiter.outcome = waiter.leaves;
        }
      }
    }
  }

  /// One history in a loop and in the model.
  private static final class Run {
    final History history;
    final Loop loop;
    private final Channel<Integer> channel;
    private final Model model;
    private final List<Task> tasks = new ArrayList<>();
    private final List<String> outcomes = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private int nextValue;

    Run(CoroutineEngine engine, History history, Function<Run, Channel<Integer>> channels) {
      this.history = history;
      loop =
          new Loop(
              new LoopConfig()
                  .engine(engine)
                  .virtualTime(new VirtualTime(0))
                  .onStranded(_ -> {})
                  .strict(false));
      channel = channels.apply(this);
      model = new Model(history.capacity());
    }

    Channel<Integer> realChannel() {
      return loop.channel("real", history.capacity());
    }

    void check() {
      long startNs = ROUND_NS;
      for (Round round : history.rounds()) {
        long beginNs = startNs;
        loop.callAt(beginNs, () -> begin(round.waits(), beginNs));
        loop.callAt(beginNs + ROUND_NS / 2 + 1, () -> model.limitsAt(beginNs + ROUND_NS / 2));
        loop.callAt(beginNs + ROUND_NS - 2, () -> act(round.instants()));
        loop.callAt(beginNs + ROUND_NS - 1, model::settle);
        startNs += ROUND_NS;
      }
      for (int after = 0; after < 3; after++) {
        long limitNs = startNs + after * ROUND_NS + ROUND_NS / 2;
        loop.callAt(limitNs + 1, () -> model.limitsAt(limitNs));
      }
      try (loop) {
        loop.run();
        assertEquals(model.waiters.stream().map(waiter -> waiter.outcome).toList(), outcomes);
        drain();
        assertEquals(List.of(), wrong);
      }
    }

    private void begin(List<Wait> waits, long nowNs) {
      for (Wait wait : waits) {
        int value = nextValue++;
        int number = tasks.size();
        long limitNs = wait.limitRounds() * ROUND_NS - ROUND_NS / 2;
        model.begin(wait, value, limitNs > 0 ? nowNs + limitNs : -1);
        outcomes.add("waits");
        tasks.add(loop.addTask(() -> outcomes.set(number, outcome(wait, value, limitNs))));
      }
    }

    private String outcome(Wait wait, int value, long limitNs) throws Exception {
      String[] done = new String[1];
      try {
        if (limitNs > 0) {
          loop.timeoutNs(limitNs, () -> done[0] = exchange(wait, value));
        } else {
          done[0] = exchange(wait, value);
        }
        return done[0];
      } catch (ClosedException e) {
        return "closed";
      } catch (TaskTimeoutException e) {
        return "timed out";
      } catch (TaskCancelledException e) {
        return "cancelled";
      }
    }

    private String exchange(Wait wait, int value) {
      if (wait.sends()) {
        channel.send(value);
        return "sent";
      }
      return "has " + channel.receive();
    }

    private void act(List<Instant> instants) {
      for (Instant instant : instants) {
        switch (instant.act()) {
          case TRY_SEND -> {
            int value = nextValue++;
            if (!model.closed) {
              check("trySend", model.trySend(value), channel.trySend(value));
            }
          }
          case TRY_RECEIVE -> check("tryReceive", model.tryReceive(), channel.tryReceive());
          case CANCEL -> {
            if (!tasks.isEmpty()) {
              int number = instant.choice() % tasks.size();
              model.cancel(number);
              tasks.get(number).cancel();
            }
          }
          case CLOSE -> {
            if (!model.closed) {
              model.close();
              channel.close();
            }
          }
        }
      }
    }

    private void check(String what, @Nullable Object expected, @Nullable Object found) {
      if (!java.util.Objects.equals(expected, found)) {
        wrong.add(what + ": " + found + ", expected " + expected);
      }
    }

    private void drain() {
      while (channel.size() > 0) {
        check("left", model.tryReceive(), channel.tryReceive());
      }
      check("left", model.tryReceive(), null);
    }
  }
}
