package dev.tasko.examples.snippets;

import static dev.tasko.Tasko.run;
import static dev.tasko.Tasko.runLater;
import static dev.tasko.Tasko.schedule;
import static dev.tasko.Tasko.sleep;

import dev.tasko.Tasko;
import dev.tasko.hal.Hal;
import dev.tasko.hal.HalConfig;
import dev.tasko.hal.HalProvider;
import dev.tasko.hal.I2cDevice;
import dev.tasko.hal.ManagedI2c;
import org.agrona.concurrent.UnsafeBuffer;

/// "Send a message over I2C to a sensor telling it to do an environment sample and sleep 1 second."
public final class I2cSensor {
  private static final UnsafeBuffer MEASURE = new UnsafeBuffer(new byte[] {(byte) 0xF4, 0x21});
  private static final UnsafeBuffer TEMPERATURE = new UnsafeBuffer(new byte[] {(byte) 0xFA});
  private static final UnsafeBuffer PAYLOAD = new UnsafeBuffer(new byte[3]);

  private static boolean readingSensor;
  private static int frames;

  private I2cSensor() {}

  static void readSensor(I2cDevice sensor) {
    readingSensor = true;
    try {
      sleep(0.01); // Whatever is written in the first 2 ms after power-up is lost.
      sensor.write(MEASURE, 2).orThrow();
      System.out.println("sensor asked");
      sleep(1); // Don't block your loading beach ball while the sensor is sensing.
      sensor.writeRead(TEMPERATURE, 1, PAYLOAD, 3).orThrow();
      System.out.printf("sensor answered 0x%02x%02x%n", PAYLOAD.getByte(0), PAYLOAD.getByte(1));
    } finally {
      readingSensor = false;
    }
  }

  static void animateBeachBall() {
    if (readingSensor) {
      frames++;
    }
  }

  /// Runs it for one and a half seconds.
  ///
  /// @param arguments none
  public static void main(String[] arguments) {
    try (Hal hal = HalProvider.named("sim").open(HalConfig.realTime());
        ManagedI2c i2c = new ManagedI2c(hal.i2c("sim:i2c0"))) {
      I2cDevice sensor = i2c.device(0x76);
      schedule(0.1, () -> readSensor(sensor));
      schedule(10, I2cSensor::animateBeachBall);
      runLater(1.5, Tasko::stop);
      run();
      System.out.println(frames + " frames");
    }
  }
}
