/// The examples of tasko's README, as closely as Java allows. Each is a program of its own that
/// ends by itself; the build runs them.
@NullMarked
package dev.tasko.examples.snippets;

import org.jspecify.annotations.NullMarked;
