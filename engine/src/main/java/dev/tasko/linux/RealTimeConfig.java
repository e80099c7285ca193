package dev.tasko.linux;

/// What [RealTime] asks for. Each setter checks its value at once and returns this configuration.
///
/// Thread: one at a time.
public final class RealTimeConfig {
  private static final int MAX_PRIORITY = 99;

  long timerSlackNs = 1;
  int processor = -1;
  int priority = 80;
  boolean lockMemory = true;

  /// The defaults named at each setter.
  public RealTimeConfig() {}

  /// How late the kernel may make a timer so that it falls together with others; by default 1 ns.
  /// Linux gives a thread 50 us.
  ///
  /// @param slackNs at least 1; 0 would mean the system's default
  /// @return this
  /// @throws IllegalArgumentException if it is below 1
  public RealTimeConfig timerSlackNs(long slackNs) {
    if (slackNs < 1) {
      throw new IllegalArgumentException("timerSlackNs: " + slackNs + " (expected: >= 1)");
    }
    timerSlackNs = slackNs;
    return this;
  }

  /// The only processor to run on; by default any. Best one that `isolcpus` keeps free.
  ///
  /// @param number from 0
  /// @return this
  /// @throws IllegalArgumentException if it is not 0 to 1023
  public RealTimeConfig processor(int number) {
    int max = LibC.AFFINITY_BYTES * Byte.SIZE - 1;
    if (number < 0 || number > max) {
      throw new IllegalArgumentException("processor: " + number + " (expected: 0 to " + max + ")");
    }
    processor = number;
    return this;
  }

  /// The priority under `SCHED_FIFO`; by default 80. A thread that then never waits keeps all
  /// others from its processor: give a spinning loop a processor of its own.
  ///
  /// @param level 1 to 99, or 0 to leave the scheduling as it is
  /// @return this
  /// @throws IllegalArgumentException if it is not 0 to 99
  public RealTimeConfig priority(int level) {
    if (level < 0 || level > MAX_PRIORITY) {
      throw new IllegalArgumentException(
          "priority: " + level + " (expected: 0 to " + MAX_PRIORITY + ")");
    }
    priority = level;
    return this;
  }

  /// Whether the whole process stays in memory; by default it does. Asked for only where the
  /// process may lock without limit (`RLIMIT_MEMLOCK`) or the limit does not hold for it
  /// (`CAP_IPC_LOCK`, as root has).
  ///
  /// @param locked for the process
  /// @return this
  public RealTimeConfig lockMemory(boolean locked) {
    lockMemory = locked;
    return this;
  }
}
