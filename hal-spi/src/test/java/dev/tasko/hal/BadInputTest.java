package dev.tasko.hal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tasko.Loop;
import dev.tasko.hal.TransferResult.Reason;
import dev.tasko.hal.driver.MarlinPrinter;
import dev.tasko.hal.driver.RotaryEncoder;
import dev.tasko.hal.sim.MotorSpec;
import dev.tasko.hal.sim.SimHal;
import dev.tasko.hal.sim.SimI2cBus;
import dev.tasko.hal.sim.SimLine;
import dev.tasko.hal.sim.SimMotor;
import dev.tasko.hal.sim.SimPrinter;
import dev.tasko.hal.sim.SimRotary;
import dev.tasko.hal.sim.WeatherSeries;
import dev.tasko.hal.sim.WireTiming;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Bad input and the exact words it is refused with.
class BadInputTest {
  private static final String PINS = "[D0, D1, D2, D3, D4, D5, D6, D7, D8, D9, D10, D11, D12, D13]";
  private static final String OPTIONS =
      "[bus.callMaxNs, bus.callMinNs, bus.selectNs, bus.tailMaxNs, bus.tailPermille,"
          + " button.holdMs, button.pressMs, i2c.clockHz, sd.addressing, sd.bytes, sd.image,"
          + " sd.strictPowerUp, weather.file, weather.rowMs]";

  private static Arguments row(Executable action, String message) {
    return Arguments.of(action, message);
  }

  private static Arguments option(String name, String value, String message) {
    return row(() -> open(name, value), message);
  }

