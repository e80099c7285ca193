package dev.tasko.examples.servo;

import dev.tasko.linux.RealTime;
import dev.tasko.linux.RealTimeConfig;
import dev.tasko.report.Environment;
import dev.tasko.wheel.MissingFlagException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The command line of the servo.
@Command(
    name = "servo",
    description = {
      "A control loop alone: how late its activations begin when the loop spins, when it parks,",
      "and when others call it. All have the same interval, thread settings and time, by turns."
    },
    mixinStandardHelpOptions = true,
    version = "tasko 0.1",
    sortOptions = false)
public final class ServoMain implements Callable<Integer> {
  private static final String COMMAND = "mvn -q -pl examples -am compile exec:exec@servo";
  private static final String STARVING =
      "A thread under SCHED_FIFO that never waits keeps all others from its processor. If any of"
          + " them wants it, the kernel stops that thread for 50 ms in a second or so (see"
          + " sched_rt_runtime_us and the fair server): these are the missed activations of"
          + " `spinning`. `isolcpus` prevents it.";
  private static final int BAD_INPUT = 2;
  private static final int MIN_RATE_HZ = 10;
  private static final int MAX_SECONDS = 3_600;
  private static final int MAX_ROUNDS = 1_000;

  /// Who runs.
  enum Runner {
    /// A loop that never waits.
    SPIN,
    /// A loop that spins the end of each wait.
    TAIL,
    /// A loop that waits.
    PARK,
    /// A thread that parks, without a loop.
    BARE,
    /// `ScheduledThreadPoolExecutor`.
    STPE,
    /// The program of that name, if it is there.
    CYCLICTEST
  }

  @Option(
      names = "--rate",
      paramLabel = "HZ",
      defaultValue = "10000",
      description = "Activations in a second (default: ${DEFAULT-VALUE}).")
  private int rateHz;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "2",
      description = "How long each runs in a round (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "How often each runs (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--only",
      paramLabel = "WHO",
      split = ",",
      description = "Of ${COMPLETION-CANDIDATES} (default: all).")
  private Set<Runner> only = EnumSet.allOf(Runner.class);

  @Option(
      names = "--processor",
      paramLabel = "N",
      description = "On which they run (default: the last one).")
  private @Nullable Integer processor;

  @Option(
      names = "--priority",
      paramLabel = "P",
      defaultValue = "80",
      description =
          "Under SCHED_FIFO; 0 leaves the scheduling as it is (default: ${DEFAULT-VALUE}).")
  private int priority;

