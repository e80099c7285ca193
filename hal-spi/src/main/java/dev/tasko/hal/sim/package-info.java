/// The simulated provider `sim`: buses with wire timing and the devices behind them.
///
/// Used where no hardware is, and as the strict examiner of drivers: whatever a real part might
/// refuse, the simulated one refuses. Called through the contracts; tests also hold the devices
/// themselves to inject faults. All behaviour follows from the injected clock and one seed, so two
/// runs are alike; the printer alone, behind a socket, lives in real time. It does not model
/// voltages, signal edges or the parts' analogue errors.
@NullMarked
package dev.tasko.hal.sim;

import org.jspecify.annotations.NullMarked;
