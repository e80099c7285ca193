package dev.tasko.hal.sim;

import dev.tasko.hal.SpiConfig;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A simulated Bosch BME280: pressure, temperature and humidity over SPI or I2C.
///
/// Modelled after the register map of the data sheet (Bosch Sensortec, BST-BME280-DS002):
///
/// ```text
/// 88..A1  trimming                  F3  status: bit 3 measuring, bit 0 trimming being copied
/// D0      id, 60                    F4  ctrl_meas: osrs_t 7:5, osrs_p 4:2, mode 1:0
/// E0      reset, takes B6           F5  config: t_sb 7:5, filter 4:2
/// E1..E7  trimming                  F7..FE  pressure 20 bits, temperature 20, humidity 16
/// F2      ctrl_hum: osrs_h 2:0
///
///            F4 mode 1, 2                      F4 mode 3
///   sleep ──────────────► forced      sleep ──────────────► normal: measure, stand by, repeat
///     ▲                     │           ▲                     │
///     └── after measuring ──┘           └───── F4 mode 0 ─────┘
/// ```
///
/// Strict where a driver may be sloppy: trimming reads as zero and writes are lost in the 2 ms
/// after a reset; F2 acts only when F4 is written; F5 is not taken in normal mode; a write is pairs
/// of address and value, and a pair cut off by chip select is dropped; measuring lasts a drawn time
/// between the typical and the longest documented; channels not asked for read as 0x80000 and
/// 0x8000. The values that a read returns are those at its first byte, however long the burst.
///
/// Over I2C it has the same registers, addressed by all eight bits. It is there until its chip
/// select has fallen for the first time: from then on it is an SPI part and acknowledges nothing,
/// until it gets power anew.
///
/// Time passes only when somebody looks: each access first settles what has finished since the
/// last. Thread: that of the bus. Allocates: no.
public final class SimBme280 implements SimPeripheral, SimI2cDevice {
  private static final int ID = 0x60;
  private static final int RESET_KEY = 0xB6;
  private static final int REG_ID = 0xD0;
  private static final int REG_RESET = 0xE0;
  private static final int REG_CTRL_HUM = 0xF2;
  private static final int REG_STATUS = 0xF3;
  private static final int REG_CTRL_MEAS = 0xF4;
  private static final int REG_CONFIG = 0xF5;
  private static final int REG_DATA = 0xF7;
  private static final int DATA_BYTES = 8;
  private static final int SKIPPED_20_BITS = 0x80000;
  private static final int SKIPPED_16_BITS = 0x8000;
  private static final int MAX_CLOCK_HZ = 10_000_000;
  private static final long COPY_NS = 2_000_000;
  private static final int CATCH_UP_CYCLES = 64;
  private static final long[] STANDBY_NS = {
    500_000,
    62_500_000,
    125_000_000,
    250_000_000,
    500_000_000,
    1_000_000_000,
    10_000_000,
    20_000_000
  };

  private final Bme280Calibration calibration = new Bme280Calibration();
  private final byte[] trimming = new byte[256];
  private final SimEnvironment environment;
  private final SplittableRandom random;

  private int ctrlHum;
  private int ctrlMeas;
  private int config;
  private int activeHum;
  private int pendingMeas;
  private boolean measPending;
  private boolean measuring;
  private long measureEndNs;
  private long cycleNs;
  private long copyEndNs;
  private boolean copying;
  private boolean filterPrimed;
  private double filteredPressure;
  private double filteredTemperature;
  private final byte[] data = new byte[DATA_BYTES];

  private boolean overSpi;
  private boolean haveControl;
  private boolean reading;
  private int address;
  private final byte[] shadow = new byte[DATA_BYTES];

  /// Makes a sensor that is powered up at a time.
  ///
  /// @param environment the air around it
  /// @param seed decides how long each measurement lasts
  /// @param nowNs when it gets power
  public SimBme280(SimEnvironment environment, long seed, long nowNs) {
    this.environment = environment;
    this.random = new SplittableRandom(seed ^ 0xB280);
    calibration.store(trimming);
    reset(nowNs);
  }

  private void reset(long nowNs) {
    ctrlHum = 0;
    ctrlMeas = 0;
    config = 0;
    activeHum = 0;
    measPending = false;
    measuring = false;
    filterPrimed = false;
    copying = true;
    copyEndNs = nowNs + COPY_NS;
    Arrays.fill(data, (byte) 0);
    storeCodes(SKIPPED_20_BITS, SKIPPED_20_BITS, SKIPPED_16_BITS);
  }

