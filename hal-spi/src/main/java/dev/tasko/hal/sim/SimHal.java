package dev.tasko.hal.sim;

import dev.tasko.hal.EdgeInput;
import dev.tasko.hal.Hal;
import dev.tasko.hal.HalConfig;
import dev.tasko.hal.Later;
import dev.tasko.hal.SpiBus;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The simulated board: two buses, their chips, fourteen pins, a button, a knob and a motor.
///
/// ```text
///   sim:0 ──┬── D4  BME280, in the air of a weather series that begins at opening
///           └── D5  SD card
///   sim:i2c0 ── 0x76  another BME280 in the same air
///   D0..D13         output pins          BUTTON   edge input, high when released
///   KNOB_A, KNOB_B, KNOB_BUTTON          edge inputs of a rotary encoder, high at rest
///   MOTOR_A, MOTOR_B                     edge inputs of a motor's encoder
/// ```
///
/// Options:
///
/// ```text
/// sd.image          path of the card's image; without it the card is memory
/// sd.bytes          size of the card; creates the image if there is none (memory: 1048576)
/// sd.addressing     block (SDHC) or byte
/// sd.strictPowerUp  true: no answer before 74 clocks
/// weather.file      path of a series; without it the built-in one
/// weather.rowMs     how long each row of it lasts; without it an hour
/// button.pressMs    when BUTTON is pressed, in ms after opening, ascending: 1000,2500
/// button.holdMs     how long each press lasts
/// i2c.clockHz       400000 or 100000
/// bus.callMinNs  bus.callMaxNs  bus.tailPermille  bus.tailMaxNs  bus.selectNs     timing
/// ```
///
/// The bus options are those of [WireTiming], for both buses, and default to [WireTiming#TYPICAL].
public final class SimHal implements Hal {
  private static final int PINS = 14;
  private static final int SENSOR_ADDRESS = 0x76;
  private static final long DEFAULT_CARD_BYTES = 1 << 20;

  private final Map<String, SimPin> pins = new LinkedHashMap<>();
  private final SimSpiBus bus;
  private final SimI2cBus i2c;
  private final SimButton button;
  private final SimRotary knob;
  private final SimMotor motor;
  private final Map<String, SimLine> lines = new LinkedHashMap<>();
  private final SimBme280 sensor;
  private final SimSdCard card;
  private final @Nullable LaterThread thread;
  private final long openNs;

  private SimHal(HalConfig config, SimOptions options, CardStore store, WeatherSeries weather) {
    openNs = config.clock().nanoTime();
    Later later = config.later();
    if (later == null) {
      thread = new LaterThread(config.clock());
      later = thread;
    } else {
      thread = null;
    }
    for (int i = 0; i < PINS; i++) {
      pins.put("D" + i, new SimPin("D" + i));
    }
    bus = new SimSpiBus("sim:0", config, options.timing());
    i2c = new SimI2cBus("sim:i2c0", config, options.timing(), options.i2cClockHz());
    SimEnvironment air = weather.environment(openNs, options.rowNs());
    sensor = new SimBme280(air, config.seed(), openNs);
    card = new SimSdCard(store, options.blockAddressed(), options.strictPowerUp(), config.seed());
    bus.attach(pin("D4"), sensor);
    bus.attach(pin("D5"), card);
    i2c.attach(SENSOR_ADDRESS, new SimBme280(air, config.seed() ^ SENSOR_ADDRESS, openNs));
    button = new SimButton("BUTTON", later, config.seed());
    knob = new SimRotary("KNOB", later, config.seed());
    motor = new SimMotor("MOTOR", config.clock(), later, config.seed(), MotorSpec.SMALL);
    addLines(button, knob.a(), knob.b(), knob.button(), motor.a(), motor.b());
    for (long pressNs : options.pressNs()) {
      button.press(openNs + pressNs, options.holdNs());
    }
  }

  private void addLines(SimLine... added) {
    for (SimLine line : added) {
      lines.put(line.name(), line);
    }
  }

  /// Opens the board.
  ///
  /// @param config clock, waiting, seed and options
  /// @return the open board
  /// @throws IllegalArgumentException if an option is unknown or its value bad
  public static SimHal open(HalConfig config) {
    SimOptions options = SimOptions.parse(config.options());
    String file = options.weatherFile();
    WeatherSeries weather =
        file == null ? WeatherSeries.seattle() : WeatherSeries.read(Path.of(file));
    return new SimHal(config, options, openStore(options), weather);
  }

  private static CardStore openStore(SimOptions options) {
    boolean blocks = options.blockAddressed();
    long unitBytes =
        blocks ? CardRegisters.BLOCK_CARD_UNIT_BYTES : CardRegisters.BYTE_CARD_UNIT_BYTES;
    long bytes = options.sdBytes();
    String image = options.sdImage();
    if (!blocks && bytes > CardRegisters.BYTE_CARD_MAX_BYTES) {
      throw new IllegalArgumentException(
          "sd.bytes: %d (expected: at most %d with byte addressing)"
              .formatted(bytes, CardRegisters.BYTE_CARD_MAX_BYTES));
    }
    return image == null
        ? CardStore.memory(bytes == 0 ? DEFAULT_CARD_BYTES : bytes, unitBytes)
        : CardStore.image(Path.of(image), bytes, unitBytes);
  }

  @Override
  public SpiBus spi(String address) {
    if (!address.equals(bus.name())) {
      throw new IllegalArgumentException(
          "bus: " + address + " (expected: one of [" + bus.name() + "])");
    }
    return bus;
  }

  @Override
  public SimI2cBus i2c(String name) {
    if (!name.equals(i2c.name())) {
      throw new IllegalArgumentException(
          "i2c: " + name + " (expected: one of [" + i2c.name() + "])");
    }
    return i2c;
  }

  @Override
  public SimPin pin(String name) {
    SimPin pin = pins.get(name);
    if (pin == null) {
      throw new IllegalArgumentException(
          "pin: " + name + " (expected: one of " + pins.keySet() + ")");
    }
    return pin;
  }

  @Override
  public EdgeInput edges(String name) {
    SimLine line = lines.get(name);
    if (line == null) {
      throw new IllegalArgumentException(
          "edges: " + name + " (expected: one of " + lines.keySet() + ")");
    }
    return line;
  }

  /// Returns when the board was opened: the time from which weather and presses count.
  ///
  /// @return absolute, ns, by the clock of its configuration
  public long openNs() {
    return openNs;
  }

  /// Returns the SPI bus, to inject faults or wire further chips.
  ///
  /// @return `sim:0`
  public SimSpiBus bus() {
    return bus;
  }

  /// Returns the sensor behind D4.
  ///
  /// @return the simulated chip
  public SimBme280 sensor() {
    return sensor;
  }

  /// Returns the card behind D5, to inject faults.
  ///
  /// @return the simulated card
  public SimSdCard card() {
    return card;
  }

  /// Returns the button, to plan presses.
  ///
  /// @return `BUTTON`
  public SimButton button() {
    return button;
  }

  /// Returns the rotary encoder, to plan turns.
  ///
  /// @return `KNOB`
  public SimRotary knob() {
    return knob;
  }

  /// Returns the motor, to command it.
  ///
  /// @return `MOTOR`, a [MotorSpec#SMALL] one
  public SimMotor motor() {
    return motor;
  }

  @Override
  public void close() {
    bus.close();
    i2c.close();
    card.close();
    if (thread != null) {
      thread.close();
    }
  }
}
