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
  private boolean known;
  private @Nullable String trouble;

  Printer(Loop loop, InetSocketAddress address) {
    client = new MarlinPrinter(loop, address, LIMIT);
  }

  /// Suspends until it has answered or failed.
  ///
  /// @return whether it is otherwise than the last time: it answers again, or does no more
  boolean ask() {
    boolean was = known && trouble == null;
    try {
      client.readTemperatures();
      known = true;
      trouble = null;
    } catch (DriverException e) {
      trouble = LINE_END.matcher(String.valueOf(e.getMessage())).replaceAll(" ");
    }
    return was != (trouble == null);
  }

  @Nullable String trouble() {
    return trouble;
  }

  boolean isKnown() {
    return known;
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