  @Override
  public void select(long nowNs) {
    overSpi = true;
    haveControl = false;
  }

  @Override
  public void deselect(long nowNs) {
    haveControl = false;
  }

  @Override
  public void idleClocks(int clocks, boolean mosiHigh) {}

  @Override
  public boolean holdsMiso() {
    return false;
  }

  @Override
  public @Nullable String refusal(SpiConfig spi) {
    if (spi.mode() != 0 && spi.mode() != 3) {
      return "mode: " + spi.mode() + " (expected: 0 or 3)";
    }
    if (spi.clockHz() > MAX_CLOCK_HZ) {
      return "clockHz: " + spi.clockHz() + " (expected: at most " + MAX_CLOCK_HZ + ")";
    }
    return null;
  }

  @Override
  public int exchange(int mosi, long nowNs) {
    if (!haveControl) {
      takeControl(mosi, nowNs);
      return 0xFF;
    }
    if (reading) {
      return readNext();
    }
    store(address, mosi, nowNs);
    haveControl = false;
    return 0xFF;
  }

  private void takeControl(int mosi, long nowNs) {
    haveControl = true;
    reading = (mosi & 0x80) != 0;
    address = mosi | 0x80;
    if (reading) {
      beginBurst(nowNs);
    }
  }

  @Override
  public boolean acknowledges() {
    return !overSpi;
  }

  @Override
  public void start(boolean toRead, long nowNs) {
    haveControl = false;
    if (toRead) {
      beginBurst(nowNs);
    }
  }

  /// Pairs of register and value; a register without a value is where the next read begins.
  @Override
  public void write(int value, long nowNs) {
    if (haveControl) {
      store(address, value, nowNs);
    } else {
      address = value;
    }
    haveControl = !haveControl;
  }

  @Override
  public int read(long nowNs) {
    return readNext();
  }

  private void beginBurst(long nowNs) {
    settle(nowNs);
    System.arraycopy(data, 0, shadow, 0, DATA_BYTES);
  }

  private int readNext() {
    int value = load(address);
    address = address + 1 & 0xFF;
    return value;
  }

  private int load(int register) {
    if (register >= REG_DATA && register < REG_DATA + DATA_BYTES) {
      return shadow[register - REG_DATA] & 0xFF;
    }
    return switch (register) {
      case REG_ID -> ID;
      case REG_CTRL_HUM -> ctrlHum;
      case REG_STATUS -> (measuring ? 0x08 : 0) | (copying ? 0x01 : 0);
      case REG_CTRL_MEAS -> ctrlMeas;
      case REG_CONFIG -> config;
      default -> copying ? 0 : trimming[register] & 0xFF;
    };
  }

  private void store(int register, int value, long nowNs) {
    settle(nowNs);
    if (copying) {
      return;
    }
    switch (register) {
      case REG_RESET -> {
        if (value == RESET_KEY) {
          reset(nowNs);
        }
      }
      case REG_CTRL_HUM -> ctrlHum = value & 0x07;
      case REG_CTRL_MEAS -> writeCtrlMeas(value, nowNs);
      case REG_CONFIG -> {
        if ((ctrlMeas & 3) != 3) {
          config = value & 0xFD;
        }
      }
      default -> {}
    }
  }

  /// While a measurement runs, the new setting waits for its end.
  private void writeCtrlMeas(int value, long nowNs) {
    if (measuring) {
      pendingMeas = value;
      measPending = true;
    } else {
      applyCtrlMeas(value, nowNs);
    }
  }

  private void applyCtrlMeas(int value, long nowNs) {
    ctrlMeas = value;
    activeHum = ctrlHum;
    measPending = false;
    cycleNs = nowNs;
    measuring = (value & 3) != 0;
    if (measuring) {
      measureEndNs = nowNs + drawMeasureNs();
    }
  }

  /// Brings the chip up to a time: ends copying and measuring, goes through the cycles of normal
  /// mode.
  private void settle(long nowNs) {
    copying &= copyEndNs - nowNs > 0;
    skipOldCycles(nowNs);
    boolean more = true;
    while (more) {
      more = step(nowNs);
    }
  }

