package dev.tasko.bench;

import com.google.gson.JsonObject;
import dev.tasko.bench.report.Pages;
import dev.tasko.bench.report.Readme;
import dev.tasko.bench.report.Results;
import dev.tasko.bench.report.Run;
import dev.tasko.bench.report.RunFile;
import dev.tasko.report.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Runs the benchmarks and writes RESULTS.md.
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Runs the benchmarks and writes RESULTS.md, pictures and a part of the README.")
public final class BenchMain implements Callable<Integer> {
  private static final String COMMAND = "mvn -q -pl bench -am compile exec:exec";
  private static final int DONE = 0;
  private static final int INCOMPLETE = 1;
  private static final int BAD_INPUT = 2;
  private static final int STARTUP_MS = 1_000;
  private static final String NO_BOUNDS_CHECKS = "agrona.disable.bounds.checks=true";

  @Option(names = "--quick", description = "The essential, within ten minutes (default).")
  private boolean quick;

  @Option(
      names = "--large",
      description =
          "The essential, and the targets' cells of 1 and 10 million timers: half an hour.")
  private boolean large;

  @Option(names = "--full", description = "All sizes and peers: some hours.")
  private boolean full;

  @Option(
      names = "--include",
      paramLabel = "REGEX",
      description = "Only benchmarks whose class and method contain a match.")
  private String include = "";

  @Option(names = "--list", description = "Says what would run.")
  private boolean list;

