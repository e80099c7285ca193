package dev.tasko.hal.driver;

import dev.tasko.hal.I2cDevice;
import dev.tasko.hal.SpiDevice;
import org.agrona.DirectBuffer;

/// Driver of a Bosch BME280 over SPI or I2C, measuring on demand.
///
/// ```text
///   new Bme280(device) ──start()──► ready ──measure()──► values in the accessors
///                                     ▲──────────────────────┘
/// ```
///
/// Temperature is sampled twice, pressure sixteen times, humidity once, without the part's filter.
/// The bus is held only for the messages: not while the sensor resets or measures.
///
/// Thread: one task. Allocates: at construction and for a failure.
public final class Bme280 {
  /// The longest a measurement with these settings may last: 1.25 + 2.3 × 2 + 2.3 × 16 + 0.575 +
  /// 2.3
  /// + 0.575 = 46.1 ms.
  public static final long MAX_MEASURE_NS = 46_100_000;

  private static final int REG_ID = 0xD0;
  private static final int REG_RESET = 0xE0;
  private static final int REG_SETTINGS = 0xF2;
  private static final int REG_STATUS = 0xF3;
  private static final int ID = 0x60;
  private static final int RESET_KEY = 0xB6;
  private static final int HUMIDITY_ONCE = 0x01;
  private static final int MEASURED_T2_P16 = 0x02 << 5 | 0x05 << 2;
  private static final int FORCE_T2_P16 = MEASURED_T2_P16 | 0x01;
  private static final int UNFILTERED = 0x00;
  private static final int STATUS_COPYING = 0x01;
  private static final int STATUS_MEASURING = 0x08;
  private static final long RESET_NS = 2_000_000;
  private static final long POLL_NS = 500_000;
  private static final long MAX_BUSY_NS = 10_000_000;
  private static final int LOW_TRIMMING = 0x88;
  private static final int LOW_TRIMMING_BYTES = 26;
  private static final int HIGH_TRIMMING = 0xE1;
  private static final int HIGH_TRIMMING_BYTES = 7;

  private final Registers registers;
  private final Bme280Compensation compensation = new Bme280Compensation();
  private final Registers.Access readId;
  private final Registers.Access readStatus;
  private final Registers.Access writeReset;
  private final Registers.Access writeForced;
  private final Registers.Access readAll;
  private final Registers.Access readLowTrimming;
  private final Registers.Access readHighTrimming;
  private boolean started;

  /// Whether a measurement was begun that nobody has seen end.
  private boolean measuring;

  private int temperatureCentiC;
  private long pressurePaQ8;
  private int humidityQ10;

  /// Prepares the driver's messages; nothing is sent yet.
  ///
  /// @param device where the sensor is: mode 0 or 3, at most 10 MHz
  public Bme280(SpiDevice device) {
    this(new SpiRegisters(device));
  }

  /// Prepares the driver's messages; nothing is sent yet.
  ///
  /// @param device where the sensor is: 0x76 or 0x77
  public Bme280(I2cDevice device) {
    this(new I2cRegisters(device));
  }

  private Bme280(Registers registers) {
    this.registers = registers;
    this.readId = registers.reading(REG_ID, 1);
    this.readStatus = registers.reading(REG_STATUS, 1);
    this.readAll = registers.reading(REG_SETTINGS, 13);
    this.readLowTrimming = registers.reading(LOW_TRIMMING, LOW_TRIMMING_BYTES);
    this.readHighTrimming = registers.reading(HIGH_TRIMMING, HIGH_TRIMMING_BYTES);
    this.writeReset = registers.writing(REG_RESET, RESET_KEY);
    this.writeForced = registers.writing(0xF5, UNFILTERED, 0xF2, HUMIDITY_ONCE, 0xF4, FORCE_T2_P16);
  }

