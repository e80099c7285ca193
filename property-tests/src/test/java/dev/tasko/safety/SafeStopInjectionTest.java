package dev.tasko.safety;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.Setting;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Real threads, real time, and a real end. Some in every build; `-Dtasko.safestop.injections=1000`
/// makes it a thousand of each kind. A build allows for a machine that stands still for a while;
/// the printed line says how long it took and how many kept the bound itself.
class SafeStopInjectionTest {
  private static final long INJECTIONS = Setting.number("tasko.safestop.injections", 4);
  private static final long TERMINATIONS = Setting.number("tasko.safestop.injections", 2);
  private static final Duration HICCUP = Duration.ofSeconds(20);
  private static final int SIGTERM_EXIT = 128 + 15;
  private static final int TICKS_MAX = 150;
  private static final Logger LOG = Logger.getLogger("dev.tasko");

  @TempDir Path directory;

  /// Each stall would be told.
  @BeforeAll
  static void beQuiet() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void speakAgain() {
    LOG.setLevel(null);
  }

  @ParameterizedTest
  @EnumSource(Injection.Kind.class)
  void injection_leavesEverythingSafe(Injection.Kind kind) throws Exception {
    long[] tookNs = new long[(int) INJECTIONS];
    for (int seed = 0; seed < INJECTIONS; seed++) {
      try {
        tookNs[seed] = new Injection(kind, seed, directory.resolve("card.img")).run();
      } catch (AssertionError unsafe) {
        throw new AssertionError(kind + ", seed " + seed + ": " + unsafe.getMessage(), unsafe);
      }
    }
    report(kind.name(), tookNs, Injection.bound(kind));
  }

  /// Until the process has ended, which is after its outputs were safe.
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void termination_leavesEverythingSafe() throws Exception {
    long[] tookNs = new long[(int) TERMINATIONS];
    for (int seed = 0; seed < TERMINATIONS; seed++) {
      tookNs[seed] = terminate(seed);
    }
    report(
        "SIGTERM", tookNs, Injection.UNWIND_WITHIN.plus(Injection.STALLED_AFTER.multipliedBy(4)));
  }

  private long terminate(long seed) throws IOException, InterruptedException {
    Path image = directory.resolve("terminated.img");
    int ticks = new SplittableRandom(seed).nextInt(TICKS_MAX);
    Ended ended = terminateAfter("tick", ticks, start(image, seed, "run"));
    assertEquals(List.of("unwound safe", "outputs safe"), ended.said, () -> "seed " + seed);
    assertEquals(SIGTERM_EXIT, ended.exit, () -> "seed " + seed);
    Controller.requireRecords(image, seed, ended.logged);
    return ended.tookNs;
  }

  /// Its tasks cannot be unwound: the watchdog drives the outputs, and the process ends all the
  /// same.
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void termination_ofALoopThatSpinsForEver() throws Exception {
    Path image = directory.resolve("spinning.img");
    Ended ended = terminateAfter("spinning", 0, start(image, 1, "spin"));
    assertTrue(ended.said.contains("outputs safe"), ended::toString);
    assertTrue(ended.said.stream().noneMatch(line -> line.startsWith("unwound")), ended::toString);
    assertTrue(
        ended.said.stream().anyMatch(line -> line.matches("told stalled: .* in task spinner .*")),
        ended::toString);
    assertEquals(SIGTERM_EXIT, ended.exit);
    Controller.requireRecords(image, 1, ended.logged);
  }

  /// What came of a process.
  private record Ended(List<Integer> logged, List<String> said, int exit, long tookNs) {}

  private static Ended terminateAfter(String sign, int times, Process process)
      throws IOException, InterruptedException {
    List<Integer> logged = new ArrayList<>();
    List<String> said = new ArrayList<>();
    int left = times;
    long terminatedNs = 0;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.equals(sign) && left-- == 0) {
          terminatedNs = System.nanoTime();
          boolean sent = process.toHandle().destroy(); // keeps the streams, as Process does not
          assertTrue(sent);
        } else if (line.startsWith("logged ")) {
          logged.add(Integer.parseInt(line.substring("logged ".length())));
        } else if (!line.equals("tick")) {
          said.add(line);
        }
      }
    }
    return new Ended(logged, said, process.waitFor(), System.nanoTime() - terminatedNs);
  }

  private static Process start(Path image, long seed, String way) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-exports",
            "java.base/jdk.internal.misc=ALL-UNNAMED",
            "--add-exports",
            "java.base/jdk.internal.vm=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            TerminatedController.class.getName(),
            image.toString(),
            Long.toString(seed),
            way)
        .redirectErrorStream(true)
        .start();
  }

  private static void report(String kind, long[] tookNs, Duration bound) {
    Arrays.sort(tookNs);
    long late = Arrays.stream(tookNs).filter(ns -> ns > bound.toNanos()).count();
    long mostNs = tookNs[tookNs.length - 1];
    System.out.println(
        "safe stop: "
            + tookNs.length
            + " x "
            + kind
            + ": all safe, median "
            + ms(tookNs[tookNs.length / 2])
            + ", most "
            + ms(mostNs)
            + ", beyond the bound of "
            + bound.toMillis()
            + " ms: "
            + late);
    assertTrue(mostNs <= bound.plus(HICCUP).toNanos(), () -> kind + " took ns: " + mostNs);
  }

  private static String ms(long ns) {
    return ns / 1e6 + " ms";
  }
}
