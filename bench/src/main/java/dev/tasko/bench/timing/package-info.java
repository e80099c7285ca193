/// Measures whole programs: how late a control loop runs, what an idle loop costs, what the
/// packaged main job takes of a machine.
///
/// Begin at [dev.tasko.bench.timing.TimingMain]. Unlike the benchmarks it needs no JMH: what it
/// measures is measured once, over seconds, beside something that is known.
@NullMarked
package dev.tasko.bench.timing;

import org.jspecify.annotations.NullMarked;
