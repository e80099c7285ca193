/// A control loop alone, how late it runs, and how late the alternatives do.
///
/// Begin at [dev.tasko.examples.servo.ServoMain].
@NullMarked
package dev.tasko.examples.servo;

import org.jspecify.annotations.NullMarked;
