/// The way in: [dev.tasko.Tasko] for one default loop, [dev.tasko.Loop] for one of your own.
///
/// Outside threads reach a loop through its wakeup queue; the loop runs tasks off its ready queue
/// and its wheel. Nothing here knows resources or hardware; those stand on top.
@NullMarked
package dev.tasko;

import org.jspecify.annotations.NullMarked;
