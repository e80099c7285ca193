/// What a task is made of: its record, the coroutine that runs its body, the ready queue.
///
/// Called by the loop alone, except [dev.tasko.task.Body] (what users write) and
/// [dev.tasko.task.Scheduler] (what waiting primitives ask of the loop). It decides no order and
/// reads no clock.
@NullMarked
package dev.tasko.task;

import org.jspecify.annotations.NullMarked;
