package dev.tasko.linux;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Tells systemd how a service is (`Type=notify`, `WatchdogSec=`): that it is ready, alive,
/// stopping.
///
/// ```java
/// Systemd systemd = Systemd.fromEnvironment();
/// loop.addTask("systemd", () -> {
///   systemd.ready();
///   try {
///     while (true) {
///       systemd.watchdog();
///       loop.sleep(systemd.watchdogPause());
///     }
///   } finally {
///     systemd.stopping();
///   }
/// });
/// ```
///
/// As a task of the loop does it, a loop that is stalled says nothing, and systemd ends and
/// restarts the service. A process that systemd did not start has nobody to tell: then nothing
/// happens.
///
/// A message is sent without waiting. One that cannot be sent is dropped, and the first time
/// logged: a controller does not stop because nobody listens.
///
/// Thread: any, one at a time. Allocates: yes, with each message.
public final class Systemd {
  /// In microseconds, as systemd writes it.
  private static final String INFINITY = Long.toUnsignedString(-1);

  private static final System.Logger LOG = System.getLogger("dev.tasko");
  private static final int PATH_MAX_BYTES = 107;
  private static final Duration NO_WATCHDOG = Duration.ofMinutes(1);

  private final @Nullable String address;
  private final long watchdogUs;
  private boolean logged;

  private Systemd(@Nullable String address, long watchdogUs) {
    this.address = address;
    this.watchdogUs = watchdogUs;
  }

  /// Takes what systemd has told the process in its environment.
  ///
  /// @return to be used for its whole life
  /// @throws IllegalArgumentException if a variable has a value that systemd does not give
  public static Systemd fromEnvironment() {
    return from(System.getenv(), ProcessHandle.current().pid());
  }

  static Systemd from(Map<String, String> environment, long pid) {
    String socket = environment.get("NOTIFY_SOCKET");
    if (socket == null) {
      return new Systemd(null, 0);
    }
    int bytes = socket.getBytes(StandardCharsets.UTF_8).length;
    if (!socket.matches("[/@].+") || bytes > PATH_MAX_BYTES) {
      throw new IllegalArgumentException(
          "NOTIFY_SOCKET: "
              + socket
              + " (expected: an absolute path or @ and a name, at most "
              + PATH_MAX_BYTES
              + " bytes)");
    }
    return new Systemd(socket, isMeant(environment, pid) ? watchdogUs(environment) : 0);
  }

  /// The variables of a service are inherited by its children.
  private static boolean isMeant(Map<String, String> environment, long pid) {
    String meant = environment.get("WATCHDOG_PID");
    return meant == null || positive("WATCHDOG_PID", meant, "a process id") == pid;
  }

  private static long watchdogUs(Map<String, String> environment) {
    String us = environment.get("WATCHDOG_USEC");
    return us == null || us.equals(INFINITY)
        ? 0
        : positive("WATCHDOG_USEC", us, "a number of microseconds");
  }

  private static long positive(String name, String value, String what) {
    try {
      long number = Long.parseLong(value);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new IllegalArgumentException(name + ": " + value + " (expected: " + what + ", > 0)");
  }

  /// Whether there is a systemd to tell.
  ///
  /// @return false where the process was started by something else
  public boolean isPresent() {
    return address != null;
  }

  /// Whether systemd waits for [#watchdog].
  ///
  /// @return false without `WatchdogSec=`
  public boolean isWatching() {
    return watchdogUs > 0;
  }

  /// The time to let pass between two calls of [#watchdog]: half of what systemd waits.
  ///
  /// @return a minute if it does not wait for any
  public Duration watchdogPause() {
    return isWatching() ? Duration.of(watchdogUs, ChronoUnit.MICROS).dividedBy(2) : NO_WATCHDOG;
  }

  /// The service has started; systemd then starts what comes after it.
  ///
  /// @return whether systemd was told
  public boolean ready() {
    return send("READY=1");
  }

  /// The service is alive. Says nothing where systemd does not wait for that.
  ///
  /// @return whether systemd was told
  public boolean watchdog() {
    return isWatching() && send("WATCHDOG=1");
  }

  /// The service has begun to stop.
  ///
  /// @return whether systemd was told
  public boolean stopping() {
    return send("STOPPING=1");
  }

  /// A line for `systemctl status`.
  ///
  /// @param text one line
  /// @return whether systemd was told
  /// @throws IllegalArgumentException if it has several lines
  public boolean status(String text) {
    Objects.requireNonNull(text, "text");
    if (text.indexOf('\n') >= 0) {
      throw new IllegalArgumentException(
          "text: " + text.replace("\n", "\\n") + " (expected: one line)");
    }
    return send("STATUS=" + text);
  }

  private boolean send(String message) {
    if (address == null) {
      return false;
    }
    int result = LibC.sendToUnixSocket(address, message.getBytes(StandardCharsets.UTF_8));
    if (result < 0 && !logged) {
      logged = true;
      LOG.log(
          System.Logger.Level.WARNING,
          "systemd: " + message + " not sent to " + address + ": " + LibC.describe(result));
    }
    return result >= 0;
  }
}
