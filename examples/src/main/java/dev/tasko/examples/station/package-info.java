/// The main job: tasko's seed program as a weather station. A sensor and an SD card share one SPI
/// bus, a beach ball turns while the sensor is read, and a button starts a reading a second later.
@NullMarked
package dev.tasko.examples.station;

import org.jspecify.annotations.NullMarked;
