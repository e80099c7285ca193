package dev.tasko.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One run at a time.
class MachineLockTest {
  @TempDir Path directory;

  @BeforeEach
  void setUp() {
    // Another run on this machine is none of the test's business.
    System.setProperty("jmh.ignoreLock", "true");
  }

  @Test
  void take_whileAnotherHasIt() throws IOException {
    Path file = directory.resolve("lock");
    try (MachineLock held = MachineLock.take(file)) {
      Exception refused =
          assertThrows(
              IllegalArgumentException.class, () -> MachineLock.take(file), held::toString);
      assertEquals(
          file + ": locked (expected: no other benchmark runs on this machine)",
          refused.getMessage());
    }
    MachineLock.take(file).close();
  }
}
