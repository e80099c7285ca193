/// The contracts between programs, drivers and hardware: buses, chip-selected devices, pins, edges.
///
/// Programs open a [dev.tasko.hal.Hal] by the name of a provider; drivers see a
/// [dev.tasko.hal.SpiDevice] or [dev.tasko.hal.I2cDevice] and nothing else. Nothing here touches
/// hardware, starts a thread or keeps a static clock: time and waiting arrive through
/// [dev.tasko.hal.HalConfig]. Set-up throws; a transfer answers with a
/// [dev.tasko.hal.TransferResult].
@NullMarked
package dev.tasko.hal;

import org.jspecify.annotations.NullMarked;
