/// The main job: tasko's seed program as a weather station, and a show in three acts around it.
/// Begin with `Station`, then `Show`.
@NullMarked
package dev.tasko.examples.station;

import org.jspecify.annotations.NullMarked;
