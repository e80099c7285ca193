package dev.tasko.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The calls of the C library that [RealTime] and [Systemd] need. Each returns what the function
/// returns; below 0 it is the negated `errno`.
///
/// Layouts and constants are those of 64-bit Linux, the same on x86 and ARM.
final class LibC {
  static final int SCHED_OTHER = 0;
  static final int SCHED_FIFO = 1;
  static final int AFFINITY_BYTES = 128;

  private static final int PR_SET_TIMERSLACK = 29;
  private static final int PR_GET_TIMERSLACK = 30;
  private static final int MCL_CURRENT = 1;
  private static final int MCL_FUTURE = 2;
  private static final int RLIMIT_MEMLOCK = 8;
  private static final long RLIM_INFINITY = -1;
  private static final int EPERM = 1;
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;

  /// From `linux/capability.h`.
  static final int CAP_IPC_LOCK = 14;

  private static final Map<Integer, String> ERRORS =
      Map.of(
          EPERM,
          "not permitted",
          2,
          "no such path",
          3,
          "no such thread",
          11,
          "nobody takes it out at the other end",
          12,
          "beyond the limit of locked memory",
          22,
          "not possible on this machine",
          111,
          "nobody listens");

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO_OPTION = Linker.Option.captureCallState("errno");
  private static final StructLayout STATE_LAYOUT = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = STATE_LAYOUT.varHandle(PathElement.groupElement("errno"));

  private static final MemoryLayout INT = ValueLayout.JAVA_INT;
  private static final MemoryLayout LONG = ValueLayout.JAVA_LONG;
  private static final MemoryLayout POINTER = ValueLayout.ADDRESS;

  private static final MethodHandle PRCTL =
      function(
          "prctl",
          List.of(ERRNO_OPTION, Linker.Option.firstVariadicArg(1)),
          INT,
          INT,
          LONG,
          LONG,
          LONG,
          LONG);
  private static final MethodHandle GET_SCHEDULER = function("sched_getscheduler", INT, INT);
  private static final MethodHandle GET_PARAM = function("sched_getparam", INT, INT, POINTER);
  private static final MethodHandle SET_SCHEDULER =
      function("sched_setscheduler", INT, INT, INT, POINTER);
  private static final MethodHandle GET_AFFINITY =
      function("sched_getaffinity", INT, INT, LONG, POINTER);
  private static final MethodHandle SET_AFFINITY =
      function("sched_setaffinity", INT, INT, LONG, POINTER);
  private static final MethodHandle LOCK_ALL = function("mlockall", INT, INT);
  private static final MethodHandle UNLOCK_ALL = function("munlockall", INT);
  private static final MethodHandle SOCKET = function("socket", INT, INT, INT, INT);
  private static final MethodHandle SEND_TO =
      function("sendto", INT, INT, POINTER, LONG, INT, POINTER, INT);
  private static final MethodHandle CLOSE = function("close", INT, INT);
  private static final MethodHandle GET_LIMIT = function("getrlimit", INT, INT, POINTER);

  private LibC() {}

  static String describe(int error) {
    return ERRORS.getOrDefault(-error, "errno " + -error);
  }

  static int timerSlackNs() {
    return call(PRCTL, PR_GET_TIMERSLACK, 0L, 0L, 0L, 0L);
  }

  static int timerSlackNs(long slackNs) {
    return call(PRCTL, PR_SET_TIMERSLACK, slackNs, 0L, 0L, 0L);
  }

  static int scheduler() {
    return call(GET_SCHEDULER, 0);
  }

