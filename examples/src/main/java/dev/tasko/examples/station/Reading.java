package dev.tasko.examples.station;

import dev.tasko.hal.driver.Bme280;
import org.agrona.MutableDirectBuffer;

/// One reading as it is logged, 32 bytes, little endian.
///
/// ```text
///   0 begin, ns   8 end, ns   16 hundredths of a degree   20 Pa times 256   24 % times 1024   28 origin
/// ```
///
/// Times are from the start of the run.
final class Reading {
  static final int BYTES = 32;
  static final int PERIODIC = 0;
  static final int BUTTON = 1;

  private static final int BEGIN_NS = 0;
  private static final int END_NS = 8;
  private static final int TEMPERATURE = 16;
  private static final int PRESSURE = 20;
  private static final int HUMIDITY = 24;
  private static final int ORIGIN = 28;

  private Reading() {}

  static void write(
      MutableDirectBuffer into, int offset, long beginNs, long endNs, Bme280 sensor, int origin) {
    into.putLong(offset + BEGIN_NS, beginNs);
    into.putLong(offset + END_NS, endNs);
    into.putInt(offset + TEMPERATURE, sensor.temperatureCentiC());
    into.putInt(offset + PRESSURE, (int) sensor.pressurePaQ8());
    into.putInt(offset + HUMIDITY, sensor.humidityQ10());
    into.putInt(offset + ORIGIN, origin);
  }

  static long beginNs(MutableDirectBuffer from, int offset) {
    return from.getLong(offset + BEGIN_NS);
  }

  static long endNs(MutableDirectBuffer from, int offset) {
    return from.getLong(offset + END_NS);
  }

  static double temperatureC(MutableDirectBuffer from, int offset) {
    return from.getInt(offset + TEMPERATURE) / 100.0;
  }

  static double pressureHpa(MutableDirectBuffer from, int offset) {
    return from.getInt(offset + PRESSURE) / 25_600.0;
  }
}
