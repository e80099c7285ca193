package dev.tasko.hal.sim;

/// The factory trimming of one simulated BME280, and the sensor's physics turned round.
///
/// The forward formulas are the floating-point ones of the data sheet (Bosch Sensortec,
/// BST-BME280-DS002, appendix). Drivers use the integer ones, so a driver that reads back what was
/// put in has been checked against formulas it does not share.
///
/// The values are those of the data sheet's worked example, with plausible ones for humidity.
final class Bme280Calibration {
  private static final int T1 = 27504;
  private static final int T2 = 26435;
  private static final int T3 = -1000;
  private static final int[] P = {36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000};
  private static final int H1 = 75;
  private static final int H2 = 361;
  private static final int H3 = 0;
  private static final int H4 = 324;
  private static final int H5 = 50;
  private static final int H6 = 30;

  private static final Formula TEMPERATURE = (self, code, fine) -> self.temperatureC(code);
  private static final Formula PRESSURE = Bme280Calibration::pressurePa;
  private static final Formula HUMIDITY = Bme280Calibration::humidityPercent;
  private static final int MAX_20_BITS = 0xFFFFF;
  private static final int MAX_16_BITS = 0xFFFF;

  /// Returns the temperature in the finer unit that the other two formulas take.
  double fineTemperature(double code) {
    double first = (code / 16384.0 - T1 / 1024.0) * T2;
    double offset = code / 131072.0 - T1 / 8192.0;
    return first + offset * offset * T3;
  }

  double temperatureC(double code) {
    return fineTemperature(code) / 5120.0;
  }

  double pressurePa(double code, double fine) {
    double a = fine / 2.0 - 64000.0;
    double b = a * a * P[5] / 32768.0 + a * P[4] * 2.0;
    b = b / 4.0 + P[3] * 65536.0;
    double scale = (1.0 + (P[2] * a * a / 524288.0 + P[1] * a) / 524288.0 / 32768.0) * P[0];
    double raw = (1048576.0 - code - b / 4096.0) * 6250.0 / scale;
    double square = P[8] * raw * raw / 2147483648.0;
    return raw + (square + raw * P[7] / 32768.0 + P[6]) / 16.0;
  }

  double humidityPercent(double code, double fine) {
    double t = fine - 76800.0;
    double slope = 1.0 + H6 / 67108864.0 * t * (1.0 + H3 / 67108864.0 * t);
    double raw = (code - (H4 * 64.0 + H5 / 16384.0 * t)) * (H2 / 65536.0 * slope);
    return raw * (1.0 - H1 * raw / 524288.0);
  }

  /// Finds the converter code for a temperature.
  int temperatureCode(double wantedC) {
    return search(TEMPERATURE, MAX_20_BITS, wantedC, 0);
  }

  /// Finds the converter code for a pressure; more pressure is a smaller code.
  int pressureCode(double wantedPa, double fine) {
    return search(PRESSURE, MAX_20_BITS, wantedPa, fine);
  }

  /// Finds the converter code for a humidity.
  int humidityCode(double wantedPercent, double fine) {
    return search(HUMIDITY, MAX_16_BITS, wantedPercent, fine);
  }

  /// Bisects over the codes, all formulas being monotone, and takes the nearest.
  private int search(Formula formula, int maxCode, double wanted, double fine) {
    boolean ascending = formula.value(this, maxCode, fine) > formula.value(this, 0, fine);
    int low = 0;
    int high = maxCode;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (formula.value(this, middle, fine) < wanted == ascending) {
        low = middle;
      } else {
        high = middle;
      }
    }
    double lowMisfit = Math.abs(formula.value(this, low, fine) - wanted);
    return lowMisfit <= Math.abs(formula.value(this, high, fine) - wanted) ? low : high;
  }

  /// The registers 0x88 to 0xA1 and 0xE1 to 0xE7.
  void store(byte[] registers) {
    putShort(registers, 0x88, T1);
    putShort(registers, 0x8A, T2);
    putShort(registers, 0x8C, T3);
    for (int i = 0; i < P.length; i++) {
      putShort(registers, 0x8E + 2 * i, P[i]);
    }
    registers[0xA1] = (byte) H1;
    putShort(registers, 0xE1, H2);
    registers[0xE3] = (byte) H3;
    registers[0xE4] = (byte) (H4 >> 4);
    registers[0xE5] = (byte) ((H4 & 0x0F) | (H5 & 0x0F) << 4);
    registers[0xE6] = (byte) (H5 >> 4);
    registers[0xE7] = (byte) H6;
  }

  private static void putShort(byte[] registers, int address, int value) {
    registers[address] = (byte) value;
    registers[address + 1] = (byte) (value >> 8);
  }

  /// A forward formula; those here capture nothing, so searching allocates nothing.
  private interface Formula {
    double value(Bme280Calibration calibration, int code, double fine);
  }
}
