package dev.tasko.hal.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The options that [SimHal] lists, checked and typed.
///
/// @param sdImage null for memory
/// @param sdBytes 0 for whatever the image has
/// @param blockAddressed the kind of card
/// @param strictPowerUp whether the card wants its 74 clocks
/// @param weatherFile null for the built-in series
/// @param rowNs how long each of its rows lasts
/// @param pressNs after opening
/// @param holdNs of each press
/// @param timing of the buses
/// @param i2cClockHz 100000 or 400000
record SimOptions(
    @Nullable String sdImage,
    long sdBytes,
    boolean blockAddressed,
    boolean strictPowerUp,
    @Nullable String weatherFile,
    long rowNs,
    List<Long> pressNs,
    long holdNs,
    WireTiming timing,
    int i2cClockHz) {
  private static final TreeSet<String> KNOWN =
      new TreeSet<>(
          List.of(
              "sd.image",
              "sd.bytes",
              "sd.addressing",
              "sd.strictPowerUp",
              "weather.file",
              "weather.rowMs",
              "button.pressMs",
              "button.holdMs",
              "i2c.clockHz",
              "bus.callMinNs",
              "bus.callMaxNs",
              "bus.tailPermille",
              "bus.tailMaxNs",
              "bus.selectNs"));
  private static final long MAX_NUMBER = 1L << 40;

  static SimOptions parse(Map<String, String> options) {
    for (String name : options.keySet()) {
      if (!KNOWN.contains(name)) {
        throw new IllegalArgumentException("option: " + name + " (expected: one of " + KNOWN + ")");
      }
    }
    long holdMs = number(options, "button.holdMs", 80, 5, 60_000);
    return new SimOptions(
        options.get("sd.image"),
        number(options, "sd.bytes", 0, 1, MAX_NUMBER),
        choice(options, "sd.addressing", "block", "byte"),
        choice(options, "sd.strictPowerUp", "true", "false"),
        options.get("weather.file"),
        1_000_000 * number(options, "weather.rowMs", WeatherSeries.HOUR_MS, 1, MAX_NUMBER / 1000),
        presses(options, holdMs),
        1_000_000 * holdMs,
        timing(options),
        choice(options, "i2c.clockHz", "400000", "100000") ? 400_000 : 100_000);
  }

  private static WireTiming timing(Map<String, String> options) {
    WireTiming typical = WireTiming.TYPICAL;
    long callMinNs = number(options, "bus.callMinNs", typical.callMinNs(), 0, MAX_NUMBER);
    long callMaxNs = number(options, "bus.callMaxNs", typical.callMaxNs(), 0, MAX_NUMBER);
    long permille = number(options, "bus.tailPermille", typical.tailPermille(), 0, 1000);
    long tailMaxNs = number(options, "bus.tailMaxNs", typical.tailMaxNs(), 0, MAX_NUMBER);
    long selectNs = number(options, "bus.selectNs", typical.selectNs(), 0, MAX_NUMBER);
    if (callMaxNs < callMinNs) {
      throw bad("bus.callMaxNs", "" + callMaxNs, ">= bus.callMinNs, " + callMinNs);
    }
    if (permille > 0 && tailMaxNs < callMaxNs) {
      throw bad("bus.tailMaxNs", "" + tailMaxNs, ">= bus.callMaxNs, " + callMaxNs);
    }
    return new WireTiming(callMinNs, callMaxNs, (int) permille, tailMaxNs, selectNs);
  }

  private static boolean choice(
      Map<String, String> options, String name, String first, String second) {
    String value = options.getOrDefault(name, first);
    if (!value.equals(first) && !value.equals(second)) {
      throw bad(name, value, first + " or " + second);
    }
    return value.equals(first);
  }

  private static long number(
      Map<String, String> options, String name, long unset, long min, long max) {
    String text = options.get(name);
    return text == null ? unset : number(name, text, min, max);
  }

  private static long number(String name, String text, long min, long max) {
    long value;
    try {
      value = Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw bad(name, text, "a whole number, " + min + " to " + max);
    }
    if (value < min || value > max) {
      throw bad(name, text, min + " to " + max);
    }
    return value;
  }

  private static List<Long> presses(Map<String, String> options, long holdMs) {
    String name = "button.pressMs";
    String text = options.get(name);
    List<Long> pressNs = new ArrayList<>();
    long earliestMs = 0;
    for (String item : text == null ? new String[0] : text.split(",", -1)) {
      long pressMs = number(name, item, 0, MAX_NUMBER);
      if (pressMs < earliestMs) {
        throw bad(name, item.strip(), ">= " + earliestMs + ", when the press before has settled");
      }
      pressNs.add(1_000_000 * pressMs);
      earliestMs = pressMs + holdMs + SimButton.SETTLE_MS;
    }
    return List.copyOf(pressNs);
  }

  private static IllegalArgumentException bad(String name, String value, String rule) {
    return new IllegalArgumentException(name + ": " + value + " (expected: " + rule + ")");
  }
}
