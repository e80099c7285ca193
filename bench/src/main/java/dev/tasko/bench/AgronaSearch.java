package dev.tasko.bench;

import dev.tasko.bench.peer.PeerSpec;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Searches the fastest settings of Agrona's wheel for each workload and number of timers, and
/// keeps them in `agrona-best.properties`, where peer `agrona:best=true` finds them:
///
/// ```text
/// mvn -q -pl bench -am compile exec:exec -Dbench.main=dev.tasko.bench.AgronaSearch -Dbench.jvm=-Xmx8g
/// ```
///
/// It takes about half an hour; `--workloads` and `--timers` search again in part. First a coarse
/// grid of ticks and spokes, with as many places in a tick as the load needs; then from the best of
/// it, by steps of two in tick, spokes and places, as long as that is faster. Fewer places than the
/// load needs look good in a short run, and grow in a long one, all at once. A million timers and
/// more are searched from what is best for a tenth of them. What a setting is measured with is what
/// the benchmarks measure ([Workload]), for an instant, and the median of three is taken.
@Command(
    name = "agrona-search",
    mixinStandardHelpOptions = true,
    description = "Searches the best settings of Agrona's wheel.")
public final class AgronaSearch implements Callable<Integer> {
  private static final int COARSE_STEP = 2;
  private static final int TICK_BITS_MIN = 14;
  private static final int TICK_BITS_MAX = 26;
  private static final int SPOKE_BITS_MIN = 8;
  private static final int SPOKE_BITS_MAX = 16;
  private static final int SPOKE_BITS_LIMIT = 20;
  private static final int SEARCHED_WHOLE_MAX = 100_000;
  private static final double HOPELESS = 4;
  private static final double FASTER = 0.98;
  private static final int FINE_ROUNDS = 4;
  private static final int SAMPLES = 3;
  private static final long WARM_UP_NS = 30_000_000;
  private static final long SAMPLE_NS = 40_000_000;
  private static final long FIRST_WARM_UP_NS = 2_000_000_000;

  @Option(names = "--workloads", split = ",", description = "Only these.")
  private List<String> workloads = Workload.NAMES;

  @Option(names = "--timers", split = ",", description = "Numbers of timers, ascending.")
  private List<Integer> sizes = List.of(1_000, 10_000, 100_000, 1_000_000, 10_000_000);

  @Option(names = "--file", description = "Where it is kept (default: ${DEFAULT-VALUE}).")
  private Path file = Path.of("src/main/resources/agrona-best.properties");

  private final Map<String, String> kept = new TreeMap<>();
  private final Map<Setting, Double> measured = new HashMap<>();

  /// Powers of two.
  ///
  /// @param tickBits of the length of a tick
  /// @param spokeBits of the number of ticks
  /// @param placeShift places in a tick, compared with what the load needs
  private record Setting(int tickBits, int spokeBits, int placeShift) {
    static Setting parse(String text) {
      Map<String, String> values = PeerSpec.parse("agrona:" + text).settings();
      return new Setting(
          bits(values, "tickNs"),
          bits(values, "spokes"),
          Integer.parseInt(values.getOrDefault("allocShift", "0")));
    }

    private static int bits(Map<String, String> values, String setting) {
      return Long.numberOfTrailingZeros(Long.parseLong(values.get(setting)));
    }

    List<Setting> neighbours() {
      List<Setting> found = new ArrayList<>();
      for (int step : new int[] {-1, 1}) {
        found.add(new Setting(tickBits + step, spokeBits, placeShift));
        found.add(new Setting(tickBits, spokeBits + step, placeShift));
        found.add(new Setting(tickBits + step, spokeBits - step, placeShift));
        found.add(new Setting(tickBits, spokeBits, placeShift + step));
      }
      found.removeIf(setting -> !setting.isInRange());
      return found;
    }

    private boolean isInRange() {
      return tickBits >= TICK_BITS_MIN
          && tickBits <= TICK_BITS_MAX
          && spokeBits >= SPOKE_BITS_MIN
          && spokeBits <= SPOKE_BITS_LIMIT
          && placeShift >= 0
          && placeShift <= 1;
    }

    @Override
    public String toString() {
      return "tickNs="
          + (1L << tickBits)
          + ",spokes="
          + (1 << spokeBits)
          + (placeShift == 0 ? "" : ",allocShift=" + placeShift);
    }
  }

  private AgronaSearch() {}

  /// The command.
  ///
  /// @param args see `--help`
  public static void main(String[] args) {
    System.exit(new CommandLine(new AgronaSearch()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    read();
    for (String workload : workloads) {
      measure(workload, new Setting(20, 15, 0), 10_000, FIRST_WARM_UP_NS);
      for (int timers : sizes) {
        measured.clear();
        Setting best = refine(workload, timers, start(workload, timers));
        kept.put(workload + "." + timers, best.toString());
        System.out.printf("%s.%d=%s  %.1f ns%n", workload, timers, best, measured.get(best));
        write();
      }
    }
    return 0;
  }

  private Setting start(String workload, int timers) {
    String smaller = kept.get(workload + "." + timers / 10);
    return timers > SEARCHED_WHOLE_MAX && smaller != null
        ? Setting.parse(smaller)
        : searchGrid(workload, timers);
  }

  /// From fine ticks to coarse, from many spokes to few: what comes after a hopeless one is worse.
  private Setting searchGrid(String workload, int timers) {
    Setting best = new Setting(20, 15, 0);
    double bestNs = nsOf(workload, best, timers);
    for (int tick = TICK_BITS_MIN; tick <= TICK_BITS_MAX; tick += COARSE_STEP) {
      for (int spokes = SPOKE_BITS_MAX; spokes >= SPOKE_BITS_MIN; spokes -= COARSE_STEP) {
        Setting setting = new Setting(tick, spokes, 0);
        double ns = nsOf(workload, setting, timers);
        if (ns < bestNs) {
          bestNs = ns;
          best = setting;
        } else if (ns > HOPELESS * bestNs) {
          break;
        }
      }
    }
    return best;
  }

  private Setting refine(String workload, int timers, Setting start) {
    Setting best = start;
    for (int round = 0; round < FINE_ROUNDS; round++) {
      Setting center = best;
      for (Setting neighbour : center.neighbours()) {
        if (nsOf(workload, neighbour, timers) < FASTER * nsOf(workload, best, timers)) {
          best = neighbour;
        }
      }
      if (best.equals(center)) {
        break;
      }
    }
    return best;
  }

  private double nsOf(String workload, Setting setting, int timers) {
    return measured.computeIfAbsent(
        setting, absent -> measure(workload, absent, timers, WARM_UP_NS));
  }

  /// A wheel that would not fit into memory is infinitely slow.
  private static double measure(String workload, Setting setting, int timers, long warmUpNs) {
    try (Workload running = Workload.create(workload, "agrona:" + setting, timers)) {
      running.measureNs(warmUpNs);
      double[] ns = new double[SAMPLES];
      Arrays.setAll(ns, i -> running.measureNs(SAMPLE_NS));
      Arrays.sort(ns);
      return ns[SAMPLES / 2];
    } catch (IllegalArgumentException | OutOfMemoryError e) {
      return Double.POSITIVE_INFINITY;
    }
  }

  private void read() throws IOException {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      properties.load(in);
    }
    properties.forEach((key, value) -> kept.put((String) key, (String) value));
  }

  private void write() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("# Written by dev.tasko.bench.AgronaSearch; how to search again is said there.");
    kept.forEach((key, setting) -> lines.add(key + "=" + setting));
    Files.write(file, lines);
  }
}
