package dev.tasko.hal.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.hal.EdgeInput;
import dev.tasko.hal.HalConfig;
import dev.tasko.hal.ManualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SimButtonTest {
  private static final long MS = 1_000_000;

  private record Edge(boolean rising, long afterNs, long sequence) {}

  private static List<Edge> press(long seed) {
    ManualTime time = new ManualTime();
    long openNs = time.nanoTime();
    SimHal hal = SimHal.open(time.config(seed).withOption("button.pressMs", "100, 300"));
    EdgeInput button = hal.edges("BUTTON");
    List<Edge> edges = new ArrayList<>();
    button.onEdge((rising, timestampNs, sequence) -> {
      assertEquals(rising, button.isHigh());
      assertEquals(time.nanoTime(), timestampNs);
      edges.add(new Edge(rising, timestampNs - openNs, sequence));
    });
    time.delayNs(1_000 * MS);
    assertTrue(button.isHigh());
    return edges;
  }

  @Test
  void press_bouncesAndSettles() {
    List<Edge> edges = press(3);
    assertEquals(100 * MS, edges.getFirst().afterNs());
    assertFalse(edges.getFirst().rising());
    boolean high = true;
    for (int i = 0; i < edges.size(); i++) {
      Edge edge = edges.get(i);
      assertEquals(i + 1, edge.sequence());
      assertEquals(!high, edge.rising());
      high = edge.rising();
      long afterMs = edge.afterNs() / MS;
      boolean inBurst =
          List.of(100, 180, 300, 380).stream().anyMatch(ms -> afterMs - ms < 5 && afterMs >= ms);
      assertTrue(inBurst, "edge at " + edge.afterNs());
    }
  }

  @Test
  void press_repeatsBySeed() {
    assertEquals(press(3), press(3));
    assertNotEquals(press(3), press(4));
  }

  @Test
  void onEdge_null() {
    ManualTime time = new ManualTime();
    SimHal hal = SimHal.open(time.config(1).withOption("button.pressMs", "1"));
    hal.edges("BUTTON").onEdge(null);
    time.delayNs(2 * MS);
    assertTrue(time.nanoTime() > 0);
  }

  @Test
  void press_inRealTime() throws InterruptedException {
    try (SimHal hal = SimHal.open(HalConfig.realTime())) {
      CountDownLatch released = new CountDownLatch(1);
      List<Edge> edges = new CopyOnWriteArrayList<>();
      long pressNs = System.nanoTime();
      hal.button()
          .onEdge((rising, timestampNs, sequence) -> {
            edges.add(new Edge(rising, timestampNs - pressNs, sequence));
            if (rising && timestampNs - pressNs >= 10 * MS) {
              released.countDown();
            }
          });
      hal.button().press(pressNs, 10 * MS);
      assertTrue(released.await(30, TimeUnit.SECONDS));
      assertFalse(edges.getFirst().rising());
      assertEquals(0, edges.getFirst().afterNs());
    }
  }

  @Test
  void press_afterClose() {
    SimHal hal = SimHal.open(HalConfig.realTime());
    hal.close();
    assertEquals(
        "hal: closed (expected: open)",
        assertThrows(IllegalStateException.class, () -> hal.button().press(0, 10 * MS))
            .getMessage());
  }
}
