package dev.tasko.hal.sim;

/// The air around a simulated sensor, by the time of the simulation.
public interface SimEnvironment {
  /// Returns the pressure.
  ///
  /// @param nowNs when
  /// @return hPa
  double pressureHpa(long nowNs);

  /// Returns the temperature.
  ///
  /// @param nowNs when
  /// @return degrees Celsius
  double temperatureC(long nowNs);

  /// Returns the relative humidity.
  ///
  /// @param nowNs when
  /// @return percent
  double humidityPercent(long nowNs);

  /// Makes air that never changes.
  ///
  /// @param pressureHpa the pressure
  /// @param temperatureC the temperature
  /// @param humidityPercent the relative humidity
  /// @return the environment
  static SimEnvironment constant(double pressureHpa, double temperatureC, double humidityPercent) {
    return new SimEnvironment() {
      @Override
      public double pressureHpa(long nowNs) {
        return pressureHpa;
      }

      @Override
      public double temperatureC(long nowNs) {
        return temperatureC;
      }

      @Override
      public double humidityPercent(long nowNs) {
        return humidityPercent;
      }
    };
  }
}