  /// Finds the sensor, resets it and reads its trimming.
  ///
  /// @throws DriverException if another part answers, or none
  /// @throws dev.tasko.hal.HalException if the bus fails
  public void start() {
    started = false;
    int id = readId.transfer().getByte(0) & 0xFF;
    if (id != ID) {
      throw failure("id", "0x%02x (expected: 0x60)".formatted(id));
    }
    writeReset.transfer();
    registers.delayNs(RESET_NS);
    measuring = false;
    awaitClear(STATUS_COPYING, "reset", MAX_BUSY_NS);
    readTrimming();
    started = true;
  }

  private void readTrimming() {
    compensation.load(readLowTrimming.transfer(), 0, readHighTrimming.transfer(), 0);
    if (!compensation.isPlausible()) {
      throw failure("trimming", "empty (expected: factory values)");
    }
  }

  private void awaitClear(int bit, String step, long limitNs) {
    for (long waitedNs = 0; waitedNs < limitNs; waitedNs += POLL_NS) {
      if ((readStatus.transfer().getByte(0) & bit) == 0) {
        return;
      }
      registers.delayNs(POLL_NS);
    }
    throw failure(step, "busy after " + limitNs + " ns (expected: done)");
  }

  /// Measures once: starts, waits the longest documented time, reads all channels in one burst,
  /// with the settings that they were measured by. If a task that was cancelled has left a
  /// measurement behind, that one ends first.
  ///
  /// @throws IllegalStateException before [#start]
  /// @throws DriverException if the sensor does not finish or has lost its settings
  /// @throws dev.tasko.hal.HalException if the bus fails
  public void measure() {
    if (!started) {
      throw new IllegalStateException("measure: not started (expected: start() first)");
    }
    if (measuring) {
      awaitClear(STATUS_MEASURING, "measure", MAX_MEASURE_NS + MAX_BUSY_NS);
    }
    measuring = true;
    writeForced.transfer();
    registers.delayNs(MAX_MEASURE_NS);
    DirectBuffer burst = readAll.transfer();
    if ((burst.getByte(1) & STATUS_MEASURING) != 0) {
      awaitClear(STATUS_MEASURING, "measure", MAX_BUSY_NS);
      burst = readAll.transfer();
    }
    requireSettings(burst);
    measuring = false;
    compensate(burst);
  }

  /// A sensor that was reset, or none, would give values too.
  private void requireSettings(DirectBuffer burst) {
    int humidity = burst.getByte(0) & 0xFF;
    int channels = burst.getByte(2) & 0xFF;
    int filter = burst.getByte(3) & 0xFF;
    if (humidity != HUMIDITY_ONCE || channels != MEASURED_T2_P16 || filter != UNFILTERED) {
      throw failure(
          "measure",
          "settings 0x%02x 0x%02x 0x%02x (expected: 0x%02x 0x%02x 0x%02x; was the sensor reset?)"
              .formatted(humidity, channels, filter, HUMIDITY_ONCE, MEASURED_T2_P16, UNFILTERED));
    }
  }

  /// The burst starts with the settings and the status, so the data follow after five bytes.
  private void compensate(DirectBuffer burst) {
    int codeP = code20(burst, 5);
    int codeT = code20(burst, 8);
    int codeH = (burst.getByte(11) & 0xFF) << 8 | (burst.getByte(12) & 0xFF);
    temperatureCentiC = compensation.temperatureCentiC(codeT);
    pressurePaQ8 = compensation.pressurePaQ8(codeP);
    humidityQ10 = compensation.humidityQ10(codeH);
  }

  private static int code20(DirectBuffer burst, int index) {
    return (burst.getByte(index) & 0xFF) << 12
        | (burst.getByte(index + 1) & 0xFF) << 4
        | (burst.getByte(index + 2) & 0xFF) >> 4;
  }

  /// Returns the temperature last measured.
  ///
  /// @return hundredths of a degree Celsius
  public int temperatureCentiC() {
    return temperatureCentiC;
  }

  /// Returns the pressure last measured.
  ///
  /// @return pascals times 256
  public long pressurePaQ8() {
    return pressurePaQ8;
  }

  /// Returns the relative humidity last measured.
  ///
  /// @return percent times 1024
  public int humidityQ10() {
    return humidityQ10;
  }

  private DriverException failure(String step, String detail) {
    return new DriverException(registers.name(), step, detail);
  }
}
