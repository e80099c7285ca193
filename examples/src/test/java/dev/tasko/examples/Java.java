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

  /// What [#runOnTerminal] needs.
  public static final Path SCRIPT = Path.of("/usr/bin/script");

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
    Process process = new ProcessBuilder(command(arguments)).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), text);
  }

  private List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(arguments));
    return command;
  }

  /// Runs a program on a terminal of its own, by util-linux's `script`, and presses keys once it
  /// has shown a text.
  ///
  /// @param shown what is waited for
  /// @param keys pressed then
  /// @param arguments main class and its arguments, without blanks
  /// @return what came of it, control sequences included
  /// @throws IOException if it cannot be started
  /// @throws InterruptedException if the test is interrupted
  public Result runOnTerminal(String shown, String keys, String... arguments)
      throws IOException, InterruptedException {
    String command = "stty cols 80 rows 24; " + String.join(" ", command(arguments));
    ProcessBuilder builder = new ProcessBuilder(SCRIPT.toString(), "-qec", command, "/dev/null");
    builder.environment().put("TERM", "xterm");
    Process process = builder.redirectErrorStream(true).start();
    StringBuilder text = new StringBuilder();
    boolean pressed = false;
    for (int next = process.getInputStream().read(); next >= 0; ) {
      text.append((char) next);
      if (!pressed && text.indexOf(shown) >= 0) {
        process.getOutputStream().write(keys.getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
        pressed = true;
      }
      next = process.getInputStream().read();
    }
    return new Result(process.waitFor(), text.toString());
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
