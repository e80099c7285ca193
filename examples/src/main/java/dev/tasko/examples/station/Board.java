package dev.tasko.examples.station;

import dev.tasko.Loop;
import dev.tasko.VirtualTime;
import dev.tasko.hal.Hal;
import dev.tasko.hal.HalConfig;
import dev.tasko.hal.ManagedI2c;
import dev.tasko.hal.ManagedSpi;
import dev.tasko.hal.SafePins;
import dev.tasko.hal.sim.SimHal;
import dev.tasko.hal.sim.SimPrinter;
import dev.tasko.safety.SafeStop;
import java.net.InetSocketAddress;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// All that the station is wired to, which is simulated. What only a simulation can do, such as
/// pressing its own button, stands here and nowhere else.
///
/// Thread: the loop's.
final class Board implements AutoCloseable {
  private static final long HOLD_NS = 80_000_000;

  private final SimHal hal;
  private final ManagedSpi spi;
  private final ManagedI2c i2c;
  private final @Nullable SimPrinter printer;
  private final LongConsumer spin;

  private Board(Loop loop, SimHal hal, @Nullable SimPrinter printer, LongConsumer spin) {
    this.hal = hal;
    this.printer = printer;
    this.spin = spin;
    spi = new ManagedSpi(loop, hal.spi("sim:0"));
    i2c = new ManagedI2c(loop, hal.i2c("sim:i2c0"));
  }

  /// In real time, with a printer.
  static Board real(Loop loop, HalConfig config) {
    SimHal hal = SimHal.open(config);
    SimPrinter printer = new SimPrinter();
    printer.temperatures(209.6, 210, 60.2, 60);
    return new Board(loop, hal, printer, Board::spinReally);
  }

  /// In virtual time, without a printer: its socket lives in real time.
  static Board virtual(Loop loop, VirtualTime time, HalConfig config) {
    SimHal hal = SimHal.open(config);
    return new Board(loop, hal, null, forNs -> spinVirtually(hal, time, forNs));
  }

  private static void spinReally(long forNs) {
    long sinceNs = System.nanoTime();
    while (System.nanoTime() - sinceNs < forNs) {
      Thread.onSpinWait();
    }
  }

  /// The shaft turns on meanwhile, and its edges are told, as by an interrupt of the processor.
  private static void spinVirtually(SimHal hal, VirtualTime time, long forNs) {
    time.advance(forNs);
    hal.motor().counts();
  }

  Hal hal() {
    return hal;
  }

  /// When the weather and the run began, by the loop's clock.
  long startNs() {
    return hal.openNs();
  }

  ManagedSpi spi() {
    return spi;
  }

  ManagedI2c i2c() {
    return i2c;
  }

  /// Where the printer listens, or null if there is none.
  @Nullable InetSocketAddress printer() {
    return printer == null ? null : printer.address();
  }

  void driveMotor(double duty) {
    hal.motor().command(duty);
  }

  /// What must not be left on, whatever ends the run.
  void registerOutputs(SafeStop safe) {
    safe.outputOnLoop("motor", () -> driveMotor(0));
    SafePins.chipSelect(safe, hal.pin("D4"));
    SafePins.chipSelect(safe, hal.pin("D5"));
  }

  void pressButton(long nowNs) {
    hal.button().press(nowNs, HOLD_NS);
  }

  /// Does what no task should: keeps the loop's thread to itself.
  void spin(long forNs) {
    spin.accept(forNs);
  }

  @Override
  public void close() {
    spi.close();
    i2c.close();
    if (printer != null) {
      printer.close();
    }
    hal.close();
  }
}
