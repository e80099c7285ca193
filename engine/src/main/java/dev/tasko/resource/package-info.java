/// Sharing one thing among tasks: a fair queue for whatever must be used by one at a time.
///
/// For users and drivers. Generic: it knows no hardware, and of the loop only what any waiting
/// primitive may ask.
@NullMarked
package dev.tasko.resource;

import org.jspecify.annotations.NullMarked;
