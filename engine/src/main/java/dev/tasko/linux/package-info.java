/// What a thread can ask of the Linux kernel so that it runs when it should, and what a service
/// tells systemd.
///
/// Stands alone: it knows no loop. It calls the C library through the foreign function interface
/// and needs `--enable-native-access`.
@NullMarked
package dev.tasko.linux;

import org.jspecify.annotations.NullMarked;
