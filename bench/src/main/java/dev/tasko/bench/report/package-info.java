/// From saved measurements to RESULTS.md.
///
/// Called by the benchmark command. Measures nothing but the memory of a wheel.
@NullMarked
package dev.tasko.bench.report;

import org.jspecify.annotations.NullMarked;