  @Option(names = "--plain", description = "Ask nothing of the kernel.")
  private boolean plain;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = "target/servo",
      description = "For the picture and the page (default: ${DEFAULT-VALUE}).")
  private Path directory = Path.of("target/servo");

  private final String command;

  private ServoMain(String[] arguments) {
    command =
        arguments.length == 0
            ? COMMAND
            : COMMAND + " -Dservo.args=\"" + String.join(" ", arguments) + "\"";
  }

  /// Runs all and exits: 0 when it is done, whatever was found, 2 when it was asked for something
  /// impossible.
  ///
  /// @param arguments as `--help` tells
  public static void main(String[] arguments) {
    System.exit(execute(arguments));
  }

  static int execute(String... arguments) {
    return new CommandLine(new ServoMain(arguments))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((bad, given) -> refuse(bad.getMessage()))
        .execute(arguments);
  }

  private static int refuse(@Nullable String error) {
    System.err.println("servo: " + error);
    return BAD_INPUT;
  }

  /// Everything that a user may have got wrong is found before anything runs.
  @Override
  public Integer call() throws Exception {
    Conditions conditions;
    List<String> remarks = new ArrayList<>();
    List<Contender> contenders;
    try {
      requireNumbers();
      require(
          !plain || processor == null,
          "--processor: " + processor + " (expected: none with --plain, which asks for nothing)");
      conditions = conditions();
      require(
          processor == null || conditions.value("processor") != null,
          "--processor: " + processor + " (expected: one that this process may use)");
      Files.createDirectories(directory);
      require(
          Files.isWritable(directory),
          "--dir: " + directory + " (expected: one that can be written)");
      contenders = contenders(conditions, remarks);
      require(!contenders.isEmpty(), "--only: nobody is left. " + String.join(" ", remarks));
    } catch (IllegalArgumentException | MissingFlagException e) {
      return refuse(e.getMessage());
    } catch (IOException e) {
      return refuse("--dir: " + e);
    }
    run(conditions, contenders, remarks);
    return 0;
  }

  private void requireNumbers() {
    require(
        rateHz >= MIN_RATE_HZ
            && rateHz <= Conditions.US_PER_SECOND
            && Conditions.US_PER_SECOND % rateHz == 0,
        "--rate: "
            + rateHz
            + " (expected: 10 to 1000000, with a whole number of microseconds between"
            + " activations)");
    require(
        seconds >= 1 && seconds <= MAX_SECONDS, "--seconds: " + seconds + " (expected: 1 to 3600)");
    require(rounds >= 1 && rounds <= MAX_ROUNDS, "--rounds: " + rounds + " (expected: 1 to 1000)");
  }

  private static void require(boolean isSo, String otherwise) {
    if (!isSo) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  private Conditions conditions() throws Exception {
    if (plain) {
      return new Conditions(rateHz, seconds, null, List.of());
    }
    int last = RealTime.processors().length() - 1;
    RealTimeConfig config =
        new RealTimeConfig().processor(processor == null ? last : processor).priority(priority);
    return new Conditions(rateHz, seconds, config, tryOut(config));
  }

  /// On a thread of its own, as the rounds.
  private static List<RealTime.Setting> tryOut(RealTimeConfig config) throws Exception {
    FutureTask<List<RealTime.Setting>> trial =
        new FutureTask<>(() -> {
          try (RealTime realTime = RealTime.enter(config)) {
            return realTime.settings();
          }
        });
    Thread.ofPlatform().start(trial);
    return trial.get();
  }

  private void run(Conditions conditions, List<Contender> contenders, List<String> remarks)
      throws Exception {
    Environment environment = Environment.here(command);
    System.out.printf("%d Hz, each thread with: %s%n", rateHz, conditions.summary());
    remarks.forEach(System.out::println);
    int total = (rounds * seconds + 1) * contenders.size();
    System.out.printf("about %d s%n", total);
    List<Lateness> results = new Rounds(contenders, conditions, System.out::println).run(rounds);
    LatenessPage page = new LatenessPage(conditions, results, remarks);
    System.out.println();
    results.forEach(result -> System.out.println(LatenessText.bars(result)));
    System.out.println(LatenessText.table(results));
    System.out.println(page.comparisonTable());
    save(page, environment, LatenessPicture.draw(results, conditions));
  }

  private List<Contender> contenders(Conditions conditions, List<String> remarks) {
    if (!conditions.missing().isEmpty()) {
      remarks.add("Not granted: " + conditions.missing() + ".");
    }
    if (only.contains(Runner.SPIN) && conditions.value(Conditions.PRIORITY) != null) {
      remarks.add(STARVING);
    }
    List<Contender> contenders = new ArrayList<>();
    for (Runner runner : only) {
      switch (runner) {
        case SPIN -> contenders.add(LoopContender.spinning());
        case TAIL -> contenders.add(LoopContender.spinningTail());
        case PARK -> contenders.add(LoopContender.parked());
        case BARE -> contenders.add(new BareContender());
        case STPE -> contenders.add(new ExecutorContender());
        case CYCLICTEST -> {
          try {
            contenders.add(Cyclictest.find(System.getenv().getOrDefault("PATH", ""), conditions));
          } catch (IOException e) {
            remarks.add("Without cyclictest: " + e.getMessage() + ".");
          }
        }
      }
    }
    return contenders;
  }

  private void save(LatenessPage page, Environment environment, String picture) throws IOException {
    String name = "lateness-" + rateHz;
    Files.writeString(directory.resolve(name + ".svg"), picture);
    Path saved =
        Files.writeString(
            directory.resolve(name + ".md"), page.toMarkdown(environment, name + ".svg"));
    System.out.println("wrote " + saved + " and " + name + ".svg beside it");
  }
}
