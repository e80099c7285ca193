package dev.tasko.hal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.Loop;
import dev.tasko.hal.ManagedSpiTest.Line;
import dev.tasko.hal.sim.SimHal;
import dev.tasko.hal.sim.SimPin;
import dev.tasko.safety.SafeStop;
import dev.tasko.safety.SafeStopConfig;
import dev.tasko.safety.StalledException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Lines at a safe stop: who drives them, and to which level.
class SafePinsTest {
  private final SimHal hal = SimHal.open(HalConfig.realTime());

  @AfterEach
  void close() {
    hal.close();
  }

  @Test
  void output_isDrivenAtTheEnd() {
    SimPin pin = hal.pin("D7");
    try (Loop loop = new Loop();
        SafeStop safe = new SafeStop(loop)) {
      SafePins.output(safe, pin, false);
      loop.addTask(() -> assertTrue(pin.isHigh()));
      safe.run();
    }
    assertFalse(pin.isHigh());
  }

  /// The watchdog cannot help a line that does not say that it can.
  @Test
  void output_atAStallOnlyLinesThatDeclareIt() {
    SimPin free = hal.pin("D7");
    Line bound = new Line("bound");
    CountDownLatch told = new CountDownLatch(1);
    AtomicReference<@Nullable String> found = new AtomicReference<>();
    SafeStopConfig config =
        new SafeStopConfig()
            .stalledAfter(Duration.ofMillis(100))
            .onStall(stall -> told.countDown());
    try (Loop loop = new Loop();
        SafeStop safe = new SafeStop(loop, config)) {
      SafePins.output(safe, free, true);
      SafePins.output(safe, bound, true);
      loop.addTask(
          "spin",
          () -> {
            free.setHigh(false);
            bound.setHigh(false);
            told.await();
            found.set(free.isHigh() + " " + bound.isHigh());
          });
      assertEquals("task spin", assertThrows(StalledException.class, safe::run).culprit());
    }
    assertEquals("true false", found.get());
    assertTrue(free.isHigh());
    assertTrue(bound.isHigh());
  }

  @Test
  void chipSelect_ofATaskThatCannotEndIsReleased() {
    SimPin select = hal.pin("D5");
    CountDownLatch told = new CountDownLatch(1);
    AtomicReference<@Nullable Boolean> released = new AtomicReference<>();
    SafeStopConfig config =
        new SafeStopConfig()
            .stalledAfter(Duration.ofMillis(100))
            .onStall(stall -> told.countDown());
    try (Loop loop = new Loop();
        ManagedSpi spi = new ManagedSpi(loop, hal.spi("sim:0"));
        SafeStop safe = new SafeStop(loop, config)) {
      SafePins.chipSelect(safe, select);
      SpiDevice card = spi.device(select, new SpiConfig(1_000_000, 0));
      loop.addTask(() -> {
        try (SpiDevice.Selection _ = card.select()) {
          told.await();
          released.set(!select.isSelected());
        }
      });
      assertThrows(StalledException.class, safe::run);
    }
    assertEquals(true, released.get());
    assertFalse(select.isSelected());
  }

  @Test
  void output_twiceIsRefused() {
    try (Loop loop = new Loop();
        SafeStop safe = new SafeStop(loop)) {
      SafePins.chipSelect(safe, hal.pin("D5"));
      assertEquals(
          "output: D5 is there already (expected: each name once)",
          assertThrows(
                  IllegalArgumentException.class, () -> SafePins.output(safe, hal.pin("D5"), false))
              .getMessage());
    }
  }
}
