package dev.tasko.examples.snippets;

import static dev.tasko.Tasko.run;
import static dev.tasko.Tasko.runLater;
import static dev.tasko.Tasko.schedule;

import dev.tasko.Tasko;
import dev.tasko.hal.DigitalPin;
import dev.tasko.hal.Hal;
import dev.tasko.hal.HalConfig;
import dev.tasko.hal.HalProvider;
import dev.tasko.hal.SpiBus;
import dev.tasko.hal.SpiCapabilities;
import dev.tasko.hal.SpiConfig;
import dev.tasko.hal.SpiMessage;
import dev.tasko.resource.Handle;
import dev.tasko.resource.ManagedResource;

/// "You can use a context manager that wraps your SPI bus."
public final class SharedSpiBus {
  private static final SpiConfig CONFIG = new SpiConfig(400_000, 0);
  private static final SpiMessage READ_ID = SpiMessage.prepare(SpiCapabilities.COMMON, 2);
  private static final SpiMessage FILL = SpiMessage.prepare(SpiCapabilities.COMMON, 8);

  private SharedSpiBus() {}

  static void setActive(DigitalPin pin) {
    pin.select();
  }

  /// A card lets go of the data line only after eight clocks without its select.
  static void setInactive(SpiBus spi, DigitalPin pin) {
    pin.deselect();
    spi.idleClocks(8, CONFIG).orThrow();
  }

  static void readSensor(Handle<SpiBus, DigitalPin> sensorHandle) {
    try (var bus = sensorHandle.acquire()) {
      // A library's author would take the handle, so as to acquire, send, release, sleep, acquire,
      // read, release, rather than hold the bus for the whole operation.
      sendAndReadFromSensor(bus.get());
    }
  }

  static void logToSdCard(Handle<SpiBus, DigitalPin> sdcardHandle) {
    try (var bus = sdcardHandle.acquire()) {
      writeToSdCard(bus.get());
    }
  }

  static void sendAndReadFromSensor(SpiBus bus) {
    READ_ID.tx().putByte(0, (byte) 0xD0);
    bus.transfer(READ_ID, CONFIG).orThrow();
    System.out.printf("sensor id 0x%02x%n", READ_ID.rx().getByte(1));
  }

  static void writeToSdCard(SpiBus bus) {
    FILL.tx().setMemory(0, FILL.bytes(), (byte) 0xFF);
    bus.transfer(FILL, CONFIG).orThrow();
    System.out.println("log written");
  }

  /// Runs it for a second.
  ///
  /// @param arguments none
  public static void main(String[] arguments) {
    try (Hal hal = HalProvider.named("sim").open(HalConfig.realTime())) {
      // Configure the physical bus as a managed resource with callbacks that drive the CS pin.
      var spi = hal.spi("sim:0");
      var managedSpi =
          new ManagedResource<SpiBus, DigitalPin>(
              spi, SharedSpiBus::setActive, pin -> setInactive(spi, pin));

      // Get handles for each CS on this bus.
      var sensorHandle = managedSpi.handle(hal.pin("D4"));
      var sdcardHandle = managedSpi.handle(hal.pin("D5"));

      schedule(10, () -> readSensor(sensorHandle));
      schedule(1, () -> logToSdCard(sdcardHandle));
      runLater(1, Tasko::stop);
      run();
    }
  }
}
