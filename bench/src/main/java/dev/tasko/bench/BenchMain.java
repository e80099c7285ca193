package dev.tasko.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import dev.tasko.bench.peer.Completeness;
import dev.tasko.bench.peer.CompletenessCheck;
import dev.tasko.bench.peer.Delays;
import dev.tasko.bench.peer.Load;
import dev.tasko.bench.peer.Peers;
import dev.tasko.bench.peer.Random64;
import dev.tasko.bench.peer.TimerQueue;
import dev.tasko.bench.peer.WheelMemory;
import dev.tasko.bench.report.Environment;
import dev.tasko.bench.report.PeerMemory;
import dev.tasko.bench.report.Report;
import dev.tasko.bench.report.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Runs the benchmarks and writes RESULTS.md.
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Runs the benchmarks and writes RESULTS.md and target/bench/results.json.")
public final class BenchMain implements Callable<Integer> {
  private static final String COMMAND = "mvn -q -pl bench -am compile exec:exec";
  private static final List<Integer> WHEEL_CAPACITIES =
      List.of(1_000, 10_000, 100_000, 1_000_000, 10_000_000);
  private static final int PEER_CAPACITY_MAX = 1_000_000;

  @Option(names = "--quick", description = "The essential, within ten minutes (default).")
  private boolean quick;

  @Option(names = "--full", description = "All sizes and peers, three forks: some hours.")
  private boolean full;

  @Option(
      names = "--include",
      paramLabel = "REGEX",
      description = "Only benchmarks whose class and method contain a match.")
  private String include = "";

  @Option(names = "--list", description = "Says what would run.")
  private boolean list;

  @Option(
      names = "--from",
      paramLabel = "JSON",
      description = "Writes RESULTS.md from saved results, running nothing.")
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

  @Option(names = "--jvm-arg", description = "For the forks; may be given again.")
  private List<String> jvmArgs = new ArrayList<>();

  @Option(names = "--dir", description = "The module's directory (default: ${DEFAULT-VALUE}).")
  private Path directory = Path.of(".");

  private final String command;

  private BenchMain(String[] args) {
    command =
        args.length == 0 ? COMMAND : COMMAND + " -Dbench.args=\"" + String.join(" ", args) + "\"";
  }

  /// The command.
  ///
  /// @param args see `--help`
  public static void main(String[] args) {
    System.exit(new CommandLine(new BenchMain(args)).execute(args));
  }

  @Override
  public Integer call() throws IOException, RunnerException {
    if (quick && full) {
      throw new IllegalArgumentException("--quick, --full: both (expected: at most one)");
    }
    if (from != null) {
      writeReport(Results.read(from));
      return 0;
    }
    BenchRunner runner = new BenchRunner(plan(), Pattern.compile(include), overrides(), jvmArgs);
    if (list) {
      runner.list().forEach(System.out::println);
      System.out.println(runner.countRuns() + " runs");
      return 0;
    }
    measure(runner);
    return 0;
  }

  private void measure(BenchRunner runner) throws IOException, RunnerException {
    Environment environment = Environment.here(command);
    System.out.println(runner.countRuns() + " runs");
    List<RunResult> found = new ArrayList<>();
    try {
      runner.run(System.out, found);
    } finally {
      save(environment, BenchRunner.toJson(found));
    }
  }

  private void save(Environment environment, String raw) throws IOException {
    Path saved = directory.resolve("target/bench/results.json");
    JsonArray jmh = JsonParser.parseString(raw).getAsJsonArray();
    Results results = new Results(environment, checkPeers(), measureWheel(), measurePeers(), jmh);
    results.write(saved);
    System.out.println("saved " + saved);
    writeReport(results);
  }

  private void writeReport(Results results) throws IOException {
    Path file = directory.resolve("RESULTS.md");
    Files.writeString(file, Report.write(results));
    System.out.println("wrote " + file);
  }

  private BenchPlan plan() {
    BenchPlan plan = full ? BenchPlan.full() : BenchPlan.quick();
    return new BenchPlan(
        plan.steps(),
        forks == null ? plan.forks() : forks,
        warmups == null ? plan.warmups() : warmups,
        iterations == null ? plan.iterations() : iterations,
        timeMs == null ? plan.iterationMs() : timeMs);
  }

  private Map<String, List<String>> overrides() {
    Map<String, List<String>> overrides = new LinkedHashMap<>();
    for (String param : params) {
      int equals = param.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("--param: " + param + " (expected: name=value)");
      }
      overrides
          .computeIfAbsent(param.substring(0, equals), name -> new ArrayList<>())
          .add(param.substring(equals + 1));
    }
    return overrides;
  }

  private static List<Completeness> checkPeers() {
    List<Completeness> found = new ArrayList<>();
    Peers.POLLED.forEach(peer -> found.add(CompletenessCheck.run(peer, 1)));
    Peers.ON_WALL_CLOCK.forEach(peer -> found.add(CompletenessCheck.run(peer, 1)));
    return found;
  }

  private static List<WheelMemory> measureWheel() {
    return WHEEL_CAPACITIES.stream().map(WheelMemory::measure).toList();
  }

  private static List<PeerMemory> measurePeers() {
    long meanNs = new Delays("uniform", new Random64(1)).meanNs();
    List<PeerMemory> found = new ArrayList<>();
    for (String peer : Peers.POLLED) {
      for (int timers : WHEEL_CAPACITIES) {
        if (!peer.equals("tasko") && timers <= PEER_CAPACITY_MAX) {
          Load load = new Load(timers, 0, Delays.LONGEST_NS, meanNs);
          try (TimerQueue queue = Peers.create(peer, load, payload -> {})) {
            found.add(new PeerMemory(peer, timers, queue.bytes()));
          }
        }
      }
    }
    return found;
  }
}
