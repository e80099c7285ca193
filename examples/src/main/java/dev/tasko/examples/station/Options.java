package dev.tasko.examples.station;

import dev.tasko.task.CoroutineEngine;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// What the station was asked for on its command line.
///
/// The library that reads it takes several megabytes for it, most of them as garbage, so it stays
/// out of the way when there is nothing to read: [#USUAL]. Options are declared by calls and not by
/// annotations, for which the VM would make classes at run time: another ten megabytes.
///
/// @param seconds how long to run, or null for the usual time
/// @param engine how tasks are suspended, or null for the best there is
/// @param screen where a picture of the live view goes, or null
/// @param verify an image that is only to be verified, or null
record Options(
    @Nullable Double seconds,
    boolean virtual,
    Path image,
    @Nullable Path series,
    @Nullable CoroutineEngine engine,
    long seed,
    int servoHz,
    boolean plain,
    @Nullable Path screen,
    @Nullable Path verify) {

  private static final long MAX_SECONDS = 31_536_000;
  private static final int MIN_SERVO_HZ = 100;
  private static final int MAX_SERVO_HZ = 100_000;

  /// What is done when nothing is asked for.
  static final Options USUAL =
      new Options(
          null, false, Path.of("target/sd-card.img"), null, null, 1, 1000, false, null, null);

  private static final String DESCRIPTION =
      """
      tasko's seed program: a sensor and an SD card share one SPI bus, a beach ball turns while \
      the sensor is read, a button starts a reading a second later. Around it, in three acts: a \
      servo keeps time, the bus is shared, and one task breaks it. Everything that was logged is \
      then read back from the card's image and compared with the recorded weather.\
      """;

  /// What can be asked for.
  static CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("station").version("tasko 0.1");
    spec.usageMessage().description(DESCRIPTION).sortOptions(false);
    return spec.addOption(
            value("--seconds", "S", Double.class)
                .description("How long to run (default: 20, or a day with --virtual).")
                .build())
        .addOption(flag("--virtual", "Virtual time: a day in seconds, the same for the same seed."))
        .addOption(
            value("--image", "FILE", Path.class)
                .defaultValue(USUAL.image.toString())
                .description(
                    "The SD card's image, made if there is none (default: ${DEFAULT-VALUE}).")
                .build())
        .addOption(
            value("--series", "FILE", Path.class)
                .description(
                    "Hourly weather, a CSV file with the columns pressure and temperature.")
                .build())
        .addOption(
            value("--engine", "ENGINE", CoroutineEngine.class)
                .description(
                    "How tasks are suspended: ${COMPLETION-CANDIDATES} (default: the best there"
                        + " is).")
                .build())
        .addOption(
            value("--seed", "N", long.class)
                .defaultValue(Long.toString(USUAL.seed))
                .description("Decides all that is random (default: ${DEFAULT-VALUE}).")
                .build())
        .addOption(
            value("--servo-hz", "N", int.class)
                .defaultValue(Integer.toString(USUAL.servoHz))
                .description("Releases of the servo in a second (default: ${DEFAULT-VALUE}).")
                .build())
        .addOption(flag("--plain", "Lines, although there is a terminal."))
        .addOption(
            value("--screen", "FILE", Path.class)
                .description(
                    "Run in virtual time and write what the live view shows after act 3 as SVG.")
                .build())
        .addOption(
            value("--verify", "IMAGE", Path.class)
                .description("Only compare the log on an image with the series.")
                .build())
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help message and exit.")
                .build())
        .addOption(
            OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Print version information and exit.")
                .build());
  }

  private static OptionSpec.Builder value(String name, String label, Class<?> type) {
    return OptionSpec.builder(name).paramLabel(label).type(type);
  }

  private static OptionSpec flag(String name, String description) {
    return OptionSpec.builder(name).type(boolean.class).description(description).build();
  }

  /// What has been asked for.
  ///
  /// @param given by the specification
  /// @throws ParameterException if a number is out of range
  static Options of(ParseResult given) {
    CommandSpec spec = given.commandSpec();
    Options asked = read(given, spec);
    if (asked.seconds != null) {
      requireInRange(spec, "--seconds", asked.seconds, 1, MAX_SECONDS);
    }
    requireInRange(spec, "--servo-hz", asked.servoHz, MIN_SERVO_HZ, MAX_SERVO_HZ);
    return asked;
  }

  private static void requireInRange(
      CommandSpec spec, String name, Number value, long min, long max) {
    if (!(value.doubleValue() >= min && value.doubleValue() <= max)) {
      throw new ParameterException(
          spec.commandLine(), name + ": " + value + " (expected: " + min + " to " + max + ")");
    }
  }

  private static Options read(ParseResult given, CommandSpec spec) {
    return new Options(
        spec.findOption("--seconds").getValue(),
        given.hasMatchedOption("--virtual"),
        spec.findOption("--image").getValue(),
        spec.findOption("--series").getValue(),
        spec.findOption("--engine").getValue(),
        spec.findOption("--seed").<Long>getValue(),
        spec.findOption("--servo-hz").<Integer>getValue(),
        given.hasMatchedOption("--plain"),
        spec.findOption("--screen").getValue(),
        spec.findOption("--verify").getValue());
  }
}
