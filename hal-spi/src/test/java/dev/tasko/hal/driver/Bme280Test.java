package dev.tasko.hal.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.hal.HalException;
import dev.tasko.hal.ManualTime;
import dev.tasko.hal.SpiConfig;
import dev.tasko.hal.SpiDevice;
import dev.tasko.hal.sim.SimBme280;
import dev.tasko.hal.sim.SimEnvironment;
import dev.tasko.hal.sim.SimHal;
import dev.tasko.hal.sim.SimI2cDevice;
import java.util.concurrent.CancellationException;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Bme280Test {
  private static final SpiConfig SPI = new SpiConfig(10_000_000, 0);

  private final ManualTime time = new ManualTime();

  private static UnsafeBuffer bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return new UnsafeBuffer(bytes);
  }

  private static Bme280Compensation exampleTrimming() {
    int[] words = {27504, 26435, -1000, 36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000};
    UnsafeBuffer low = new UnsafeBuffer(new byte[26]);
    for (int i = 0; i < words.length; i++) {
      low.putByte(2 * i, (byte) words[i]);
      low.putByte(2 * i + 1, (byte) (words[i] >> 8));
    }
    low.putByte(25, (byte) 75);
    int h4 = 324;
    Bme280Compensation compensation = new Bme280Compensation();
    compensation.load(low, 0, bytes(361, 361 >> 8, 0, h4 >> 4, h4 & 15, 0, 30), 0);
    return compensation;
  }

  @Test
  void compensate_goldenVector() {
    Bme280Compensation compensation = exampleTrimming();
    assertEquals(2508, compensation.temperatureCentiC(519_888));
    assertEquals(128_422, compensation.fineTemperature());
    assertEquals(25_767_233L, compensation.pressurePaQ8(415_148));
    assertEquals(30_248, compensation.humidityQ10(26_000));
    assertEquals(53_061, compensation.humidityQ10(30_000));
  }

  @Test
  void compensate_negativeTrimming() {
    UnsafeBuffer low = new UnsafeBuffer(new byte[26]);
    Bme280Compensation plain = new Bme280Compensation();
    plain.load(low, 0, bytes(0, 0, 0, 0xFF, 0xF0, 0xFE, 0x80), 0);
    // H4 = -16 (0xFF0), H5 = -17 (0xFEF), H6 = -128; the humidity is only there to see no overflow.
    plain.temperatureCentiC(0);
    assertTrue(plain.humidityQ10(0x8000) >= 0);
  }

  @Test
  void measure_roundTrip() {
    SimHal hal = SimHal.open(time.config(1));
    hal.bus().attach(hal.pin("D4"), sensorIn(1013.25, 21.37, 44.4));
    Bme280 sensor = new Bme280(hal.spi("sim:0").device(hal.pin("D4"), SPI));
    sensor.start();
    sensor.measure();
    assertEquals(2137, sensor.temperatureCentiC(), 1);
    assertEquals(101_325.0, sensor.pressurePaQ8() / 256.0, 0.2);
    assertEquals(44.4, sensor.humidityQ10() / 1024.0, 0.05);
  }

  private SimBme280 sensorIn(double hPa, double celsius, double percent) {
    return new SimBme280(SimEnvironment.constant(hPa, celsius, percent), 3, time.nanoTime());
  }

  @Test
  void measure_extremes() {
    double[][] airs = {{300, -40, 0}, {1100, 85, 100}, {300, 85, 0}, {1100, -40, 100}};
    for (double[] air : airs) {
      SimHal hal = SimHal.open(time.config(1));
      hal.bus().attach(hal.pin("D4"), sensorIn(air[0], air[1], air[2]));
      Bme280 sensor = new Bme280(hal.spi("sim:0").device(hal.pin("D4"), SPI));
      sensor.start();
      sensor.measure();
      assertEquals(air[1], sensor.temperatureCentiC() / 100.0, 0.011);
      assertEquals(100 * air[0], sensor.pressurePaQ8() / 256.0, 0.4);
      assertEquals(air[2], sensor.humidityQ10() / 1024.0, 0.1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x76, 0x77})
  void measure_overI2c(int address) {
    SimHal hal = SimHal.open(time.config(1));
    hal.i2c("sim:i2c0").attach(address, sensorIn(1013.25, 21.37, 44.4));
    Bme280 sensor = new Bme280(hal.i2c("sim:i2c0").device(address));
    sensor.start();
    sensor.measure();
    assertEquals(2137, sensor.temperatureCentiC(), 1);
    assertEquals(101_325.0, sensor.pressurePaQ8() / 256.0, 0.2);
    assertEquals(44.4, sensor.humidityQ10() / 1024.0, 0.05);
  }

  @Test
  void start_overI2cAfterTheFirstChipSelect() {
    SimHal hal = SimHal.open(time.config(1));
    hal.i2c("sim:i2c0").attach(0x76, hal.sensor());
    Bme280 overI2c = new Bme280(hal.i2c("sim:i2c0").device(0x76));
    overI2c.start();
    new Bme280(hal.spi("sim:0").device(hal.pin("D4"), SPI)).start();
    assertEquals(
        "sim:i2c0 0x76: ADDRESS_NACK: no acknowledge (expected: a device)",
        assertThrows(HalException.class, overI2c::start).getMessage());
  }

  @Test
  void start_overI2cAnotherPart() {
    SimHal hal = SimHal.open(time.config(1));
    hal.i2c("sim:i2c0").attach(0x77, new Another());
    Bme280 sensor = new Bme280(hal.i2c("sim:i2c0").device(0x77));
    assertEquals(
        "sim:i2c0/0x77: id: 0x61 (expected: 0x60)",
        assertThrows(DriverException.class, sensor::start).getMessage());
  }

  @Test
  void start_emptySocket() {
    SimHal hal = SimHal.open(time.config(1));
    Bme280 sensor = new Bme280(hal.spi("sim:0").device(hal.pin("D6"), SPI));
    DriverException failure = assertThrows(DriverException.class, sensor::start);
    assertEquals("sim:0/D6: id: 0xff (expected: 0x60)", failure.getMessage());
  }

  @Test
  void measure_notStarted() {
    SimHal hal = SimHal.open(time.config(1));
    Bme280 sensor = new Bme280(hal.spi("sim:0").device(hal.pin("D4"), SPI));
    assertEquals(
        "measure: not started (expected: start() first)",
        assertThrows(IllegalStateException.class, sensor::measure).getMessage());
  }

  @Test
  void measure_sensorResetBehindTheDriver() {
    SimHal hal = SimHal.open(time.config(1));
    SpiDevice device = hal.spi("sim:0").device(hal.pin("D4"), SPI);
    Bme280 sensor = new Bme280(device);
    sensor.start();
    hal.bus()
        .attach(
            hal.pin("D4"),
            new SimBme280(SimEnvironment.constant(1000, 20, 50), 1, time.nanoTime()));
    DriverException failure = assertThrows(DriverException.class, sensor::measure);
    assertEquals(
        "sim:0/D4: measure: settings 0x00 0x00 0x00 (expected: 0x01 0x54 0x00; was the sensor"
            + " reset?)",
        failure.getMessage());
  }

  @Test
  void measure_lineThatFellToZero() {
    SimHal hal = SimHal.open(time.config(1));
    Fading fading = new Fading(sensorIn(1013.25, 21.37, 44.4));
    hal.i2c("sim:i2c0").attach(0x77, fading);
    Bme280 sensor = new Bme280(hal.i2c("sim:i2c0").device(0x77));
    sensor.start();
    sensor.measure();
    fading.gone = true;
    assertEquals(
        "sim:i2c0/0x77: measure: settings 0x00 0x00 0x00 (expected: 0x01 0x54 0x00; was the"
            + " sensor reset?)",
        assertThrows(DriverException.class, sensor::measure).getMessage());
    assertEquals(2137, sensor.temperatureCentiC(), 1);
  }

  @Test
  void measure_afterOneThatWasCancelledWaitsForIt() {
    for (int seed = 0; seed < 20; seed++) {
      SimHal hal = SimHal.open(time.config(seed));
      Bme280 sensor = new Bme280(hal.spi("sim:0").device(hal.pin("D4"), SPI));
      sensor.start();
      time.whileWaiting(delayNs -> {
        if (delayNs == Bme280.MAX_MEASURE_NS) {
          throw new CancellationException("the task was cancelled");
        }
      });
      assertThrows(CancellationException.class, sensor::measure);
      time.whileWaiting(delayNs -> {});
      sensor.measure();
      assertEquals(101_660.0, sensor.pressurePaQ8() / 256.0, 0.2);
    }
  }

  /// A part whose answers are all zeros from some time on.
  private static final class Fading implements SimI2cDevice {
    private final SimI2cDevice part;
    private boolean gone;

    Fading(SimI2cDevice part) {
      this.part = part;
    }

    @Override
    public boolean acknowledges() {
      return part.acknowledges();
    }

    @Override
    public void start(boolean reading, long nowNs) {
      part.start(reading, nowNs);
    }

    @Override
    public void write(int value, long nowNs) {
      part.write(value, nowNs);
    }

    @Override
    public int read(long nowNs) {
      return gone ? 0 : part.read(nowNs);
    }
  }

  /// A part whose every register is 0x61.
  private static final class Another implements SimI2cDevice {
    @Override
    public boolean acknowledges() {
      return true;
    }

    @Override
    public void start(boolean reading, long nowNs) {}

    @Override
    public void write(int value, long nowNs) {}

    @Override
    public int read(long nowNs) {
      return 0x61;
    }
  }
}
