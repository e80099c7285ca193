/// Tests of interrupts, posts and suspensions on a real loop.
@NullMarked
package dev.tasko.wakeup;

import org.jspecify.annotations.NullMarked;
