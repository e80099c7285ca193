package dev.tasko.examples.station;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.VirtualTime;
import dev.tasko.examples.station.view.LiveTerminal;
import dev.tasko.examples.station.view.Screen;
import dev.tasko.examples.station.view.Snapshot;
import dev.tasko.hal.HalConfig;
import dev.tasko.hal.sim.WeatherSeries;
import dev.tasko.safety.SafeStop;
import dev.tasko.safety.SafeStopConfig;
import dev.tasko.wheel.MissingFlagException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/// The main job, as its command line asks for it.
public final class StationMain {
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int BAD_INPUT = 2;

  /// Much longer than anything here should take, and than a busy machine holds a thread up.
  private static final Duration STALLED_AFTER = Duration.ofSeconds(2);

  private static final double DEFAULT_SECONDS = 20;
  private static final double DAY_SECONDS = 86_400;
  private static final long HOUR_MS = 3_600_000;
  private static final long REAL_ROW_MS = 1_000;
  private static final double TALKATIVE_SECONDS = 3_600;
  private static final long IMAGE_BYTES = 1L << 29;
  private static final int SCREEN_COLUMNS = 80;
  private static final int SCREEN_ROWS = 30;

  /// The simulated motor cannot take back what it has armed: a timer for each new command.
  private static final int VIRTUAL_TASKS = 1 << 14;

  private final Options options;
  private final PrintStream out = System.out;

  private StationMain(Options options) {
    this.options = options;
  }

  /// Runs the station and exits: 0 when every logged reading was found on the card and is right, 1
  /// when not, 2 when it was asked for something impossible.
  ///
  /// @param arguments as `--help` tells
  public static void main(String[] arguments) {
    System.exit(execute(arguments));
  }

  static int execute(String... arguments) {
    return arguments.length == 0
        ? new StationMain(Options.USUAL).runOrExplain()
        : new CommandLine(Options.spec())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionStrategy(StationMain::execute)
            .execute(arguments);
  }

  private static int execute(ParseResult given) {
    Integer helped = CommandLine.executeHelpRequest(given);
    return helped == null ? new StationMain(Options.of(given)).runOrExplain() : helped;
  }

  /// One line for what a user can put right; a stack trace for what is our fault.
  private int runOrExplain() {
    try {
      return run();
    } catch (LogException e) {
      System.err.println("FAILED: " + e.getMessage());
      return FAILED;
    } catch (IllegalArgumentException | MissingFlagException e) {
      System.err.println("station: " + e.getMessage());
      return BAD_INPUT;
    } catch (IOException e) {
      System.err.println("station: " + e); // many of them say nothing but a file's name
      return BAD_INPUT;
    }
  }

  private int run() throws IOException {
    Path image = options.image();
    Path series = options.series();
    WeatherSeries weather = series == null ? WeatherSeries.seattle() : WeatherSeries.read(series);
    if (options.verify() != null) {
      return isVerified(new LogVerifier(weather).verify(options.verify()), null) ? OK : FAILED;
    }
    double duration = duration();
    requireFolder(options.screen());
    prepare(image);
    Station station = isVirtual() ? runVirtually(duration) : runReally(duration);
    boolean verified = isVerified(new LogVerifier(weather).verify(image), station.log());
    return isNamed(station.show()) && verified ? OK : FAILED;
  }

  private static void prepare(Path image) {
    Path directory = image.toAbsolutePath().getParent();
    try {
      if (Files.isRegularFile(image)) {
        LogVerifier.requireOverwritable(image);
      }
      if (directory != null) {
        Files.createDirectories(directory);
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "image: " + image + ": " + e + " (expected: a file that can be read and written)", e);
    }
  }

  private boolean isVirtual() {
    return options.virtual() || options.screen() != null;
  }

  private double duration() {
    double usual = options.virtual() && options.screen() == null ? DAY_SECONDS : DEFAULT_SECONDS;
    return options.seconds() == null ? usual : options.seconds();
  }

