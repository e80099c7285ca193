package dev.tasko.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.VirtualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What arrives at a real socket.
@EnabledOnOs(OS.LINUX)
class SystemdTest {
  private static final long PID = 77;

  @TempDir Path directory;

  private String path() {
    return directory.resolve("notify").toString();
  }

  private static String abstractName() {
    return "@tasko-test/" + ProcessHandle.current().pid();
  }

  private static Systemd with(String socket) {
    return Systemd.from(Map.of("NOTIFY_SOCKET", socket, "WATCHDOG_USEC", "3000000"), PID);
  }

  @Test
  void messages_arriveAtAPath() {
    try (UnixReceiver receiver = new UnixReceiver(path())) {
      assertAllArrive(with(path()), receiver);
    }
  }

  @Test
  void messages_arriveInTheAbstractNamespace() {
    try (UnixReceiver receiver = new UnixReceiver(abstractName())) {
      assertAllArrive(with(abstractName()), receiver);
    }
  }

  private static void assertAllArrive(Systemd systemd, UnixReceiver receiver) {
    assertTrue(systemd.isPresent());
    assertTrue(systemd.ready());
    assertEquals("READY=1", receiver.receive());
    assertTrue(systemd.watchdog());
    assertEquals("WATCHDOG=1", receiver.receive());
    assertTrue(systemd.status("12 °C"));
    assertEquals("STATUS=12 °C", receiver.receive());
    assertTrue(systemd.stopping());
    assertEquals("STOPPING=1", receiver.receive());
    assertNull(receiver.receive());
  }

  @Test
  void withoutSystemd_nothingHappens() {
    Systemd systemd = Systemd.from(Map.of("WATCHDOG_USEC", "nonsense"), PID);
    assertFalse(systemd.isPresent());
    assertFalse(systemd.isWatching());
    assertFalse(systemd.ready());
    assertFalse(systemd.watchdog());
    assertFalse(systemd.status("fine"));
    assertFalse(systemd.stopping());
    assertEquals(Duration.ofMinutes(1), systemd.watchdogPause());
  }

  @Test
  void watchdog_ofAnotherProcessIsNotOurs() {
    Map<String, String> environment =
        Map.of("NOTIFY_SOCKET", path(), "WATCHDOG_USEC", "3000000", "WATCHDOG_PID", "78");
    assertFalse(Systemd.from(environment, PID).isWatching());
    Systemd ours = Systemd.from(environment, 78);
    assertTrue(ours.isWatching());
    assertEquals(Duration.ofMillis(1500), ours.watchdogPause());
  }

  @Test
  void watchdog_ofManyYearsAndOfNone() {
    Systemd patient =
        Systemd.from(Map.of("NOTIFY_SOCKET", path(), "WATCHDOG_USEC", "9223372036854775807"), PID);
    assertTrue(patient.watchdogPause().toDays() > 1_000_000);
    Systemd never =
        Systemd.from(Map.of("NOTIFY_SOCKET", path(), "WATCHDOG_USEC", "18446744073709551615"), PID);
    assertFalse(never.isWatching());
  }

  @Test
  void watchdog_notAskedForSaysNothing() {
    try (UnixReceiver receiver = new UnixReceiver(path())) {
      assertFalse(Systemd.from(Map.of("NOTIFY_SOCKET", path()), PID).watchdog());
      assertNull(receiver.receive());
    }
  }

  @Test
  void send_whereNobodyListensIsNoError() {
    Systemd systemd = with(path());
    assertFalse(systemd.ready());
    assertFalse(systemd.watchdog());
  }

  @Test
  void send_doesNotWaitForAReceiverThatTakesNothing() {
    try (UnixReceiver receiver = new UnixReceiver(path())) {
      Systemd systemd = with(path());
      int sent = 0;
      while (systemd.watchdog()) {
        sent++;
      }
      assertTrue(sent > 0);
      assertEquals("WATCHDOG=1", receiver.receive());
      assertTrue(systemd.watchdog());
    }
  }

  /// The example of the class: a loop that turns tells that it lives, twice in systemd's time.
  @Test
  void loop_tellsThatItIsReadyAliveAndStopping() {
    VirtualTime time = new VirtualTime(0);
    try (UnixReceiver receiver = new UnixReceiver(path());
        Loop loop = new Loop(new LoopConfig().virtualTime(time))) {
      Systemd systemd = with(path());
      loop.addTask(() -> {
        systemd.ready();
        try {
          while (true) {
            systemd.watchdog();
            loop.sleep(systemd.watchdogPause());
          }
        } finally {
          systemd.stopping();
        }
      });
      loop.runLater(4, loop::stop);
      loop.run();
      loop.closeWithin(Duration.ofSeconds(1));
      assertEquals("READY=1", receiver.receive());
      for (int i = 0; i < 3; i++) {
        assertEquals("WATCHDOG=1", receiver.receive());
      }
      assertEquals("STOPPING=1", receiver.receive());
      assertNull(receiver.receive());
    }
  }

  @Test
  void badInput_isRefused() {
    String path = " (expected: an absolute path or @ and a name, at most 107 bytes)";
    String tooLong = "/" + "x".repeat(107);
    for (String socket : new String[] {"", "@", "/", "notify", "vsock:2:1234", tooLong}) {
      assertRefused("NOTIFY_SOCKET: " + socket + path, Map.of("NOTIFY_SOCKET", socket));
    }
    String us = " (expected: a number of microseconds, > 0)";
    for (String bad : new String[] {"", "0", "-1", "3s", "9223372036854775808"}) {
      assertRefused(
          "WATCHDOG_USEC: " + bad + us, Map.of("NOTIFY_SOCKET", "/n", "WATCHDOG_USEC", bad));
    }
    assertRefused(
        "WATCHDOG_PID: x (expected: a process id, > 0)",
        Map.of("NOTIFY_SOCKET", "/n", "WATCHDOG_PID", "x", "WATCHDOG_USEC", "1"));
    assertEquals(
        "text: a\\nb (expected: one line)",
        assertThrows(IllegalArgumentException.class, () -> with("/n").status("a\nb")).getMessage());
  }

  private static void assertRefused(String message, Map<String, String> environment) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> Systemd.from(environment, PID))
            .getMessage());
  }
}
