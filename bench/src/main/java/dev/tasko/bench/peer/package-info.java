/// The timer engines that are compared, all behind one small interface, so that every one of them
/// runs the same workload and delivers the same payload.
///
/// Called by the benchmarks. Knows no JMH.
@NullMarked
package dev.tasko.bench.peer;

import org.jspecify.annotations.NullMarked;