  private static void requireFolder(@Nullable Path file) {
    Path folder = file == null ? null : file.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          "screen: " + file + " (expected: a file in a folder that exists)");
    }
  }

  private Station runReally(double duration) throws IOException {
    try (LiveTerminal terminal = isTerminal() && !options.plain() ? LiveTerminal.open() : null) {
      return runReally(duration, terminal);
    }
  }

  private Station runReally(double duration, @Nullable LiveTerminal terminal) {
    try (Loop loop = new Loop(config());
        Board board = Board.real(loop, options(HalConfig.realTime(), duration, REAL_ROW_MS))) {
      Settings settings = settings(board, duration, REAL_ROW_MS);
      Station station =
          terminal == null
              ? runPlainly(loop, board, settings)
              : runLive(loop, board, settings, terminal);
      report(loop, station, settings);
      if (station.allocation().isKnown()) {
        out.printf(
            Locale.ROOT,
            "%.1f bytes allocated a turn on the loop's thread, the simulated motor included%n",
            station.allocation().bytesPerTurn());
      }
      return station;
    }
  }

  private Station runVirtually(double duration) throws IOException {
    VirtualTime time = new VirtualTime(0);
    try (Loop loop = new Loop(config().virtualTime(time).taskCapacity(VIRTUAL_TASKS));
        Board board = Board.virtual(loop, time, virtualOptions(loop, time, duration))) {
      Settings settings = settings(board, duration, HOUR_MS);
      Station station =
          options.screen() == null
              ? runPlainly(loop, board, settings)
              : runForScreen(loop, board, settings, options.screen());
      report(loop, station, settings);
      return station;
    }
  }

  private HalConfig virtualOptions(Loop loop, VirtualTime time, double duration) {
    HalConfig hardware = HalConfig.virtualTime(time, loop::sleepNs, loop::callAt, options.seed());
    return options(hardware, duration, HOUR_MS);
  }

  private Station runPlainly(Loop loop, Board board, Settings settings) {
    Lines lines = new PlainLines(out, isTerminal());
    Station station = new Station(loop, board, new Console(lines), settings);
    station.start(() -> {});
    run(loop, board);
    return station;
  }

  /// In virtual time nothing is driven that could be left on.
  private void run(Loop loop, Board board) {
    if (isVirtual()) {
      loop.run();
      return;
    }
    SafeStopConfig config = new SafeStopConfig().stalledAfter(STALLED_AFTER);
    try (SafeStop safe = new SafeStop(loop, config)) {
      board.registerOutputs(safe);
      safe.run();
    }
  }

  /// The terminal is given back before anything else is told.
  private Station runLive(Loop loop, Board board, Settings settings, LiveTerminal terminal) {
    Events events = new Events();
    Station station = new Station(loop, board, new Console(events), settings);
    Snapshots snapshots = new Snapshots(loop, station, settings, events);
    station.start(new LiveView(loop, terminal, station, snapshots)::start);
    run(loop, board);
    terminal.close();
    return station;
  }

  /// The picture is of a moment after the culprit has been named.
  private static Station runForScreen(Loop loop, Board board, Settings settings, Path file)
      throws IOException {
    Events events = new Events();
    Station station = new Station(loop, board, new Console(events), settings);
    Snapshots snapshots = new Snapshots(loop, station, settings, events);
    Acts acts = Acts.ofRun(settings.seconds());
    List<Snapshot> taken = new ArrayList<>();
    station.start(() ->
        loop.callAt(
            settings.startNs() + acts.spinNs() + acts.actNs() / 4,
            () -> taken.add(snapshots.take())));
    loop.run();
    Files.writeString(file, Screen.of(taken.getFirst(), SCREEN_COLUMNS, SCREEN_ROWS).toSvg());
    return station;
  }

  private void report(Loop loop, Station station, Settings settings) {
    new EndReport(out, station, loop).print(loop.nowNs() - settings.startNs());
    loop.close();
    station.show().close();
  }

  private LoopConfig config() {
    LoopConfig config = new LoopConfig().rateStatistics(true);
    return options.engine() == null ? config : config.engine(options.engine());
  }

  private Settings settings(Board board, double duration, long rowMs) {
    boolean talkative = duration <= TALKATIVE_SECONDS;
    return new Settings(
        duration, talkative, rowMs, board.startNs(), runNumber(duration), options.servoHz());
  }

  private HalConfig options(HalConfig plain, double duration, long rowMs) {
    HalConfig hardware =
        plain
            .withSeed(options.seed())
            .withOption("sd.image", options.image().toString())
            .withOption("weather.rowMs", Long.toString(rowMs))
            .withOption("button.pressMs", presses(duration));
    if (!Files.exists(options.image())) {
      hardware = hardware.withOption("sd.bytes", Long.toString(IMAGE_BYTES));
    }
    Path series = options.series();
    return series == null ? hardware : hardware.withOption("weather.file", series.toString());
  }

  /// Three presses of the button, at any time between a tenth and nine tenths of the run.
  private String presses(double duration) {
    SplittableRandom random = new SplittableRandom(options.seed());
    StringBuilder text = new StringBuilder();
    for (int third = 0; third < 3; third++) {
      double at = duration * (0.1 + (third + 0.5 * random.nextDouble()) * 0.25);
      text.append(third == 0 ? "" : ",").append((long) (1000 * at));
    }
    return text.toString();
  }

  /// Tells this log from one that is already on the card. In virtual time it follows from what
  /// makes two runs equal, otherwise from the time.
  private int runNumber(double duration) {
    return isVirtual()
        ? Objects.hash(options.seed(), duration, options.series())
        : Long.hashCode(System.nanoTime());
  }

  @SuppressWarnings("SystemConsoleNull") // JDK 25 returns null again without a terminal
  private static boolean isTerminal() {
    java.io.Console console = System.console();
    return console != null && console.isTerminal();
  }

  private boolean isVerified(LogVerifier.Found found, @Nullable SdLog logged) {
    out.printf(
        Locale.ROOT,
        "verified: %d readings on the image agree with the series (greatest error %.3f C, %.4f"
            + " hPa)%n",
        found.readings(),
        found.temperatureErrorC(),
        found.pressureErrorHpa());
    if (logged == null
        || (logged.readings() == found.readings() && logged.checksum() == found.checksum())) {
      return true;
    }
    out.printf(
        Locale.ROOT,
        "FAILED: %d readings were logged with check sum %08x, %d with %08x are on the image%n",
        logged.readings(),
        logged.checksum(),
        found.readings(),
        found.checksum());
    return false;
  }

  /// Whoever held up the servo has to have been found out.
  private boolean isNamed(Show show) {
    boolean named = show.spins() == 0 || show.blame().of(Show.SPIN) != null;
    if (!named) {
      out.printf(
          Locale.ROOT,
          "FAILED: %s held up the servo %d times and was never blamed%n",
          Show.SPIN,
          show.spins());
    }
    return named;
  }
}
