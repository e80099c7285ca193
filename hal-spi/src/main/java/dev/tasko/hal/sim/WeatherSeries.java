package dev.tasko.hal.sim;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// Recorded weather, one row an hour, as air around a simulated sensor.
///
/// The text has a header line with at least the columns `pressure` (hPa) and `temperature` (degrees
/// Celsius), in any order; a column `humidity` (percent) is taken if there, else it is 50
/// throughout. Every value must be within what the sensor can measure. A byte-order mark and blank
/// lines at the end, which editors leave there, are passed over.
public final class WeatherSeries {
  static final long HOUR_MS = 3_600_000;
  private static final double DEFAULT_HUMIDITY_PERCENT = 50;
  private static final String BYTE_ORDER_MARK = "\uFEFF";
  private static final String BUILT_IN = "seattle-weather-hourly-normals.csv";
  private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+(\\.[0-9]+)?");

  private final double[] pressureHpa;
  private final double[] temperatureC;
  private final double[] humidityPercent;

  private WeatherSeries(int rows) {
    pressureHpa = new double[rows];
    temperatureC = new double[rows];
    humidityPercent = new double[rows];
  }

  /// Returns the built-in series: the hourly climate normals of Seattle over one year.
  ///
  /// @return 8,759 rows without humidity
  public static WeatherSeries seattle() {
    try (InputStream in = WeatherSeries.class.getResourceAsStream(BUILT_IN)) {
      if (in == null) {
        throw new IllegalStateException("bug: resource " + BUILT_IN + " is missing");
      }
      return parse(BUILT_IN, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
    try {
      return parse(file.toString(), Files.readAllBytes(file));
    } catch (IOException e) {
      throw new IllegalArgumentException("weather: " + file + " (expected: a readable file)", e);
    }
  }

  private static WeatherSeries parse(String file, byte[] text) {
    List<String> lines = decode(file, text).stripTrailing().lines().toList();
    if (lines.isEmpty()) {
      throw bad(file, 1, "header", "nothing", "columns pressure and temperature");
    }
    Columns columns = Columns.of(file, lines.getFirst().split(",", -1));
    if (lines.size() == 1) {
      throw bad(file, 2, "rows", "0", "at least 1");
    }
    WeatherSeries series = new WeatherSeries(lines.size() - 1);
    for (int row = 0; row < series.rows(); row++) {
      series.set(row, columns, file, lines.get(row + 1).split(",", -1));
    }
    return series;
  }

  private void set(int row, Columns columns, String file, String[] fields) {
    int line = row + 2;
    if (fields.length != columns.count()) {
      throw bad(file, line, "fields", "" + fields.length, "" + columns.count());
    }
    String pressure = fields[columns.pressure()];
    String temperature = fields[columns.temperature()];
    pressureHpa[row] = number(file, line, "pressure", pressure, 300, 1100, "hPa");
    temperatureC[row] = number(file, line, "temperature", temperature, -40, 85, "degrees Celsius");
    humidityPercent[row] =
        columns.humidity() < 0
            ? DEFAULT_HUMIDITY_PERCENT
            : number(file, line, "humidity", fields[columns.humidity()], 0, 100, "percent");
  }

  private static String decode(String file, byte[] text) {
    try {
      String decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
      return decoded.startsWith(BYTE_ORDER_MARK) ? decoded.substring(1) : decoded;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(file + ": encoding: unreadable (expected: UTF-8)", e);
    }
  }

  private static double number(
      String file, int line, String name, String field, int min, int max, String unit) {
    String text = field.strip();
    if (!NUMBER.matcher(text).matches()) {
      throw bad(file, line, name, text, "a number, " + unit);
    }
    double value = Double.parseDouble(text);
    if (value < min || value > max) {
      throw bad(file, line, name, text, min + " to " + max + " " + unit);
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
    return pressureHpa.length;
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
        return Math.floorMod(Math.floorDiv(nowNs - startNs, rowNs), pressureHpa.length);
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
    static Columns of(String file, String[] header) {
      Columns found =
          new Columns(
              find(file, header, "pressure"),
              find(file, header, "temperature"),
              find(file, header, "humidity"),
              header.length);
      if (found.pressure < 0 || found.temperature < 0) {
        String text = String.join(",", header);
        throw bad(file, 1, "header", text, "columns pressure and temperature");
      }
      return found;
    }

    private static int find(String file, String[] header, String name) {
      int found = -1;
      for (int i = 0; i < header.length; i++) {
        if (header[i].strip().equals(name)) {
          if (found >= 0) {
            throw bad(file, 1, "header", String.join(",", header), "column " + name + " once");
          }
          found = i;
        }
      }
      return found;
    }
  }
}
