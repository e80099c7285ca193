package dev.tasko.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the README shows is Java, and its first program runs.
class ReadmeTest {
  private static final Path README = Path.of("..", "README.md");
  private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final String IMPORTS =
      """
      import dev.tasko.*;
      import dev.tasko.hal.*;
      import dev.tasko.linux.*;
      import dev.tasko.resource.*;
      import dev.tasko.safety.*;
      import dev.tasko.wakeup.*;
      import dev.tasko.wheel.*;
      import java.time.Duration;
      """;

  @TempDir Path directory;

  @Test
  void firstProgram_runs() throws Exception {
    Path source = directory.resolve("First.java");
    Files.writeString(source, blocks().getFirst());
    Java.Result result = Java.withFlags().run(source.toString());
    assertEquals(0, result.exitCode(), result::text);
    List<String> lines = result.lines();
    assertTrue(lines.contains("asking the sensor"), result::text);
    assertTrue(lines.contains("the sensor has answered"), result::text);
    assertTrue(lines.stream().filter("ten times a second"::equals).count() >= 10, result::text);
  }

  @Test
  void firstProgram_withoutFlagsSaysTheRemedyFirst() throws Exception {
    Path source = directory.resolve("First.java");
    Files.writeString(source, blocks().getFirst());
    Java.Result result = Java.withoutFlags().run(source.toString());
    assertEquals(1, result.exitCode(), result::text);
    assertTrue(
        result
            .lines()
            .getFirst()
            .endsWith("start java with --add-exports java.base/jdk.internal.misc=ALL-UNNAMED"),
        result::text);
  }

  @Test
  void fragments_compile() throws IOException {
    List<String> fragments = blocks().subList(1, blocks().size());
    assertEquals(8, fragments.size(), "fragments: one for each wrapper below");
    compile("Tasks", fragments.get(0), "void control() {} void sample() {} void halt() {}", "");
    compile(
        "Deadlines",
        fragments.get(1),
        "void control() {} void blame(String culprit, long runNs, String site) {}",
        "Loop loop");
    compile(
        "EndingEarly",
        fragments.get(2),
        "void read(String bus) {} void putToSleep() {} void home(String axis) {}",
        "Loop loop, Handle<String, String> sensor, String xAxis, String yAxis");
    compile(
        "Values",
        fragments.get(3),
        "boolean lookUp(String order) { return true; } void report(String answer) {}"
            + " java.util.concurrent.CompletionStage<String> sendAsync(String order) { return null;"
            + " }",
        "Loop loop");
    compile(
        "Sharing",
        fragments.get(4),
        "void readSensor(SpiBus bus) {} void logToSdCard(SpiBus bus) {}",
        "Loop loop");
    compile("KeepingTime", fragments.get(5), "", "Loop loop");
    compile("StoppingSafely", fragments.get(6), "void relax() {}", "Loop loop, Hal hal");
    compile("Wheel", fragments.get(7), "void expire(long id) {}", "long connectionId");
  }

  private static List<String> blocks() throws IOException {
    Matcher matcher = JAVA_BLOCK.matcher(Files.readString(README));
    List<String> blocks = new ArrayList<>();
    while (matcher.find()) {
      blocks.add(matcher.group(1));
    }
    return blocks;
  }

  private void compile(String name, String fragment, String members, String parameters)
      throws IOException {
    Path source = directory.resolve(name + ".java");
    Files.writeString(
        source,
        IMPORTS
            + "class %s { %s void fragment(%s) { %s } }"
                .formatted(name, members, parameters, fragment));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-d",
              directory.toString(),
              "-proc:none",
              "-cp",
              System.getProperty("java.class.path"));
      boolean compiled =
          compiler
              .getTask(messages, files, null, options, null, files.getJavaFileObjects(source))
              .call();
      assertTrue(compiled, messages::toString);
    }
  }
}