  static int priority() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment param = arena.allocate(ValueLayout.JAVA_INT);
      int result = call(GET_PARAM, 0, param);
      return result < 0 ? result : param.get(ValueLayout.JAVA_INT, 0);
    }
  }

  static int scheduler(int policy, int priority) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment param = arena.allocateFrom(ValueLayout.JAVA_INT, priority);
      return call(SET_SCHEDULER, 0, policy, param);
    }
  }

  /// The processors that the thread may run on, a bit for each.
  static int readAffinity(byte[] mask) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bits = arena.allocate(AFFINITY_BYTES);
      int result = call(GET_AFFINITY, 0, (long) AFFINITY_BYTES, bits);
      MemorySegment.ofArray(mask).copyFrom(bits);
      return result;
    }
  }

  static int affinity(byte[] mask) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bits = arena.allocateFrom(ValueLayout.JAVA_BYTE, mask);
      return call(SET_AFFINITY, 0, (long) AFFINITY_BYTES, bits);
    }
  }

  /// Locks what the process has and what it will get. Under a limit that is not asked for: the
  /// kernel would refuse memory to the VM later on, which ends it.
  static int lockMemory() {
    return isLockingUnlimited() ? call(LOCK_ALL, MCL_CURRENT | MCL_FUTURE) : -EPERM;
  }

  static int unlockMemory() {
    return call(UNLOCK_ALL);
  }

  /// Sends one datagram without waiting.
  ///
  /// @param address a path, or `@` and a name in the abstract namespace; at most 107 bytes
  static int sendToUnixSocket(String address, byte[] message) {
    int socket = call(SOCKET, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket < 0) {
      return socket;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, message);
      MemorySegment to = unixAddress(arena, address);
      int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
      return call(SEND_TO, socket, bytes, bytes.byteSize(), flags, to, (int) to.byteSize());
    } finally {
      call(CLOSE, socket);
    }
  }

  /// A `sockaddr_un` of the address's own length: the family, then the path and a zero, or a zero
  /// and the abstract name.
  static MemorySegment unixAddress(Arena arena, String address) {
    byte[] name = address.getBytes(StandardCharsets.UTF_8);
    boolean isAbstract = name[0] == '@';
    MemorySegment segment = arena.allocate(Short.BYTES + name.length + (isAbstract ? 0L : 1L), 2);
    segment.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
    MemorySegment.copy(name, 0, segment, ValueLayout.JAVA_BYTE, Short.BYTES, name.length);
    if (isAbstract) {
      segment.set(ValueLayout.JAVA_BYTE, Short.BYTES, (byte) 0);
    }
    return segment;
  }

  private static boolean isLockingUnlimited() {
    if (isCapable(ownStatus(), CAP_IPC_LOCK)) {
      return true;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment limit = arena.allocate(ValueLayout.JAVA_LONG, 2);
      return call(GET_LIMIT, RLIMIT_MEMLOCK, limit) == 0
          && limit.get(ValueLayout.JAVA_LONG, 0) == RLIM_INFINITY;
    }
  }

  private static String ownStatus() {
    try {
      return Files.readString(Path.of("/proc/thread-self/status"));
    } catch (IOException e) {
      return "";
    }
  }

  /// Whether a thread has a capability, which a limit does not hold for then.
  ///
  /// @param status of the thread, as in `/proc`
  static boolean isCapable(String status, int capability) {
    return status
        .lines()
        .filter(line -> line.startsWith("CapEff:"))
        .map(line -> Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16))
        .anyMatch(mask -> (mask >>> capability & 1) == 1);
  }

  static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
    return function(name, List.of(ERRNO_OPTION), result, arguments);
  }

  @SuppressWarnings("restricted") // what this class is for
  private static MethodHandle function(
      String name, List<Linker.Option> options, MemoryLayout result, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(result, arguments),
        options.toArray(new Linker.Option[0]));
  }

  static int call(MethodHandle function, Object... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE_LAYOUT);
      Object[] all = new Object[arguments.length + 1];
      all[0] = state;
      System.arraycopy(arguments, 0, all, 1, arguments.length);
      int result = (int) function.invokeWithArguments(all);
      return result < 0 ? -(int) ERRNO.get(state, 0L) : result;
    } catch (Throwable thrown) {
      throw new IllegalStateException("bug: C library: " + thrown, thrown);
    }
  }
}
