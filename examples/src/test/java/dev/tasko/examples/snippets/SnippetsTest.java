package dev.tasko.examples.snippets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.examples.Java;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Each example ends by itself and says what it should; each has a JVM of its own, as there is one
/// default loop in each.
class SnippetsTest {
  @Test
  void sharedSpiBus_bothDevicesGetTheirTurns() throws Exception {
    List<String> lines = run(SharedSpiBus.class);
    assertTrue(lines.contains("sensor id 0x60"), lines::toString);
    assertTrue(lines.contains("log written"), lines::toString);
  }

  @Test
  void changeRate_slowsDownWhenNothingIsLeft() throws Exception {
    List<String> lines = run(ChangeRate.class);
    assertEquals("wrote 512 bytes", lines.getFirst());
    assertEquals(1, lines.stream().filter("wrote 0 bytes"::equals).count(), lines::toString);
    assertEquals("11 activations", lines.getLast());
  }

  @Test
  void runLater_readsTheSensorASecondAfterTheButton() throws Exception {
    List<String> lines = run(RunLater.class);
    assertEquals("button pressed", lines.getFirst());
    assertTrue(lines.getLast().startsWith("sensor read after "), lines::toString);
  }

  @Test
  void beachBall_turnsWhileTheSensorIsRead() throws Exception {
    List<String> lines = run(BeachBall.class);
    assertEquals(List.of("sensor asked", "sensor answered"), lines.subList(0, 2));
    int frames = Integer.parseInt(lines.getLast().split(" ", -1)[0]);
    assertTrue(frames > 0, lines::toString);
  }

  @Test
  void i2cSensor_isAskedSleptForAndRead() throws Exception {
    List<String> lines = run(I2cSensor.class);
    assertEquals("sensor asked", lines.get(0));
    assertTrue(lines.get(1).matches("sensor answered 0x[0-9a-f]{4}"), lines::toString);
    assertNotEquals("sensor answered 0x8000", lines.get(1), "not measured");
    assertTrue(Integer.parseInt(lines.getLast().split(" ", -1)[0]) > 0, lines::toString);
  }

  private static List<String> run(Class<?> program) throws Exception {
    Java.Result result = Java.withFlags().run(program.getName());
    assertEquals(0, result.exitCode(), result::text);
    return result.lines();
  }
}
