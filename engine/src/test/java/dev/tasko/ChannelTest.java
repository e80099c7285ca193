package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.task.ClosedException;
import dev.tasko.task.CoroutineEngine;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Values go from task to task in order, nobody gets in between, and a closed channel says so.
@ParameterizedClass
@EnumSource(CoroutineEngine.class)
class ChannelTest {
  private final TracedLoop t;
  private final Loop loop;
  private final Channel<String> channel;

  ChannelTest(CoroutineEngine engine) {
    t = new TracedLoop(engine, new LoopConfig().strict(true));
    loop = t.loop;
    channel = loop.channel("c", 2);
  }

  @AfterEach
  void close() {
    t.close();
  }

  private void send(String value) {
    channel.send(value);
    t.log("sent " + value);
  }

  private void receive(String name) {
    t.log(name + " has " + channel.receive());
  }

  @Test
  void send_waitsWhileFull() {
    loop.addTask(() -> {
      for (String value : List.of("a", "b", "c", "d")) {
        send(value);
      }
    });
    loop.runLater(1e-6, () -> receive("r"));
    loop.run();
    t.assertTrace("0 sent a", "0 sent b", "1000 r has a", "1000 sent c");
    assertEquals(2, channel.size());
    assertEquals(1, t.stranded.size());
    assertEquals(2, channel.capacity());
  }

  @Test
  void receive_waitsWhileEmpty() {
    loop.addTask(() -> receive("r"));
    loop.runLater(1e-6, () -> send("a"));
    loop.run();
    t.assertTrace("1000 sent a", "1000 r has a");
    assertEquals(0, channel.size());
  }

  @Test
  void receive_waitersAreServedInOrder() {
    for (String name : List.of("r1", "r2", "r3")) {
      loop.addTask(() -> receive(name));
    }
    loop.addTask(() -> {
      for (String value : List.of("a", "b", "c")) {
        send(value);
      }
    });
    loop.run();
    t.assertTrace("0 sent a", "0 sent b", "0 sent c", "0 r1 has a", "0 r2 has b", "0 r3 has c");
  }

  /// It asks after the value was given to another, but before that one has run.
  @Test
  void receive_nobodyGetsInBetween() {
    loop.addTask(() -> receive("waits"));
    loop.addTask(() -> {
      channel.send("a");
      assertNull(channel.tryReceive());
      receive("barges");
    });
    loop.runLater(1e-6, () -> send("b"));
    loop.run();
    t.assertTrace("0 waits has a", "1000 sent b", "1000 barges has b");
  }

  @Test
  void send_nobodyGetsInBetween() {
    assertTrue(channel.trySend("a"));
    assertTrue(channel.trySend("b"));
    loop.addTask(() -> send("waits"));
    loop.addTask(() -> {
      assertEquals("a", channel.receive());
      assertFalse(channel.trySend("barges"));
    });
    loop.run();
    t.assertTrace("0 sent waits");
    assertEquals("b", channel.tryReceive());
    assertEquals("waits", channel.tryReceive());
    assertNull(channel.tryReceive());
  }

  @Test
  void send_waitersAreServedInOrder() {
    assertTrue(channel.trySend("a") && channel.trySend("b") && !channel.trySend("x"));
    for (String value : List.of("c", "d", "e")) {
      loop.addTask(() -> send(value));
    }
    loop.addTask(() -> {
      for (int i = 0; i < 5; i++) {
        receive("r");
      }
    });
    loop.run();
    t.assertTrace(
        "0 r has a",
        "0 r has b",
        "0 r has c",
        "0 r has d",
        "0 r has e",
        "0 sent c",
        "0 sent d",
        "0 sent e");
  }

  @Test
  void close_receiversDrainWhatIsLeft() {
    channel.trySend("a");
    channel.trySend("b");
    channel.close();
    assertTrue(channel.isClosed());
    loop.addTask(() -> {
      receive("r");
      receive("r");
      t.log("" + assertThrows(ClosedException.class, channel::receive).getMessage());
      loop.sleepNs(5);
      t.log("goes on");
    });
    loop.run();
    t.assertTrace(
        "0 r has a", "0 r has b", "0 receive: channel c is closed (expected: open)", "5 goes on");
    assertNull(channel.tryReceive());
  }

  @Test
  void close_tellsWaitingReceivers() {
    loop.addTask(
        () -> t.log("" + assertThrows(ClosedException.class, channel::receive).getMessage()));
    loop.callAt(7, channel::close);
    loop.run();
    t.assertTrace("7 receive: channel c is closed (expected: open)");
  }

  @Test
  void close_refusesWaitingSenders() {
    channel.trySend("a");
    channel.trySend("b");
    loop.addTask(() ->
        t.log("" + assertThrows(ClosedException.class, () -> channel.send("c")).getMessage()));
    loop.callAt(7, channel::close);
    loop.run();
    t.assertTrace("7 send: channel c is closed (expected: open)");
    assertEquals("a", channel.tryReceive());
    assertEquals("b", channel.tryReceive());
    assertNull(channel.tryReceive());
  }

  /// What was exchanged before the end counts, though the tasks have not run since.
  @Test
  void close_afterTheExchange() {
    Channel<String> full = loop.channel("full", 1);
    full.trySend("a");
    loop.addTask(() -> receive("r"));
    loop.addTask(() -> {
      full.send("b");
      t.log("sent");
    });
    loop.callAt(
        7,
        () -> {
          channel.trySend("v");
          channel.close();
          t.log("receives " + full.tryReceive());
          full.close();
        });
    loop.run();
    t.assertTrace("7 receives a", "7 r has v", "7 sent");
    assertEquals("b", full.tryReceive());
  }

  @Test
  void run_doesNotWaitForAChannel() {
    Task waiting = loop.addTask("waiting", channel::receive);
    loop.run();
    assertEquals(List.of(waiting), t.stranded);
  }
}
