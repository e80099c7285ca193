/// Race tests: the classes of `dev.tasko.wakeup` under every interleaving, and under load.
@NullMarked
package dev.tasko.wakeup;

import org.jspecify.annotations.NullMarked;
