/// Drivers, written against [dev.tasko.hal.SpiDevice], [dev.tasko.hal.I2cDevice] and
/// [dev.tasko.hal.EdgeInput] alone.
///
/// The same driver runs on a device that blocks its thread and on one that suspends its task. All
/// memory is taken at construction; an operation allocates nothing unless it fails. (The client of
/// a printer, which talks text over a socket of its own, says what it allocates.) A driver belongs
/// to one task at a time and knows neither pins, buses nor providers. Those that wait for what
/// happens outside know the loop, whose interrupts they await.
@NullMarked
package dev.tasko.hal.driver;

import org.jspecify.annotations.NullMarked;