  private static SimHal open(String... namesAndValues) {
    HalConfig config = new ManualTime().config(1);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      config = config.withOption(namesAndValues[i], namesAndValues[i + 1]);
    }
    return SimHal.open(config);
  }

  private static void prepare(int[] segmentBytes, int... delayAfterUs) {
    SpiMessage.prepare(SpiCapabilities.COMMON, segmentBytes, delayAfterUs);
  }

  static Stream<Arguments> rows() {
    return Stream.of(
            names(), options(), messages(), i2c(), encoders(), motors(), printers(), values())
        .flatMap(List::stream);
  }

  private static List<Arguments> names() {
    return List.of(
        row(() -> HalProvider.named("x"), "provider: x (expected: one of [sim])"),
        row(() -> open().spi("sim:1"), "bus: sim:1 (expected: one of [sim:0])"),
        row(() -> open().pin("D14"), "pin: D14 (expected: one of " + PINS + ")"),
        row(() -> open().pin(""), "pin:  (expected: one of " + PINS + ")"),
        row(() -> open().i2c("sim:0"), "i2c: sim:0 (expected: one of [sim:i2c0])"),
        row(
            () -> open().edges("KNOB"),
            "edges: KNOB (expected: one of [BUTTON, KNOB_A, KNOB_B, KNOB_BUTTON, MOTOR_A,"
                + " MOTOR_B])"),
        row(
            () -> open().spi("sim:0").device(new ForeignPin(), new SpiConfig(1, 0)),
            "select: GPIO17 (expected: a pin of the simulated hardware)"));
  }

  private static List<Arguments> options() {
    return List.of(
        option("sd.size", "1", "option: sd.size (expected: one of " + OPTIONS + ")"),
        option("sd.bytes", "1MB", "sd.bytes: 1MB (expected: a whole number, 1 to 1099511627776)"),
        option("sd.bytes", "0", "sd.bytes: 0 (expected: 1 to 1099511627776)"),
        option("sd.bytes", "1000", "sd.bytes: 1000 (expected: a multiple of 524288)"),
        option(
            "sd.bytes",
            "2147483648",
            "sd.bytes: 2147483648 (expected: at most 1073741824 without sd.image)"),
        row(
            () -> open("sd.addressing", "byte", "sd.bytes", "1000"),
            "sd.bytes: 1000 (expected: a multiple of 262144)"),
        row(
            () -> open("sd.addressing", "byte", "sd.bytes", "1074003968"),
            "sd.bytes: 1074003968 (expected: at most 1073741824 with byte addressing)"),
        option("sd.addressing", "sector", "sd.addressing: sector (expected: block or byte)"),
        option("sd.strictPowerUp", "yes", "sd.strictPowerUp: yes (expected: true or false)"),
        option("button.holdMs", "4", "button.holdMs: 4 (expected: 5 to 60000)"),
        option(
            "button.pressMs",
            "100,",
            "button.pressMs:  (expected: a whole number, 0 to 1099511627776)"),
        option(
            "button.pressMs",
            "100,150",
            "button.pressMs: 150 (expected: >= 185, when the press before has settled)"),
        option("i2c.clockHz", "1000000", "i2c.clockHz: 1000000 (expected: 400000 or 100000)"),
        option("bus.callMaxNs", "9999", "bus.callMaxNs: 9999 (expected: >= bus.callMinNs, 10000)"),
        option(
            "bus.tailMaxNs", "19999", "bus.tailMaxNs: 19999 (expected: >= bus.callMaxNs, 20000)"),
        option("bus.tailPermille", "1001", "bus.tailPermille: 1001 (expected: 0 to 1000)"),
        option("bus.selectNs", "-1", "bus.selectNs: -1 (expected: 0 to 1099511627776)"),
        option("weather.file", "no/such.csv", "weather: no/such.csv (expected: an existing file)"));
  }

  private static List<Arguments> messages() {
    return List.of(
        row(() -> prepare(new int[0]), "segments: 0 (expected: 1 to 32)"),
        row(() -> prepare(new int[33], new int[33]), "segments: 33 (expected: 1 to 32)"),
        row(() -> prepare(new int[] {4097}, 0), "messageBytes: 4097 (expected: at most 4096)"),
        row(
            () -> prepare(new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE}, 0, 0),
            "messageBytes: 4294967294 (expected: at most 4096)"),
        row(() -> prepare(new int[] {1, 0}, 0, 0), "segmentBytes[1]: 0 (expected: >= 1)"),
        row(
            () -> prepare(new int[] {1, 1}, 0),
            "delayAfterUs: 1 values (expected: 2, one a segment)"),
        row(() -> prepare(new int[] {1}, -1), "delayAfterUs[0]: -1 (expected: 0 to 65535)"),
        row(() -> prepare(new int[] {1}, 65536), "delayAfterUs[0]: 65536 (expected: 0 to 65535)"),
        row(
            () -> open().spi("sim:0").idleClocks(0, new SpiConfig(1, 0)),
            "clocks: 0 (expected: >= 1)"));
  }

  private static List<Arguments> i2c() {
    UnsafeBuffer four = new UnsafeBuffer(new byte[4]);
    SimI2cBus bus = open().i2c("sim:i2c0");
    return List.of(
        row(() -> bus.read(0x78, four, 1), "address: 0x78 (expected: 0x08 to 0x77)"),
        row(() -> bus.write(0xec, four, 1), "address: 0xec (expected: 0x08 to 0x77)"),
        row(() -> bus.device(7), "address: 0x07 (expected: 0x08 to 0x77)"),
        row(() -> bus.detach(0), "address: 0x00 (expected: 0x08 to 0x77)"),
        row(
            () -> bus.write(0x76, four, 5),
            "outBytes: 5 (expected: 0 to 4, what the buffer holds)"),
        row(
            () -> bus.read(0x76, four, -1),
            "inBytes: -1 (expected: 0 to 4, what the buffer holds)"),
        row(() -> bus.injectStretch(-1), "stretchNs: -1 (expected: >= 0)"),
        row(() -> bus.refuseData(-1), "afterBytes: -1 (expected: >= 0)"),
        row(() -> bus.injectFailures(Reason.IO, -1), "count: -1 (expected: >= 0)"));
  }

  private static List<Arguments> encoders() {
    SimRotary knob = open().knob();
    SimLine line = knob.a();
    return List.of(
        row(() -> line.merge(1), "edges: 1 (expected: >= 2)"),
        row(() -> line.miss(0), "edges: 0 (expected: >= 1)"),
        row(() -> line.floatFor(0, 0, 1), "forNs: 0 (expected: >= 1)"),
        row(() -> line.floatFor(0, 1, -1), "edges: -1 (expected: >= 0)"),
        row(() -> knob.turn(0, 1, 19_999_999), "detentNs: 19999999 (expected: >= 20000000)"),
        row(
            () -> {
              knob.turn(1, 2, 20_000_000);
              knob.turn(40_000_000, 1, 20_000_000);
            },
            "atNs: 40000000 (expected: >= 40000001, when the turn before has ended)"),
        row(
            () -> {
              try (Loop loop = new Loop()) {
                new RotaryEncoder(loop, knob.a(), knob.b(), 0).close();
              }
            },
            "countsPerDetent: 0 (expected: >= 1)"));
  }

  private static List<Arguments> motors() {
    SimMotor motor = open().motor();
    return List.of(
        row(() -> motor.command(1.01), "command: 1.01 (expected: -1 to 1)"),
        row(() -> motor.command(Double.NaN), "command: NaN (expected: -1 to 1)"),
        row(() -> motor.slip(-0.1), "fraction: -0.1 (expected: 0 to 1)"),
        row(() -> new MotorSpec(0, 1, 1, 0, 1), "inertiaKgM2: 0.0 (expected: > 0)"),
        row(() -> new MotorSpec(1, -1, 1, 0, 1), "stallTorqueNm: -1.0 (expected: > 0)"),
        row(() -> new MotorSpec(1, 1, Double.NaN, 0, 1), "viscousNms: NaN (expected: > 0)"),
        row(() -> new MotorSpec(1, 1, 1, -1, 1), "coulombNm: -1.0 (expected: >= 0)"),
        row(() -> new MotorSpec(1, 1, 1, 0, 0), "countsPerTurn: 0 (expected: >= 1)"));
  }

  private static List<Arguments> printers() {
    return List.of(
        row(() -> withPrinter(printer -> printer.closeAfter(-1)), "bytes: -1 (expected: >= 0)"),
        row(() -> withPrinter(printer -> printer.dribble(-1)), "pauseNs: -1 (expected: >= 0)"),
        row(
            () ->
                withPrinter(printer -> {
                  try (Loop loop = new Loop()) {
                    new MarlinPrinter(loop, printer.address(), Duration.ZERO).close();
                  }
                }),
            "limit: PT0S (expected: > 0)"));
  }

  private static void withPrinter(Consumer<SimPrinter> action) {
    try (SimPrinter printer = new SimPrinter()) {
      action.accept(printer);
    }
  }

  private static List<Arguments> values() {
    return List.of(
        row(() -> new SpiConfig(0, 0), "clockHz: 0 (expected: > 0)"),
        row(() -> new SpiConfig(1, 4), "mode: 4 (expected: 0 to 3)"),
        row(() -> new SpiConfig(1, -1), "mode: -1 (expected: 0 to 3)"),
        row(() -> new SpiConfig(1, 0, -1), "clocksAfterDeselect: -1 (expected: >= 0)"),
        row(() -> new SpiCapabilities(0, 1, true, true), "maxMessageBytes: 0 (expected: > 0)"),
        row(() -> new SpiCapabilities(1, 0, true, true), "maxSegments: 0 (expected: > 0)"),
        row(() -> new WireTiming(-1, 0, 0, 0, 0), "callMinNs: -1 (expected: >= 0)"),
        row(() -> new WireTiming(5, 4, 0, 0, 0), "callMaxNs: 4 (expected: >= 5)"),
        row(() -> new WireTiming(0, 0, 1001, 0, 0), "tailPermille: 1001 (expected: 0 to 1000)"),
        row(() -> open().button().press(0, 1), "holdNs: 1 (expected: >= 5000000)"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void input_refused(Executable action, String message) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
  }

  static Stream<Arguments> weatherTexts() {
    return Stream.of(
        Arguments.of("", ":1: header: nothing (expected: columns pressure and temperature)"),
        Arguments.of(
            "date,pressure\n",
            ":1: header: date,pressure (expected: columns pressure and temperature)"),
        Arguments.of(
            "pressure,temperature,pressure\n",
            ":1: header: pressure,temperature,pressure (expected: column pressure once)"),
        Arguments.of("pressure,temperature\n", ":2: rows: 0 (expected: at least 1)"),
        Arguments.of(
            "pressure,temperature\n1000,20\nabc,20\n",
            ":3: pressure: abc (expected: a number, hPa)"),
        Arguments.of("pressure,temperature\n,20\n", ":2: pressure:  (expected: a number, hPa)"),
        Arguments.of(
            "pressure,temperature\n1000,NaN\n",
            ":2: temperature: NaN (expected: a number, degrees Celsius)"),
        Arguments.of(
            "pressure,temperature\n299.9,20\n", ":2: pressure: 299.9 (expected: 300 to 1100 hPa)"),
        Arguments.of(
            "pressure,temperature\n1000,85.1\n",
            ":2: temperature: 85.1 (expected: -40 to 85 degrees Celsius)"),
        Arguments.of(
            "pressure,temperature,humidity\n1000,20,101\n",
            ":2: humidity: 101 (expected: 0 to 100 percent)"),
        Arguments.of("pressure,temperature\n\n1000,20\n", ":2: fields: 1 (expected: 2)"),
        Arguments.of("pressure,temperature\n1000,20,1\n", ":2: fields: 3 (expected: 2)"));
  }

  @ParameterizedTest
  @MethodSource("weatherTexts")
  void weather_refused(String text, String message, @TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("air.csv"), text);
    assertEquals(
        file + message,
        assertThrows(IllegalArgumentException.class, () -> WeatherSeries.read(file)).getMessage());
  }

  @Test
  void weather_notText(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("air.csv"), new byte[] {'p', (byte) 0xC3, '('});
    assertEquals(
        file + ": encoding: unreadable (expected: UTF-8)",
        assertThrows(IllegalArgumentException.class, () -> WeatherSeries.read(file)).getMessage());
  }

  private static void assertImageRefused(String message, String... namesAndValues) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> open(namesAndValues)).getMessage());
  }

  private static Path image(Path folder, long bytes) throws IOException {
    Path file = folder.resolve("card.img");
    try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
      image.setLength(bytes);
    }
    return file;
  }

  @Test
  void image_missing(@TempDir Path folder) {
    String path = folder.resolve("none.img").toString();
    assertImageRefused(
        "sd.image: " + path + " (expected: an existing file, or sd.bytes to create one)",
        "sd.image",
        path);
    assertImageRefused(
        "sd.bytes: 512 (expected: a multiple of 524288)", "sd.image", path, "sd.bytes", "512");
  }

  @Test
  void image_folder(@TempDir Path folder) {
    assertImageRefused(
        "sd.image: " + folder + " (expected: a regular file)", "sd.image", folder.toString());
  }

  @Test
  void image_truncated(@TempDir Path folder) throws IOException {
    String path = image(folder, 524_287).toString();
    assertImageRefused(
        "sd.image: 524287 bytes in " + path + " (expected: a multiple of 512)", "sd.image", path);
  }

  @Test
  void image_notOfTheCardsUnit(@TempDir Path folder) throws IOException {
    String path = image(folder, 1024).toString();
    assertImageRefused(
        "sd.image: 1024 bytes in " + path + " (expected: a multiple of 524288)", "sd.image", path);
  }

  @Test
  void image_empty(@TempDir Path folder) throws IOException {
    String path = image(folder, 0).toString();
    assertImageRefused(
        "sd.image: 0 bytes in " + path + " (expected: a multiple of 524288)", "sd.image", path);
  }

  @Test
  void image_smallerThanSaid(@TempDir Path folder) throws IOException {
    String path = image(folder, 524_288).toString();
    assertImageRefused(
        "sd.image: 524288 bytes in " + path + " (expected: 1048576, as sd.bytes says)",
        "sd.image",
        path,
        "sd.bytes",
        "1048576");
  }

  @Test
  void image_readOnly(@TempDir Path folder) throws IOException {
    Path file = image(folder, 524_288);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
    assertImageRefused(
        "sd.image: " + file + " (expected: a writable file)", "sd.image", file.toString());
  }

  /// A pin of other hardware.
  private static final class ForeignPin implements DigitalPin {
    @Override
    public String name() {
      return "GPIO17";
    }

    @Override
    public void setHigh(boolean high) {}

    @Override
    public boolean isHigh() {
      return true;
    }
  }
}
