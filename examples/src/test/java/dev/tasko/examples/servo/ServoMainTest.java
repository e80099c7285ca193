package dev.tasko.examples.servo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is refused before anything runs, each in one line.
class ServoMainTest {
  @TempDir Path directory;

  @Test
  void badInput_isRefused() throws Exception {
    String rule =
        " (expected: 10 to 1000000, with a whole number of microseconds between" + " activations)";
    assertRefused("--rate: 3000" + rule, "--rate", "3000");
    assertRefused("--rate: 1" + rule, "--rate", "1");
    assertRefused("--seconds: 0 (expected: 1 to 3600)", "--seconds", "0");
    assertRefused("--rounds: -1 (expected: 1 to 1000)", "--rounds", "-1");
    assertRefused("priority: 100 (expected: 0 to 99)", "--priority", "100");
    assertRefused("processor: 5000 (expected: 0 to 1023)", "--processor", "5000");
    assertRefused(
        "--processor: 1023 (expected: one that this process may use)", "--processor", "1023");
    assertRefused(
        "--processor: 0 (expected: none with --plain, which asks for nothing)",
        "--plain",
        "--processor",
        "0");
    assertRefused("Unknown option: '--fast'", "--fast");
    assertRefused(
        "Invalid value for option '--only' (WHO): expected one of [SPIN, TAIL, PARK, BARE, STPE,"
            + " CYCLICTEST] (case-insensitive) but was 'nobody'",
        "--only",
        "nobody");
    Path file = Files.writeString(directory.resolve("file"), "");
    assertRefused(
        "--dir: java.nio.file.FileAlreadyExistsException: " + file, "--dir", file.toString());
  }

  private static void assertRefused(String message, String... arguments) {
    PrintStream before = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      assertEquals(2, ServoMain.execute(arguments));
    } finally {
      System.setErr(before);
    }
    assertEquals("servo: " + message + "\n", said.toString(StandardCharsets.UTF_8));
  }
}
