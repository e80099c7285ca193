/// What a person sees of the station: a [Snapshot] is drawn into a [Screen], which knows nothing of
/// loops and tasks, and a [LiveTerminal] shows it. The station fills the snapshots on its loop;
/// drawing and writing may take place on any thread.
@NullMarked
package dev.tasko.examples.station.view;

import org.jspecify.annotations.NullMarked;
