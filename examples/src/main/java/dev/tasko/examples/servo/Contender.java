package dev.tasko.examples.servo;

import org.HdrHistogram.Histogram;

/// Something that can call a function at a rate.
interface Contender {
  /// For tables.
  String name();

  /// Runs one round.
  ///
  /// @return lateness in ns of each activation that began
  /// @throws Exception if the round failed
  Histogram run(Conditions conditions) throws Exception;
}
