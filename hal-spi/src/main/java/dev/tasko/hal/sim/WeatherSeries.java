package dev.tasko.hal.sim;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Recorded weather, one row an hour, as air around a simulated sensor.
///
/// The text has a header line with at least the columns `pressure` (hPa) and `temperature` (degrees
/// Celsius), in any order; a column `humidity` (percent) is taken if there, else it is 50
/// throughout. Every value must be within what the sensor can measure. A byte-order mark and blank
/// lines at the end, which editors leave there, are passed over.
public final class WeatherSeries {
  static final long HOUR_MS = 3_600_000;
  private static final double DEFAULT_HUMIDITY_PERCENT = 50;
  private static final String BUILT_IN = "seattle-weather-hourly-normals.csv";

  /// Enough for a year; a longer series grows.
  private static final int YEAR_ROWS = 8760;

  private double[] pressureHpa = new double[YEAR_ROWS];
  private double[] temperatureC = new double[YEAR_ROWS];
  private double[] humidityPercent = new double[YEAR_ROWS];
  private int rows;

  private WeatherSeries() {}

  /// Returns the built-in series: the hourly climate normals of Seattle over one year.
  ///
  /// @return 8,759 rows without humidity
  public static WeatherSeries seattle() {
    return Seattle.SERIES;
  }

  /// Reads a series.
  ///
  /// @param file the text, UTF-8
  /// @return the series
  /// @throws IllegalArgumentException naming file and line if the text is not such a series
  public static WeatherSeries read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("weather: " + file + " (expected: an existing file)");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return parse(file.toString(), in);
    } catch (IOException e) {
      throw new IllegalArgumentException("weather: " + file + " (expected: a readable file)", e);
    }
  }

  private static WeatherSeries parse(String file, InputStream in) throws IOException {
    // Unlike the charset, its decoder refuses what it cannot read.
    Reader text = new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder());
    try {
      return parse(file, new CsvReader(text));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(file + ": encoding: unreadable (expected: UTF-8)", e);
    }
  }

  private static WeatherSeries parse(String file, CsvReader csv) throws IOException {
    if (!csv.next() || csv.isBlank()) {
      throw bad(file, 1, "header", "nothing", "columns pressure and temperature");
    }
    Columns columns = Columns.of(file, csv);
    WeatherSeries series = new WeatherSeries();
    int blank = 0;
    while (csv.next()) {
      if (csv.isBlank()) {
        blank = blank == 0 ? csv.lineNumber() : blank;
      } else if (blank > 0) {
        throw bad(file, blank, "fields", "1", "" + columns.count());
      } else {
        series.add(columns, file, csv);
      }
    }
    if (series.rows == 0) {
      throw bad(file, 2, "rows", "0", "at least 1");
    }
    return series;
  }

  private void add(Columns columns, String file, CsvReader csv) {
    if (csv.fields() != columns.count()) {
      throw bad(file, csv.lineNumber(), "fields", "" + csv.fields(), "" + columns.count());
    }
    if (rows == pressureHpa.length) {
      grow();
    }
    pressureHpa[rows] = number(file, csv, "pressure", columns.pressure(), 300, 1100, "hPa");
    temperatureC[rows] =
        number(file, csv, "temperature", columns.temperature(), -40, 85, "degrees Celsius");
    humidityPercent[rows] =
        columns.humidity() < 0
            ? DEFAULT_HUMIDITY_PERCENT
            : number(file, csv, "humidity", columns.humidity(), 0, 100, "percent");
    rows++;
  }

  private void grow() {
    pressureHpa = Arrays.copyOf(pressureHpa, 2 * rows);
    temperatureC = Arrays.copyOf(temperatureC, 2 * rows);
    humidityPercent = Arrays.copyOf(humidityPercent, 2 * rows);
  }

  private static double number(
      String file, CsvReader csv, String name, int field, int min, int max, String unit) {
    double value = csv.number(field);
    if (Double.isNaN(value)) {
      throw bad(file, csv.lineNumber(), name, csv.field(field), "a number, " + unit);
    }
    if (value < min || value > max) {
      throw bad(file, csv.lineNumber(), name, csv.field(field), min + " to " + max + " " + unit);
    }
    return value;
  }

  private static IllegalArgumentException bad(
      String file, int line, String name, String value, String rule) {
    return new IllegalArgumentException(
        "%s:%d: %s: %s (expected: %s)".formatted(file, line, name, value, rule));
  }

  /// Returns how many hours the series covers before it begins again.
  ///
  /// @return at least 1
  public int rows() {
    return rows;
  }

  /// Returns the recorded pressure.
  ///
  /// @param row 0 to [#rows] - 1
  /// @return hPa
  public double pressureHpa(int row) {
    return pressureHpa[row];
  }

  /// Returns the recorded temperature.
  ///
  /// @param row 0 to [#rows] - 1
  /// @return degrees Celsius
  public double temperatureC(int row) {
    return temperatureC[row];
  }

  /// Returns the recorded relative humidity.
  ///
  /// @param row 0 to [#rows] - 1
  /// @return percent
  public double humidityPercent(int row) {
    return humidityPercent[row];
  }

  /// Lets the series pass, row by row, again and again.
  ///
  /// @param startNs when the first row begins
  /// @param rowNs how long each row lasts: an hour, or less for a demonstration
  /// @return the environment
  public SimEnvironment environment(long startNs, long rowNs) {
    return new SimEnvironment() {
      private int row(long nowNs) {
        return Math.floorMod(Math.floorDiv(nowNs - startNs, rowNs), rows);
      }

      @Override
      public double pressureHpa(long nowNs) {
        return pressureHpa[row(nowNs)];
      }

      @Override
      public double temperatureC(long nowNs) {
        return temperatureC[row(nowNs)];
      }

      @Override
      public double humidityPercent(long nowNs) {
        return humidityPercent[row(nowNs)];
      }
    };
  }

  /// Where the columns are, -1 for an absent one, and how many fields a row has.
  private record Columns(int pressure, int temperature, int humidity, int count) {
    static Columns of(String file, CsvReader header) {
      Columns found =
          new Columns(
              find(file, header, "pressure"),
              find(file, header, "temperature"),
              find(file, header, "humidity"),
              header.fields());
      if (found.pressure < 0 || found.temperature < 0) {
        throw bad(file, 1, "header", header.line(), "columns pressure and temperature");
      }
      return found;
    }

    private static int find(String file, CsvReader header, String name) {
      int found = -1;
      for (int i = 0; i < header.fields(); i++) {
        if (header.field(i).equals(name)) {
          if (found >= 0) {
            throw bad(file, 1, "header", header.line(), "column " + name + " once");
          }
          found = i;
        }
      }
      return found;
    }
  }

  /// Read once, when it is asked for first: a program that simulates the air and then checks what
  /// was measured needs it twice.
  private static final class Seattle {
    static final WeatherSeries SERIES = read();

    private static WeatherSeries read() {
      try (InputStream in = WeatherSeries.class.getResourceAsStream(BUILT_IN)) {
        if (in == null) {
          throw new IllegalStateException("bug: resource " + BUILT_IN + " is missing");
        }
        return parse(BUILT_IN, in);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
