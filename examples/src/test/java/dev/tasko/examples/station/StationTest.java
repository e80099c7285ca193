package dev.tasko.examples.station;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tasko.examples.Java;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The main job, run as a user would.
class StationTest {
  private static final String MAIN = StationMain.class.getName();

  private static final String ALTERNATE_SCREEN = "\u001b[?1049h";
  private static final String NORMAL_SCREEN = "\u001b[?1049l";

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
  void realSeconds_theCulpritIsBlamed() throws Exception {
    Java.Result result = station("--seconds", "3");
    assertEquals(0, result.exitCode(), result::text);
    assertTrue(result.text().contains("act 3 of 3"), result::text);
    assertTrue(result.text().contains("in the servo's way: spin: "), result::text);
    assertTrue(result.text().contains("printer        answers"), result::text);
  }

  @Test
  void servoHz_thatCannotBeKeptIsToldByMisses() throws Exception {
    Java.Result result = station("--seconds", "1", "--servo-hz", "100000");
    assertEquals(0, result.exitCode(), result::text);
    assertTrue(result.text().contains("in the servo's way: spin: "), result::text);
    String servo =
        result.lines().stream()
            .filter(line -> line.startsWith("servo  "))
            .findFirst()
            .orElseThrow();
    assertTrue(Long.parseLong(servo.split(" +", -1)[7]) > 2_000, servo);
  }

  @Test
  void terminal_showsTheViewUntilQ() throws Exception {
    assumeTrue(Files.isExecutable(Java.SCRIPT), "no " + Java.SCRIPT);
    insertCard();
    Java.Result result =
        Java.withFlags().runOnTerminal("q stop safely", "q", arguments("--seconds", "600"));
    assertEquals(0, result.exitCode(), result::text);
    assertTrue(result.text().contains(ALTERNATE_SCREEN), result::text);
    int end = result.text().indexOf(NORMAL_SCREEN);
    assertTrue(end > 0, result::text);
    assertTrue(result.text().indexOf("verified: ", end) > 0, result::text);
  }

  @Test
  void terminal_plainGivesLines() throws Exception {
    assumeTrue(Files.isExecutable(Java.SCRIPT), "no " + Java.SCRIPT);
    insertCard();
    Java.Result result =
        Java.withFlags().runOnTerminal("", "", arguments("--seconds", "1", "--plain"));
    assertEquals(0, result.exitCode(), result::text);
    assertFalse(result.text().contains(ALTERNATE_SCREEN), result::text);
  }