  @Option(names = "--resume", description = "Goes on with a run that was interrupted.")
  private boolean resume;

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description = "Writes everything from a saved run, running nothing.")
  private @Nullable Path from;

  @Option(
      names = {"-p", "--param"},
      paramLabel = "NAME=VALUE",
      description = {
        "A value of a parameter in place of the plan's; may be given again.",
        "Settings of a peer: -p peer=agrona:tickNs=65536,spokes=4096,alloc=8"
      })
  private List<String> params = new ArrayList<>();

  @Option(names = "--forks", description = "In place of the plan's.")
  private @Nullable Integer forks;

  @Option(names = "--warmups", description = "Warm-up iterations in place of the plan's.")
  private @Nullable Integer warmups;

  @Option(names = "--iterations", description = "Measured iterations in place of the plan's.")
  private @Nullable Integer iterations;

  @Option(names = "--time-ms", description = "Length of an iteration in place of the plan's.")
  private @Nullable Integer timeMs;

  @Option(names = "--heap-mib", description = "Heap of the forks in place of the plan's.")
  private @Nullable Integer heapMib;

  @Option(names = "--jvm-arg", description = "For the forks; may be given again.")
  private List<String> jvmArgs = new ArrayList<>();

  @Option(
      names = "--no-bounds-checks",
      description = {
        "Agrona's buffers do not check their bounds in the forks, whichever peer runs",
        "(-D" + NO_BOUNDS_CHECKS + ").",
        "Results with and without are never mixed."
      })
  private boolean noBoundsChecks;

  @Option(
      names = "--dir",
      description = "For RESULTS.md, pictures/ and target/bench/ (default: ${DEFAULT-VALUE}).")
  private Path directory = Path.of(".");

  @Option(
      names = "--readme",
      description = {
        "A README whose part for results is written too.",
        "By default the one above --dir, after a whole run without gaps."
      })
  private @Nullable Path readme;

  private final String command;

  private BenchMain(String[] args) {
    command =
        args.length == 0 ? COMMAND : COMMAND + " -Dbench.args=\"" + String.join(" ", args) + "\"";
  }

  /// The command.
  ///
  /// @param args see `--help`
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /// The command, without ending the VM.
  ///
  /// @return 0, 1 if results are missing, 2 if the input is bad
  static int run(String... args) {
    CommandLine commandLine = new CommandLine(new BenchMain(args));
    commandLine.setParameterExceptionHandler((bad, given) -> refuse(bad.getMessage()));
    return commandLine.execute(args);
  }

  private static int refuse(@Nullable String error) {
    System.err.println(error);
    return BAD_INPUT;
  }

  /// Everything that a user may have got wrong is found before anything runs.
  @Override
  public Integer call() throws Exception {
    Callable<Integer> work;
    try {
      work = prepare();
    } catch (IllegalArgumentException e) {
      return refuse(e.getMessage());
    } catch (IOException e) {
      return refuse(e.toString());
    }
    return work.call();
  }

  private Callable<Integer> prepare() throws IOException {
    require(
        Stream.of(quick, large, full).filter(chosen -> chosen).count() <= 1,
        "--quick, --large, --full: several (expected: at most one)");
    requirePages();
    if (from != null) {
      Results saved = new RunFile(from).read();
      return () -> {
        writePages(saved);
        return DONE;
      };
    }
    requirePositive("--forks", forks);
    requirePositive("--warmups", warmups);
    requirePositive("--iterations", iterations);
    requirePositive("--time-ms", timeMs);
    requirePositive("--heap-mib", heapMib);
    for (String arg : jvmArgs) {
      require(!arg.startsWith("-Xm"), "--jvm-arg: " + arg + " (expected: --heap-mib instead)");
    }
    BenchPlan plan = plan();
    List<BenchJob> jobs = new BenchJobs(plan, pattern(), overrides()).unroll();
    if (list) {
      return () -> list(jobs);
    }
    MemoryCheck.requireEnough(jobs, MemoryCheck.machineMiB());
    return prepareRun(plan, jobs);
  }

  private void requirePages() throws IOException {
    require(
        Files.isDirectory(directory) && Files.isWritable(directory),
        "--dir: " + directory + " (expected: a directory that is there and can be written)");
    require(
        readme == null || Pages.isReadme(readme),
        "--readme: "
            + readme
            + " (expected: a file with the lines "
            + Readme.BEGIN
            + " and "
            + Readme.END
            + ")");
  }

  private static void require(boolean isSo, String otherwise) {
    if (!isSo) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  private static void requirePositive(String option, @Nullable Integer value) {
    require(value == null || value > 0, option + ": " + value + " (expected: > 0)");
  }

  private Pattern pattern() {
    try {
      return Pattern.compile(include);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "--include: " + include + " (expected: a regular expression): " + e.getDescription(), e);
    }
  }

  private BenchPlan plan() {
    BenchPlan plan = full ? BenchPlan.full() : large ? BenchPlan.large() : BenchPlan.quick();
    return new BenchPlan(
        heapMib == null
            ? plan.steps()
            : plan.steps().stream().map(step -> step.withHeapMiB(heapMib)).toList(),
        forks == null ? plan.forks() : forks,
        warmups == null ? plan.warmups() : warmups,
        iterations == null ? plan.iterations() : iterations,
        timeMs == null ? plan.iterationMs() : timeMs);
  }

  private Map<String, List<String>> overrides() {
    Map<String, List<String>> overrides = new LinkedHashMap<>();
    for (String param : params) {
      int equals = param.indexOf('=');
      require(equals > 0, "--param: " + param + " (expected: name=value)");
      overrides
          .computeIfAbsent(param.substring(0, equals), name -> new ArrayList<>())
          .add(param.substring(equals + 1));
    }
    return overrides;
  }

  private static int list(List<BenchJob> jobs) {
    jobs.forEach(job -> System.out.println(job.cell().name()));
    System.out.println(jobs.size() + " runs");
    return DONE;
  }

  private Callable<Integer> prepareRun(BenchPlan plan, List<BenchJob> jobs) throws IOException {
    Path folder = directory.resolve("target/bench");
    RunFile file = new RunFile(folder.resolve("run.jsonl"));
    Environment environment = Environment.here(command);
    List<String> settings = settings(plan);
    List<String> planned = jobs.stream().map(job -> job.cell().name()).toList();
    if (resume) {
      file.read().run().requireSame(environment, settings, planned);
    }
    MachineLock lock = MachineLock.take(Files.createDirectories(folder).resolve("lock"));
    return () -> {
      try (lock) {
        begin(file, environment, settings, planned);
        return measure(plan, jobs, file);
      }
    };
  }

  private void begin(
      RunFile file, Environment environment, List<String> settings, List<String> planned)
      throws IOException {
    if (resume) {
      file.mend();
      return;
    }
    System.out.println("checking the peers");
    file.begin(
        new Run(
            environment,
            include.isEmpty() && params.isEmpty(),
            settings,
            planned,
            PeerSurvey.completeness(),
            PeerSurvey.wheelMemory(),
            PeerSurvey.peerMemory()));
  }

  /// What makes results of two runs incomparable if it differs.
  private List<String> settings(BenchPlan plan) {
    List<String> settings = new ArrayList<>();
    settings.add("forks " + plan.forks());
    settings.add(
        "warm-up %d x %d ms, more of what is compiled late"
            .formatted(plan.warmups(), plan.iterationMs()));
    settings.add("measurement %d x %d ms".formatted(plan.iterations(), plan.iterationMs()));
    if (heapMib != null) {
      settings.add("heap " + heapMib + " MiB");
    }
    settings.addAll(forkArgs());
    return settings;
  }

  /// What the forks are given beyond what the plan says.
  private List<String> forkArgs() {
    List<String> args = new ArrayList<>(jvmArgs);
    if (noBoundsChecks) {
      args.add("-D" + NO_BOUNDS_CHECKS);
    }
    return args;
  }

  private int measure(BenchPlan plan, List<BenchJob> jobs, RunFile file) throws IOException {
    Set<String> found = file.read().found();
    List<BenchJob> left = jobs.stream().filter(job -> !found.contains(job.cell().name())).toList();
    tellLength(plan, jobs.size(), left);
    ProgressFormat format = new ProgressFormat(System.out, jobs.size(), found.size());
    BenchRunner runner = new BenchRunner(plan, forkArgs(), format);
    try (Interruption interruption = Interruption.await()) {
      for (BenchJob job : left) {
        if (!interruption.requested()) {
          Optional<JsonObject> result = runner.run(job);
          if (result.isPresent()) {
            file.append(result.get());
          }
        }
      }
      System.out.println("saved " + file.path());
      Results results = file.read();
      writePages(results);
      return results.missing().isEmpty() ? DONE : INCOMPLETE;
    }
  }

  private static void tellLength(BenchPlan plan, int total, List<BenchJob> left) {
    long forkMs = 0;
    for (BenchJob job : left) {
      int iterations = job.warmups(plan.warmups()) + plan.iterations();
      forkMs += (long) iterations * plan.iterationMs() + STARTUP_MS;
    }
    Duration length = Duration.ofMillis(forkMs * plan.forks());
    System.out.printf(
        "%d runs, %d to do, about %d min%n",
        total, left.size(), length.plusSeconds(30).toMinutes());
  }

  private void writePages(Results results) throws IOException {
    System.out.println("wrote " + Pages.writeResults(results, directory));
    Path shown = readme == null ? directory.resolve("../README.md") : readme;
    boolean isComplete = results.missing().isEmpty();
    boolean tells = results.run().whole() && isComplete && !results.isSmokeRun();
    if (readme != null || (tells && Pages.isReadme(shown))) {
      Pages.writeReadme(results, directory, shown);
      System.out.println("wrote " + shown);
    }
    if (!isComplete) {
      System.out.println("missing: " + String.join("; ", results.missing()) + " (see --resume)");
    }
  }
}
