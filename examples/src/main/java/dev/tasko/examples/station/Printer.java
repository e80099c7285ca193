package dev.tasko.examples.station;

import dev.tasko.Loop;
import dev.tasko.hal.driver.DriverException;
import dev.tasko.hal.driver.MarlinPrinter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is known of the printer: its temperatures, or what was wrong the last time it was asked.
///
/// Thread: one task of the loop asks, the loop's looks.
final class Printer {
  private static final Pattern LINE_END = Pattern.compile("\\R");
  private static final Duration LIMIT = Duration.ofMillis(150);

  private final MarlinPrinter client;
  private boolean asked;
  private @Nullable String trouble;

  Printer(Loop loop, InetSocketAddress address) {
    client = new MarlinPrinter(loop, address, LIMIT);
  }

  /// Suspends until it has answered or failed.
  ///
  /// @return whether that is news: the first time, and when it answers again or does no more
  boolean ask() {
    boolean first = !asked;
    boolean was = trouble == null;
    asked = true;
    try {
      client.readTemperatures();
      trouble = null;
    } catch (DriverException e) {
      trouble = LINE_END.matcher(String.valueOf(e.getMessage())).replaceAll(" ");
    }
    return first || was != (trouble == null);
  }

  @Nullable String trouble() {
    return trouble;
  }

  boolean isAsked() {
    return asked;
  }

  int hotendCentiC() {
    return client.hotendCentiC();
  }

  int bedCentiC() {
    return client.bedCentiC();
  }

  void close() {
    client.close();
  }
}