  /// The README shows it, so it has to be what the program shows.
  @ParameterizedTest
  @ValueSource(strings = {"continuation", "baton"})
  void screen_isTheOneInTheTree(String engine) throws Exception {
    Path drawn = directory.resolve("screen.svg");
    Java.Result result = station("--screen", drawn.toString(), "--engine", engine);
    assertEquals(0, result.exitCode(), result::text);
    assertEquals(
        Files.readString(Path.of("screen.svg")),
        Files.readString(drawn),
        "draw examples/screen.svg anew, by the command in the README");
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
  void shorterRun_isNotTakenForTheLongerOneBefore() throws Exception {
    assertEquals(0, station("--virtual", "--seconds", "600").exitCode());
    Java.Result shorter = station("--virtual", "--seconds", "120");
    assertEquals(0, shorter.exitCode(), shorter::text);
    assertTrue(shorter.text().contains("verified: 123 readings"), shorter::text);
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
  void verify_findsWhatIsNotAsItWasLogged() throws Exception {
    station("--virtual", "--seconds", "60");
    assertVerified(0, "verified: 63 readings");
    byte[] good = Files.readAllBytes(image());

    writeImage(good, changed(good));
    assertVerified(1, "FAILED: block 1 reading 0");

    byte[] damaged = good.clone();
    damaged[3 * LogBlock.BYTES + 20] ^= 1;
    writeImage(good, damaged);
    assertVerified(1, "FAILED: block 3: not of this log");

    writeImage(good, Arrays.copyOf(good, 3 * LogBlock.BYTES + 100));
    assertVerified(1, "FAILED: block 3: not of this log");

    writeImage(good, new byte[LogBlock.BYTES]);
    assertVerified(1, "block 0 is no log");
  }

  @Test
  void image_thatIsSomethingElseIsLeftAlone() throws Exception {
    byte[] document = new byte[1 << 20];
    // A file system may begin with zeros.
    Arrays.fill(document, LogBlock.BYTES + 1, document.length, (byte) 'x');
    Files.write(image(), document);
    Java.Result result = station("--virtual", "--seconds", "60");
    assertEquals(2, result.exitCode(), result::text);
    assertTrue(result.text().contains("expected: a blank image or one with a log"), result::text);
    assertArrayEquals(document, Files.readAllBytes(image()));
  }

  @Test
  void image_thatIsTooSmallIsSaidAtOnce() throws Exception {
    Files.write(image(), new byte[1 << 20]);
    Java.Result result = station("--virtual", "--seconds", "86400");
    assertEquals(2, result.exitCode(), result::text);
    assertTrue(
        result.text().contains("image: a card of 2048 blocks (expected: at least 8648"),
        result::text);
  }

  @Test
  void image_inWhatIsNoFolder() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "");
    Path inFile = file.resolve("card.img");
    Java.Result result = Java.withFlags().run(MAIN, "--virtual", "--image", inFile.toString());
    assertEquals(2, result.exitCode(), result::text);
    assertEquals(1, result.lines().size(), result::text);
    assertTrue(
        result.text().startsWith("station: image: " + inFile + ": java.nio.file."), result::text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--seconds 0 | --seconds: 0.0 (expected: 1 to 31536000)",
        "--servo-hz 99 | --servo-hz: 99 (expected: 100 to 100000)",
        "--servo-hz 100001 | --servo-hz: 100001 (expected: 100 to 100000)",
        "--servo-hz fast | Invalid value for option '--servo-hz': 'fast' is not an int",
        "--screen none/screen.svg | screen: none/screen.svg (expected: a file in a folder",
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
            "--seconds",
            "--virtual",
            "--image",
            "--series",
            "--engine",
            "--seed",
            "--verify",
            "--servo-hz",
            "--plain",
            "--screen")) {
      assertTrue(result.text().contains(option), option);
    }
  }

  /// A blank card of 4 MiB, unless the test has put something there; the default is larger.
  private void insertCard() throws IOException {
    if (!Files.exists(image())) {
      Files.write(image(), new byte[1 << 22]);
    }
  }

  private Path image() {
    return directory.resolve("card.img");
  }

  private Java.Result station(String... options) throws Exception {
    insertCard();
    return Java.withFlags().run(arguments(options));
  }

  private String[] arguments(String... options) {
    List<String> arguments = new ArrayList<>(List.of(MAIN, "--image", image().toString()));
    arguments.addAll(List.of(options));
    return arguments.toArray(String[]::new);
  }

  private void assertVerified(int exitCode, String text) throws Exception {
    Java.Result result = Java.withFlags().run(MAIN, "--verify", image().toString());
    assertEquals(exitCode, result.exitCode(), result::text);
    assertTrue(result.text().contains(text), result::text);
    assertEquals(1, result.lines().size(), result::text);
  }

  private void writeImage(byte[] good, byte[] content) throws IOException {
    assertFalse(Arrays.equals(good, content), "the image was changed");
    Files.write(image(), content);
  }

  private byte[] log() throws IOException {
    try (var in = Files.newInputStream(image())) {
      return in.readNBytes(1 << 20);
    }
  }

  /// Changes the first reading, and the check sum with it.
  private static byte[] changed(byte[] good) {
    byte[] content = good.clone();
    LogBlock block = new LogBlock();
    System.arraycopy(good, LogBlock.BYTES, block.bytes(), 0, LogBlock.BYTES);
    int temperature = LogBlock.readingOffset(0) + 16;
    block.buffer().putInt(temperature, block.buffer().getInt(temperature) + 100);
    block.seal();
    System.arraycopy(block.bytes(), 0, content, LogBlock.BYTES, LogBlock.BYTES);
    return content;
  }
}
