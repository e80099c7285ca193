/// Benchmarks of the wheel, the loop, coroutines, interrupts and resources, and the command that
/// runs them and writes RESULTS.md.
///
/// Called by JMH and from the command line. Nothing here ships with the engine.
@NullMarked
package dev.tasko.bench;

import org.jspecify.annotations.NullMarked;
