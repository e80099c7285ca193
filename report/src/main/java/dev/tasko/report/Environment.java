package dev.tasko.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/// Where and when something was measured.
///
/// @param cpu model
/// @param cores as the VM sees them
/// @param memoryMib of the machine, -1 if unknown
/// @param kernel name, version and architecture
/// @param jdk vendor and version
/// @param commit of the sources, with a hash of their changes since
/// @param date in UTC
/// @param load of the machine when it began: one, five and fifteen minutes
/// @param command that was given
public record Environment(
    String cpu,
    int cores,
    long memoryMib,
    String kernel,
    String jdk,
    String commit,
    String date,
    String load,
    String command) {

  /// Looks around.
  ///
  /// @param command to be repeated
  /// @return this machine, now
  public static Environment here(String command) {
    return new Environment(
        lineAfterColon(Path.of("/proc/cpuinfo"), "model name", System.getProperty("os.arch", "")),
        Runtime.getRuntime().availableProcessors(),
        findMemoryMib(),
        String.join(" ", property("os.name"), property("os.version"), property("os.arch")),
        String.join(" ", property("java.vendor.version"), property("java.vm.name")),
        findCommit(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        read(Path.of("/proc/loadavg")).replaceAll("^(\\S+ \\S+ \\S+).*\\s*$", "$1"),
        command);
  }

  private static String property(String name) {
    return System.getProperty(name, "");
  }

  private static long findMemoryMib() {
    String found = lineAfterColon(Path.of("/proc/meminfo"), "MemTotal", "");
    String kib = found.replace("kB", "").strip();
    return kib.isEmpty() ? -1 : Long.parseLong(kib) / 1024;
  }

  private static String lineAfterColon(Path file, String key, String otherwise) {
    return read(file)
        .lines()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(otherwise);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  private static String findCommit() {
    String head = git("rev-parse", "--short=12", "HEAD");
    if (head.isEmpty()) {
      return "unknown";
    }
    // Not the pages: the report itself changes them.
    String changes = git("diff", "HEAD", "--", ":(top,glob)**/*.java", ":(top,glob)**/pom.xml");
    return changes.isEmpty()
        ? head
        : String.format(Locale.ROOT, "%s, with changes %08x", head, changes.hashCode());
  }

  private static String git(String... arguments) {
    try {
      String[] command = new String[arguments.length + 1];
      command[0] = "git";
      System.arraycopy(arguments, 0, command, 1, arguments.length);
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? output.strip() : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  /// The machine in few words.
  ///
  /// @return processor, cores and memory
  public String machine() {
    return String.format(Locale.ROOT, "%s, %d cores, %d MiB", cpu, cores, memoryMib);
  }

  /// All that matters for figures that do not come from a long run.
  ///
  /// @return one line
  public String toLine() {
    return String.format(
        Locale.ROOT,
        "%s, %s, %s, commit %s, %s, load %s",
        machine(),
        kernel,
        jdk,
        commit,
        date,
        load);
  }

  /// All of it.
  ///
  /// @return a table
  public String toMarkdown() {
    return String.format(
        Locale.ROOT,
        """
        | | |
        |---|---|
        | machine | %s |
        | kernel | %s |
        | JDK | %s |
        | commit | %s |
        | date | %s |
        | load when it began | %s |
        | command | `%s` |
        """,
        machine(),
        kernel,
        jdk,
        commit,
        date,
        load,
        command.replace("|", "\\|"));
  }
}
