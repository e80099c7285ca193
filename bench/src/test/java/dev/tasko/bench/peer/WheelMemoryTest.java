package dev.tasko.bench.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WheelMemoryTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 1_000, 10_000, 100_000, 1_000_000})
  void arithmetic_agreesWithTheVm(int capacity) {
    WheelMemory memory = WheelMemory.measure(capacity);
    assertTrue(memory.agrees(), memory.toString());
  }

  @Test
  void bytesPerTimer_approachesARecord() {
    assertEquals(32.5, WheelMemory.measure(1_000_000).bytesPerTimer(), 0.1);
  }
}
