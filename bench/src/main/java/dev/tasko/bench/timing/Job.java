package dev.tasko.bench.timing;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The packaged main job, in VMs of its own.
final class Job {
  private static final long NS_PER_MS = 1_000_000;
  private static final long POLL_MS = 100;
  private static final int ATTEMPTS = 3;
  private static final long PATIENCE_SECONDS = 60;
  private static final double NS_PER_SECOND = 1e9;
  private static final Pattern RESIDENT = Pattern.compile("(?m)^(VmHWM|VmRSS):\\s+(\\d+) kB$");

  private final Path jar;
  private final Path folder;

  /// @param jar of the job, whose manifest says all it needs
  /// @param folder that it is run in
  Job(Path jar, Path folder) {
    this.jar = jar;
    this.folder = folder;
  }

  /// What a run has taken.
  ///
  /// @param mostKib of resident memory at any time
  /// @param lastKib of resident memory at its end
  /// @param idleCores processor time in the second half, of one core's
  record Taken(long mostKib, long lastKib, double idleCores) {}

  /// Resident memory.
  ///
  /// @param mostKib so far
  /// @param nowKib at present
  record Resident(long mostKib, long nowKib) {
    /// Reads `/proc/PID/status`.
    ///
    /// @throws IllegalArgumentException if it does not tell
    static Resident parse(String status) {
      long most = -1;
      long now = -1;
      Matcher lines = RESIDENT.matcher(status);
      while (lines.find()) {
        long kib = Long.parseLong(lines.group(2));
        if (lines.group(1).equals("VmHWM")) {
          most = kib;
        } else {
          now = kib;
        }
      }
      if (most < 0 || now < 0) {
        throw new IllegalArgumentException("status: no VmHWM and VmRSS (expected: both)");
      }
      return new Resident(most, now);
    }
  }

  /// Runs it to its end. It judges its own log, and may fail on a machine that stands still for
  /// long enough: then it is run again.
  ///
  /// @param options of the VM
  /// @param arguments of the job
  /// @param seconds for which it then runs
  /// @throws IOException if it failed each time, with what it said last
  Taken run(List<String> options, List<String> arguments, int seconds)
      throws IOException, InterruptedException {
    for (int left = ATTEMPTS - 1; left > 0; left--) {
      try {
        return runOnce(options, arguments, seconds);
      } catch (IOException e) {
        System.out.println(e.getMessage() + " (once more)");
      }
    }
    return runOnce(options, arguments, seconds);
  }

  private Taken runOnce(List<String> options, List<String> arguments, int seconds)
      throws IOException, InterruptedException {
    Process process = start(options, arguments, folder.resolve("job.log"));
    try {
      return watch(process, seconds);
    } finally {
      process.destroyForcibly();
    }
  }

  private Taken watch(Process process, int seconds) throws IOException, InterruptedException {
    long startNs = System.nanoTime();
    long halfNs = (long) (seconds * NS_PER_SECOND / 2);
    long fromNs = -1;
    long fromCpuNs = 0;
    double idleCores = Double.NaN;
    Resident resident = new Resident(0, 0);
    while (!process.waitFor(POLL_MS, TimeUnit.MILLISECONDS)) {
      long elapsedNs = System.nanoTime() - startNs;
      if (elapsedNs > PATIENCE_SECONDS * NS_PER_SECOND) {
        throw new IOException("the job does not end");
      }
      resident = resident(process, resident);
      if (elapsedNs > halfNs && fromNs < 0) {
        fromNs = elapsedNs;
        fromCpuNs = cpuNs(process);
      } else if (elapsedNs > halfNs && elapsedNs < 2 * halfNs) {
        idleCores = (double) (cpuNs(process) - fromCpuNs) / (elapsedNs - fromNs);
      }
    }
    requireDone(process);
    return new Taken(resident.mostKib, resident.nowKib, idleCores);
  }

  private Resident resident(Process process, Resident otherwise) throws IOException {
    String status = Files.readString(proc(process).resolve("status"));
    // One that has just ended has none.
    return status.contains("VmRSS") ? Resident.parse(status) : otherwise;
  }

  /// Of all its threads.
  private static long cpuNs(Process process) throws IOException {
    List<Path> threads;
    try (Stream<Path> all = Files.list(proc(process).resolve("task"))) {
      threads = all.toList();
    }
    long sumNs = 0;
    for (Path thread : threads) {
      sumNs += Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ", 2)[0]);
    }
    return sumNs;
  }

  private static Path proc(Process process) {
    return Path.of("/proc", String.valueOf(process.pid()));
  }

  private void requireDone(Process process) throws IOException {
    if (process.exitValue() != 0) {
      String said = Files.readString(folder.resolve("job.log"));
      String last = said.lines().reduce("", (before, line) -> line);
      throw new IOException("the job ended with " + process.exitValue() + ": " + last);
    }
  }

  /// Time from the start of the VM to the first line that the job writes: it does so when its first
  /// deadlines have been kept. Then it is ended.
  ///
  /// @param options of the VM
  double firstLineMs(List<String> options) throws IOException {
    long startNs = System.nanoTime();
    Process process = start(options, List.of(), null);
    try (BufferedReader lines = process.inputReader()) {
      String first = lines.readLine();
      if (first == null) {
        throw new IOException("the job wrote nothing");
      }
      return (double) (System.nanoTime() - startNs) / NS_PER_MS;
    } finally {
      process.destroyForcibly().onExit().join();
    }
  }

  /// The program that runs this VM.
  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private Process start(List<String> options, List<String> arguments, @Nullable Path log)
      throws IOException {
    Files.deleteIfExists(folder.resolve("target/sd-card.img"));
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(options);
    // The first line is to be the job's.
    command.add("-Xlog:disable");
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(folder.toFile());
    if (log != null) {
      builder.redirectOutput(log.toFile());
    }
    return builder.start();
  }
}
