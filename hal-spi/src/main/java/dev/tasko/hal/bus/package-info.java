/// The hand-over of transactions from a loop to a thread of the bus, and back.
///
/// Used by [dev.tasko.hal.ManagedSpi] and [dev.tasko.hal.ManagedI2c] alone, for buses whose
/// transfers block their thread. It knows no resource and no device: whoever calls holds the bus
/// already.
@NullMarked
package dev.tasko.hal.bus;

import org.jspecify.annotations.NullMarked;
