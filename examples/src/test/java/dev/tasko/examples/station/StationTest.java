package dev.tasko.examples.station;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.examples.Java;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The main job, run as a user would.
class StationTest {
  private static final String MAIN = StationMain.class.getName();

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"continuation", "baton"})
  void virtualHour_isVerified(String engine) throws Exception {
    Java.Result result = station("--virtual", "--seconds", "3600", "--engine", engine);
    assertEquals(0, result.exitCode(), result::text);
    assertTrue(result.text().contains("verified: 3603 readings"), result::text);
    assertTrue(result.text().contains("1.000 timer wakeups"), result::text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"continuation", "baton"})
  void realSeconds_areVerified(String engine) throws Exception {
    Java.Result result = station("--seconds", "3", "--engine", engine);
    assertEquals(0, result.exitCode(), result::text);
    assertTrue(result.text().contains("verified: "), result::text);
    assertTrue(result.text().contains("pressed: a reading"), result::text);
  }

  @Test
  void sameSeed_isEqualByteForByte() throws Exception {
    Java.Result first = station("--virtual", "--seconds", "1800", "--seed", "7");
    byte[] firstImage = log();
    Java.Result second = station("--virtual", "--seconds", "1800", "--seed", "7");
    assertEquals(first.text(), second.text());
    assertArrayEquals(firstImage, log());
    Java.Result other = station("--virtual", "--seconds", "1800", "--seed", "8");
    assertFalse(other.text().equals(first.text()), "another seed gave the same run");
  }

  @Test
  void withoutContinuations_runsOnThreadsAndSaysSoOnce() throws Exception {
    Java.Result result = Java.withoutContinuations().run(arguments("--virtual", "--seconds", "60"));
    assertEquals(0, result.exitCode(), result::text);
    String remedy = "--add-exports java.base/jdk.internal.vm=ALL-UNNAMED";
    assertEquals(
        1, result.lines().stream().filter(line -> line.contains(remedy)).count(), result::text);
  }

  @Test
  void withoutFlags_saysTheRemedyInOneLine() throws Exception {
    Java.Result result = Java.withoutFlags().run(arguments("--virtual", "--seconds", "60"));
    assertEquals(2, result.exitCode(), result::text);
    assertEquals(1, result.lines().size(), result::text);
    assertTrue(
        result.text().contains("--add-exports java.base/jdk.internal.misc=ALL-UNNAMED"),
        result::text);
  }

  @Test
  void verify_findsAChangedReading() throws Exception {
    station("--virtual", "--seconds", "60");
    Path image = image();
    assertEquals(0, Java.withFlags().run(MAIN, "--verify", image.toString()).exitCode());
    LogBlock block = new LogBlock();
    change(image, block);
    Java.Result result = Java.withFlags().run(MAIN, "--verify", image.toString());
    assertEquals(2, result.exitCode(), result::text);
    assertTrue(result.text().contains("block 1 reading 0"), result::text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--seconds 0 | --seconds: 0.0 (expected: 1 to 31536000)",
        "--seconds x | Invalid value for option '--seconds': 'x' is not a double",
        "--engine fast | Invalid value for option '--engine': expected one of",
        "--series none.csv | weather: none.csv (expected: an existing file)",
        "--verify none.img | image: none.img (expected: an existing file)",
        "--fast | Unknown option: '--fast'"
      })
  void badInput_isToldInOneLine(String row) throws Exception {
    String[] parts = row.split(" \\| ", 2);
    Java.Result result = Java.withFlags().run(arguments(parts[0].split(" ", -1)));
    assertEquals(2, result.exitCode(), result::text);
    assertTrue(result.lines().getFirst().contains(parts[1]), result::text);
    assertFalse(result.text().contains("\tat "), result::text);
  }

  @Test
  void help_namesEveryOption() throws Exception {
    Java.Result result = Java.withFlags().run(MAIN, "--help");
    assertEquals(0, result.exitCode(), result::text);
    for (String option :
        List.of(
            "--seconds", "--virtual", "--image", "--series", "--engine", "--seed", "--verify")) {
      assertTrue(result.text().contains(option), option);
    }
  }

  private Path image() {
    return directory.resolve("card.img");
  }

  private Java.Result station(String... options) throws Exception {
    return Java.withFlags().run(arguments(options));
  }

  private String[] arguments(String... options) {
    List<String> arguments = new ArrayList<>(List.of(MAIN, "--image", image().toString()));
    arguments.addAll(List.of(options));
    return arguments.toArray(String[]::new);
  }

  private byte[] log() throws IOException {
    try (var in = Files.newInputStream(image())) {
      return in.readNBytes(1 << 20);
    }
  }

  /// Changes the first reading, and the check sum with it.
  private static void change(Path image, LogBlock block) throws IOException {
    try (var channel = FileChannel.open(image, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      channel.read(ByteBuffer.wrap(block.bytes()), LogBlock.BYTES);
      int temperature = LogBlock.readingOffset(0) + 16;
      block.buffer().putInt(temperature, block.buffer().getInt(temperature) + 100);
      block.seal();
      channel.write(ByteBuffer.wrap(block.bytes()), LogBlock.BYTES);
    }
  }
}
