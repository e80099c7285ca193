package dev.tasko.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The other end: a datagram socket with an address.
final class UnixReceiver implements AutoCloseable {
  private static final int BYTES_MAX = 4096;
  private static final MethodHandle SOCKET =
      LibC.function(
          "socket",
          ValueLayout.JAVA_INT,
          ValueLayout.JAVA_INT,
          ValueLayout.JAVA_INT,
          ValueLayout.JAVA_INT);
  private static final MethodHandle BIND =
      LibC.function(
          "bind",
          ValueLayout.JAVA_INT,
          ValueLayout.JAVA_INT,
          ValueLayout.ADDRESS,
          ValueLayout.JAVA_INT);
  private static final MethodHandle RECV =
      LibC.function(
          "recv",
          ValueLayout.JAVA_INT,
          ValueLayout.JAVA_INT,
          ValueLayout.ADDRESS,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_INT);
  private static final MethodHandle CLOSE =
      LibC.function("close", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);

  private final int socket = LibC.call(SOCKET, 1, 2, 0);

  UnixReceiver(String address) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment own = LibC.unixAddress(arena, address);
      int result = LibC.call(BIND, socket, own, (int) own.byteSize());
      if (result < 0) {
        throw new IllegalStateException("bind: " + address + ": " + LibC.describe(result));
      }
    }
  }

  /// The next datagram, which is there as soon as it was sent, or `null`.
  @Nullable String receive() {
    int doNotWait = 0x40;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment into = arena.allocate(BYTES_MAX);
      int bytes = LibC.call(RECV, socket, into, (long) BYTES_MAX, doNotWait);
      return bytes < 0
          ? null
          : new String(
              into.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    LibC.call(CLOSE, socket);
  }
}
