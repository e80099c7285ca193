package dev.tasko.bench;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// Keeps the machine for one run, all of it. JMH takes the same lock, but for one job only: between
/// two of ours another run would get in, and then our jobs would fail.
final class MachineLock implements AutoCloseable {
  private static final String JMH_IGNORES_IT = "jmh.ignoreLock";

  private final FileChannel channel;

  private MachineLock(FileChannel channel) {
    this.channel = channel;
  }

  /// Takes JMH's lock, and from here on JMH does not in this VM. To be called before JMH runs.
  ///
  /// @param otherwise locked instead if JMH was told to ignore its own
  /// @throws IllegalArgumentException if another run has it
  static MachineLock take(Path otherwise) throws IOException {
    if (Boolean.getBoolean(JMH_IGNORES_IT)) {
      return lock(otherwise);
    }
    MachineLock lock = lock(Path.of(System.getProperty("java.io.tmpdir"), "jmh.lock"));
    System.setProperty(JMH_IGNORES_IT, "true");
    return lock;
  }

  private static MachineLock lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (tryLock(channel) == null) {
      channel.close();
      throw new IllegalArgumentException(
          file + ": locked (expected: no other benchmark runs on this machine)");
    }
    return new MachineLock(channel);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