  private boolean step(long nowNs) {
    if (measuring && measureEndNs - nowNs <= 0) {
      finishMeasurement();
      return true;
    }
    if (!measuring && (ctrlMeas & 3) == 3 && cycleNs - nowNs <= 0) {
      measuring = true;
      measureEndNs = cycleNs + drawMeasureNs();
      return true;
    }
    return false;
  }

  private void finishMeasurement() {
    measuring = false;
    sample(measureEndNs);
    cycleNs = measureEndNs + STANDBY_NS[config >> 5 & 7];
    if ((ctrlMeas & 3) != 3) {
      ctrlMeas &= ~3;
    }
    if (measPending) {
      applyCtrlMeas(pendingMeas, measureEndNs);
    }
  }

  /// In normal mode only the last cycles can still be seen, through the filter.
  private void skipOldCycles(long nowNs) {
    if ((ctrlMeas & 3) != 3 || measPending || measuring) {
      return;
    }
    long periodNs = STANDBY_NS[config >> 5 & 7] + maxMeasureNs();
    long cycles = (nowNs - cycleNs) / periodNs - CATCH_UP_CYCLES;
    if (cycles > 0) {
      cycleNs += cycles * periodNs;
    }
  }

  private long drawMeasureNs() {
    long typicalNs = 1_000_000 + 2_000_000L * samples(osrsT());
    typicalNs += channelNs(osrsP(), 2_000_000, 500_000);
    typicalNs += channelNs(activeHum, 2_000_000, 500_000);
    return random.nextLong(typicalNs, maxMeasureNs() + 1);
  }

  private long maxMeasureNs() {
    return 1_250_000
        + 2_300_000L * samples(osrsT())
        + channelNs(osrsP(), 2_300_000, 575_000)
        + channelNs(activeHum, 2_300_000, 575_000);
  }

  private static long channelNs(int oversampling, long sampleNs, long onceNs) {
    return oversampling == 0 ? 0 : sampleNs * samples(oversampling) + onceNs;
  }

  /// 0 skips a channel; 1 to 5 mean 1, 2, 4, 8 and 16 samples, and more means 16.
  private static int samples(int oversampling) {
    return oversampling == 0 ? 0 : 1 << (Math.min(oversampling, 5) - 1);
  }

  private int osrsT() {
    return ctrlMeas >> 5 & 7;
  }

  private int osrsP() {
    return ctrlMeas >> 2 & 7;
  }

  /// The other two channels are inverted at the temperature that a driver will see, rounded as it
  /// is.
  private void sample(long atNs) {
    int codeT = calibration.temperatureCode(environment.temperatureC(atNs));
    int shownT = osrsT() == 0 ? codeT : resolve(codeT, osrsT());
    double fine = calibration.fineTemperature(shownT);
    int codeP = calibration.pressureCode(100 * environment.pressureHpa(atNs), fine);
    int codeH = calibration.humidityCode(environment.humidityPercent(atNs), fine);
    filter(codeP, codeT);
    storeCodes(
        osrsP() == 0 ? SKIPPED_20_BITS : resolve(filteredPressure, osrsP()),
        osrsT() == 0 ? SKIPPED_20_BITS : resolve(filteredTemperature, osrsT()),
        activeHum == 0 ? SKIPPED_16_BITS : codeH);
  }

  private int filterCoefficient() {
    int setting = config >> 2 & 7;
    return setting == 0 ? 1 : 1 << Math.min(setting, 4);
  }

  private void filter(int codeP, int codeT) {
    int coefficient = filterPrimed ? filterCoefficient() : 1;
    filteredPressure += (codeP - filteredPressure) / coefficient;
    filteredTemperature += (codeT - filteredTemperature) / coefficient;
    filterPrimed = true;
  }

  /// Without the filter a channel has 16 bits and one more for each doubling of its samples.
  private int resolve(double code, int oversampling) {
    int missingBits = filterCoefficient() > 1 ? 0 : 5 - Math.min(oversampling, 5);
    int step = 1 << missingBits;
    int rounded = (int) Math.round(code / step) * step;
    return Math.clamp(rounded, 0, 0x100000 - step);
  }

  private void storeCodes(int codeP, int codeT, int codeH) {
    store20(0, codeP);
    store20(3, codeT);
    data[6] = (byte) (codeH >> 8);
    data[7] = (byte) codeH;
  }

  private void store20(int index, int code) {
    data[index] = (byte) (code >> 12);
    data[index + 1] = (byte) (code >> 4);
    data[index + 2] = (byte) (code << 4);
  }
}
