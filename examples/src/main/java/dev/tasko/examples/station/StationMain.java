package dev.tasko.examples.station;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.VirtualTime;
import dev.tasko.hal.Hal;
import dev.tasko.hal.HalConfig;
import dev.tasko.hal.HalProvider;
import dev.tasko.hal.ManagedSpi;
import dev.tasko.hal.sim.WeatherSeries;
import dev.tasko.task.CoroutineEngine;
import dev.tasko.wheel.MissingFlagException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command line of the station.
@Command(
    name = "station",
    description = {
      "tasko's seed program: a sensor and an SD card share one SPI bus, a beach ball turns while"
          + " the",
      "sensor is read, a button starts a reading a second later. Everything that was logged is"
          + " then",
      "read back from the card's image and compared with the recorded weather."
    },
    mixinStandardHelpOptions = true,
    version = "tasko 0.1",
    sortOptions = false)
public final class StationMain implements Callable<Integer> {
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final double DEFAULT_SECONDS = 20;
  private static final double DAY_SECONDS = 86_400;
  private static final double MAX_SECONDS = 31_536_000;
  private static final long HOUR_MS = 3_600_000;
  private static final long REAL_ROW_MS = 1_000;
  private static final double TALKATIVE_SECONDS = 3_600;
  private static final long IMAGE_BYTES = 1L << 29;
  private static final double NS_PER_SECOND = 1e9;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "How long to run (default: 20, or a day with --virtual).")
  private @Nullable Double seconds;

  @Option(
      names = "--virtual",
      description = "Virtual time: a day in seconds, the same for the same seed.")
  private boolean virtual;

  @Option(
      names = "--image",
      paramLabel = "FILE",
      defaultValue = "target/sd-card.img",
      description = "The SD card's image, made if there is none (default: ${DEFAULT-VALUE}).")
  private Path image = Path.of("target/sd-card.img");

  @Option(
      names = "--series",
      paramLabel = "FILE",
      description = "Hourly weather, a CSV file with the columns pressure and temperature.")
  private @Nullable Path series;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      description =
          "How tasks are suspended: ${COMPLETION-CANDIDATES} (default: the best there is).")
  private @Nullable CoroutineEngine engine;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Decides all that is random (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--verify",
      paramLabel = "IMAGE",
      description = "Only compare the log on an image with the series.")
  private @Nullable Path verify;

  private final PrintStream out = System.out;

  /// Made by [#main].
  StationMain() {}

  /// Runs the station and exits: 0 when every logged reading was found on the card and is right, 1
  /// when not, 2 when it was asked for something impossible.
  ///
  /// @param arguments as `--help` tells
  public static void main(String[] arguments) {
    System.exit(execute(arguments));
  }

  static int execute(String... arguments) {
    return new CommandLine(new StationMain())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(StationMain::explain)
        .execute(arguments);
  }

  /// One line for what a user can put right; a stack trace for what is our fault.
  private static int explain(
      Exception thrown, CommandLine commandLine, CommandLine.ParseResult parsed) throws Exception {
    if (thrown instanceof LogException) {
      commandLine.getErr().println("FAILED: " + thrown.getMessage());
      return FAILED;
    }
    if (thrown instanceof IllegalArgumentException
        || thrown instanceof IOException
        || thrown instanceof MissingFlagException) {
      commandLine.getErr().println("station: " + thrown.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
    throw thrown;
  }

  @Override
  public Integer call() throws IOException {
    WeatherSeries weather = series == null ? WeatherSeries.seattle() : WeatherSeries.read(series);
    if (verify != null) {
      return report(new LogVerifier(weather).verify(verify), null);
    }
    double duration = duration();
    if (Files.isRegularFile(image)) {
      LogVerifier.requireOverwritable(image);
    }
    Path directory = image.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    SdLog logged = virtual ? runVirtually(duration) : runReally(duration);
    return report(new LogVerifier(weather).verify(image), logged);
  }

  private double duration() {
    double wanted = seconds == null ? (virtual ? DAY_SECONDS : DEFAULT_SECONDS) : seconds;
    if (!(wanted >= 1 && wanted <= MAX_SECONDS)) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(),
          "--seconds: " + wanted + " (expected: 1 to " + (long) MAX_SECONDS + ")");
    }
    return wanted;
  }

  private SdLog runReally(double duration) {
    try (Loop loop = new Loop(config())) {
      HalConfig hardware = options(HalConfig.realTime(), duration, REAL_ROW_MS);
      return run(loop, hardware, duration, REAL_ROW_MS);
    }
  }

  private SdLog runVirtually(double duration) {
    VirtualTime time = new VirtualTime(0);
    try (Loop loop = new Loop(config().virtualTime(time))) {
      HalConfig hardware = HalConfig.virtualTime(time, loop::sleepNs, loop::callAt, seed);
      return run(loop, options(hardware, duration, HOUR_MS), duration, HOUR_MS);
    }
  }

  private LoopConfig config() {
    LoopConfig config = new LoopConfig();
    return engine == null ? config : config.engine(engine);
  }

  private HalConfig options(HalConfig plain, double duration, long rowMs) {
    HalConfig hardware =
        plain
            .withSeed(seed)
            .withOption("sd.image", image.toString())
            .withOption("weather.rowMs", Long.toString(rowMs))
            .withOption("button.pressMs", presses(duration));
    if (!Files.exists(image)) {
      hardware = hardware.withOption("sd.bytes", Long.toString(IMAGE_BYTES));
    }
    return series == null ? hardware : hardware.withOption("weather.file", series.toString());
  }

  /// Three presses of the button, at any time between a tenth and nine tenths of the run.
  private String presses(double duration) {
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder text = new StringBuilder();
    for (int third = 0; third < 3; third++) {
      double at = duration * (0.1 + (third + 0.5 * random.nextDouble()) * 0.25);
      text.append(third == 0 ? "" : ",").append((long) (1000 * at));
    }
    return text.toString();
  }

  private SdLog run(Loop loop, HalConfig hardware, double duration, long rowMs) {
    long startNs = loop.nowNs();
    try (Hal hal = HalProvider.named("sim").open(hardware);
        ManagedSpi spi = new ManagedSpi(loop, hal.spi("sim:0"))) {
      boolean talkative = duration <= TALKATIVE_SECONDS;
      Station station =
          new Station(
              loop,
              hal,
              spi,
              new Console(out, isTerminal()),
              new Station.Settings(talkative, rowMs, startNs, runNumber(duration)));
      station.start(duration);
      loop.run();
      table(station, loop, loop.nowNs() - startNs);
      if (!virtual) {
        out.printf(
            "%.1f bytes allocated a turn on the loop's thread, in the second half of the run%n",
            station.allocation().bytesPerTurn());
      }
      loop.close();
      return station.log();
    }
  }

  /// Tells this log from one that is already on the card. In virtual time it follows from what
  /// makes two runs equal, otherwise from the time.
  private int runNumber(double duration) {
    return virtual ? Objects.hash(seed, duration, series) : Long.hashCode(System.nanoTime());
  }

  @SuppressWarnings("SystemConsoleNull") // JDK 25 returns null again without a terminal
  private static boolean isTerminal() {
    java.io.Console console = System.console();
    return console != null && console.isTerminal();
  }

  private void table(Station station, Loop loop, long elapsedNs) {
    out.println();
    out.println(Meter.head());
    for (Meter meter : station.meters()) {
      out.println(meter.row());
    }
    out.println();
    out.printf(
        "%.3f s, %d turns, %d button presses, %.3f timer wakeups for each distinct deadline%n",
        elapsedNs / NS_PER_SECOND,
        loop.turns(),
        station.presses(),
        (double) loop.timerWakeups() / loop.distinctDeadlines());
  }

  private int report(LogVerifier.Found found, @Nullable SdLog logged) {
    out.printf(
        "verified: %d readings on the image agree with the series (greatest error %.3f C, %.4f"
            + " hPa)%n",
        found.readings(), found.temperatureErrorC(), found.pressureErrorHpa());
    if (logged != null
        && (logged.readings() != found.readings() || logged.checksum() != found.checksum())) {
      out.printf(
          "FAILED: %d readings were logged with check sum %08x, %d with %08x are on the image%n",
          logged.readings(), logged.checksum(), found.readings(), found.checksum());
      return FAILED;
    }
    return OK;
  }
}
