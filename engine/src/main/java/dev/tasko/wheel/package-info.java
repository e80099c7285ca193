/// The timer wheel, usable alone.
///
/// Called by the loop, and by anyone who needs exact timers without a loop. Single-threaded by
/// contract. It reads no clock, starts no thread and imports nothing else of this project.
@NullMarked
package dev.tasko.wheel;

import org.jspecify.annotations.NullMarked;
