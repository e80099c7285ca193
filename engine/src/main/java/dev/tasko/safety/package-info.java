/// How a controller stops: its outputs take a safe value, whatever ends or blocks its loop.
///
/// For the program that owns the loop, not for its tasks. It knows no hardware: an output is a name
/// and what drives it.
@NullMarked
package dev.tasko.safety;

import org.jspecify.annotations.NullMarked;
