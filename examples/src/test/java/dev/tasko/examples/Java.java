package dev.tasko.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Starts the JVM that runs the tests once more, with flags of its own.
public final class Java {
  private static final String BUFFERS = "java.base/jdk.internal.misc=ALL-UNNAMED";
  private static final String CONTINUATIONS = "java.base/jdk.internal.vm=ALL-UNNAMED";

  private final List<String> flags;

  private Java(List<String> flags) {
    this.flags = flags;
  }

  /// With everything that the README asks for.
  ///
  /// @return a launcher
  public static Java withFlags() {
    return new Java(List.of("--add-exports", BUFFERS, "--add-exports", CONTINUATIONS));
  }

  /// Without the flag for continuations.
  ///
  /// @return a launcher
  public static Java withoutContinuations() {
    return new Java(List.of("--add-exports", BUFFERS));
  }

  /// Without any flag.
  ///
  /// @return a launcher
  public static Java withoutFlags() {
    return new Java(List.of());
  }

  /// Runs a program to its end.
  ///
  /// @param arguments main class and its arguments
  /// @return what came of it
  /// @throws IOException if it cannot be started
  /// @throws InterruptedException if the test is interrupted
  public Result run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), text);
  }

  /// How a program ended.
  ///
  /// @param exitCode of the process
  /// @param text output and errors together
  public record Result(int exitCode, String text) {
    /// The text, line by line.
    ///
    /// @return without line ends
    public List<String> lines() {
      return text.lines().toList();
    }
  }
}
