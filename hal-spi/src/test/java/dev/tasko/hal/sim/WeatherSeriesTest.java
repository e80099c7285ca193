package dev.tasko.hal.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.hal.ManualTime;
import dev.tasko.hal.SpiConfig;
import dev.tasko.hal.driver.Bme280;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeatherSeriesTest {
  private static final long HOUR_NS = 3_600_000_000_000L;

  @Test
  void seattle_rowsAndValues() {
    WeatherSeries series = WeatherSeries.seattle();
    assertEquals(8759, series.rows());
    assertEquals(1016.6, series.pressureHpa(0));
    assertEquals(3.9, series.temperatureC(1));
    assertEquals(50, series.humidityPercent(8758));
  }

  @Test
  void environment_holdsEachHourAndWraps() {
    WeatherSeries series = WeatherSeries.seattle();
    long startNs = Long.MAX_VALUE / 2;
    SimEnvironment air = series.environment(startNs, HOUR_NS);
    for (int row : new int[] {0, 1, 8758}) {
      assertEquals(series.pressureHpa(row), air.pressureHpa(startNs + row * HOUR_NS));
      assertEquals(series.temperatureC(row), air.temperatureC(startNs + (row + 1) * HOUR_NS - 1));
    }
    assertEquals(series.temperatureC(0), air.temperatureC(startNs + 8759 * HOUR_NS));
    assertEquals(series.temperatureC(8758), air.temperatureC(startNs - 1));
  }

  @Test
  void read_humidityAndColumnOrder(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("air.csv");
    Files.writeString(file, "humidity,temperature,date,pressure\r\n81.5,-3,x,990.25\r\n");
    WeatherSeries series = WeatherSeries.read(file);
    assertEquals(1, series.rows());
    assertEquals(990.25, series.pressureHpa(0));
    assertEquals(-3, series.temperatureC(0));
    assertEquals(81.5, series.humidityPercent(0));
  }

  @Test
  void read_passesOverWhatEditorsLeave(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("air.csv");
    Files.writeString(file, "\uFEFFpressure,temperature\n990,1\n991,2\n\n\n");
    WeatherSeries series = WeatherSeries.read(file);
    assertEquals(2, series.rows());
    assertEquals(991, series.pressureHpa(1));
  }

  /// Two years and more, of numbers with up to twenty digits: each is the nearest that there is.
  @Test
  void read_anyLengthAndNumbersAsJavaReadsThem(@TempDir Path folder) throws IOException {
    Random random = new Random(3);
    List<String> numbers =
        new ArrayList<>(List.of("+20", "-0", " 8.50 ", "84.99999999999999999999"));
    while (numbers.size() < 20_000) {
      String places = "%." + random.nextInt(1, 19) + "f";
      numbers.add(places.formatted(120 * random.nextDouble() - 38));
    }
    numbers.removeIf(number -> Double.parseDouble(number) > 85);
    Path file = folder.resolve("air.csv");
    String rows = String.join("\n990,", numbers);
    Files.writeString(file, "pressure,temperature\n990," + rows);
    WeatherSeries series = WeatherSeries.read(file);
    assertEquals(numbers.size(), series.rows());
    for (int row = 0; row < series.rows(); row++) {
      assertEquals(Double.parseDouble(numbers.get(row)), series.temperatureC(row));
    }
  }

  /// What goes into the simulated sensor comes out of the driver, over a whole year: temperature to
  /// the hundredth, pressure within one step of its 20 bits (0.145 Pa measured), humidity within
  /// one step of its 16 bits (0.008 % measured).
  @Test
  void sensor_givesTheSeriesBack() {
    WeatherSeries series = WeatherSeries.seattle();
    ManualTime time = new ManualTime();
    SimHal hal = SimHal.open(time.config(1));
    long startNs = time.nanoTime();
    Bme280 sensor =
        new Bme280(hal.spi("sim:0").device(hal.pin("D4"), new SpiConfig(10_000_000, 0)));
    sensor.start();
    double worstC = 0;
    double worstPa = 0;
    double worstPercent = 0;
    for (int row = 0; row < series.rows(); row++) {
      time.delayNs(startNs + row * HOUR_NS + HOUR_NS / 2 - time.nanoTime());
      sensor.measure();
      worstC =
          Math.max(worstC, Math.abs(sensor.temperatureCentiC() / 100.0 - series.temperatureC(row)));
      worstPa =
          Math.max(
              worstPa, Math.abs(sensor.pressurePaQ8() / 256.0 - 100 * series.pressureHpa(row)));
      worstPercent = Math.max(worstPercent, Math.abs(sensor.humidityQ10() / 1024.0 - 50));
    }
    String worst = worstC + " C, " + worstPa + " Pa, " + worstPercent + " %";
    assertTrue(worstC < 1e-9 && worstPa <= 0.16 && worstPercent <= 0.01, worst);
  }
}
