package dev.tasko.hal.sim;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Set;

/// The blocks of a simulated card: an image file, or memory.
///
/// The file is reached through [RandomAccessFile] rather than a channel, because a channel closes
/// itself when the calling thread has been interrupted, and the thread here is the user's.
abstract sealed class CardStore implements AutoCloseable {
  static final int BLOCK_BYTES = 512;

  abstract long blocks();

  abstract void read(long block, byte[] into) throws IOException;

  abstract void write(long block, byte[] from) throws IOException;

  @Override
  public abstract void close() throws IOException;

  static CardStore memory(long bytes, long unitBytes) {
    requireUnits("sd.bytes", bytes, "", unitBytes);
    if (bytes > 1 << 30) {
      throw new IllegalArgumentException(
          "sd.bytes: " + bytes + " (expected: at most 1073741824 without sd.image)");
    }
    return new Memory(new byte[(int) bytes]);
  }

  /// Opens an image; creates it when a size is given and there is none.
  ///
  /// @param bytes the size it must have, 0 for any
  /// @param unitBytes what the size must be a multiple of, since a card counts its size in these
  static CardStore image(Path path, long bytes, long unitBytes) {
    try {
      return new Image(checkedImage(path, bytes, unitBytes));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "sd.image: " + path + " (expected: a usable file, but: " + e + ")", e);
    }
  }

  private static RandomAccessFile checkedImage(Path path, long bytes, long unitBytes)
      throws IOException {
    if (!Files.exists(path)) {
      return created(path, bytes, unitBytes);
    }
    if (!Files.isRegularFile(path)) {
      throw new IllegalArgumentException("sd.image: " + path + " (expected: a regular file)");
    }
    if (isWriteProtected(path)) {
      throw new IllegalArgumentException("sd.image: " + path + " (expected: a writable file)");
    }
    long found = Files.size(path);
    if (found % BLOCK_BYTES != 0) {
      throw new IllegalArgumentException(
          "sd.image: %d bytes in %s (expected: a multiple of 512)".formatted(found, path));
    }
    if (bytes != 0 && found != bytes) {
      throw new IllegalArgumentException(
          "sd.image: %d bytes in %s (expected: %d, as sd.bytes says)"
              .formatted(found, path, bytes));
    }
    requireUnits("sd.image", found, " bytes in " + path, unitBytes);
    return new RandomAccessFile(path.toFile(), "rw");
  }

  private static RandomAccessFile created(Path path, long bytes, long unitBytes)
      throws IOException {
    if (bytes == 0) {
      throw new IllegalArgumentException(
          "sd.image: " + path + " (expected: an existing file, or sd.bytes to create one)");
    }
    requireUnits("sd.bytes", bytes, "", unitBytes);
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
    file.setLength(bytes);
    return file;
  }

  private static void requireUnits(String name, long bytes, String where, long unitBytes) {
    if (bytes <= 0 || bytes % unitBytes != 0) {
      throw new IllegalArgumentException(
          "%s: %d%s (expected: a multiple of %d)".formatted(name, bytes, where, unitBytes));
    }
  }

  /// No write permission for anybody counts as the write-protect slide, even for a superuser.
  private static boolean isWriteProtected(Path path) throws IOException {
    if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      return !Files.isWritable(path);
    }
    Set<PosixFilePermission> granted = Files.getPosixFilePermissions(path, new LinkOption[0]);
    return !Files.isWritable(path)
        || !(granted.contains(PosixFilePermission.OWNER_WRITE)
            || granted.contains(PosixFilePermission.GROUP_WRITE)
            || granted.contains(PosixFilePermission.OTHERS_WRITE));
  }

  private static final class Memory extends CardStore {
    private final byte[] content;

    Memory(byte[] content) {
      this.content = content;
      Arrays.fill(content, (byte) 0);
    }

    @Override
    long blocks() {
      return content.length / BLOCK_BYTES;
    }

    @Override
    void read(long block, byte[] into) {
      System.arraycopy(content, (int) block * BLOCK_BYTES, into, 0, BLOCK_BYTES);
    }

    @Override
    void write(long block, byte[] from) {
      System.arraycopy(from, 0, content, (int) block * BLOCK_BYTES, BLOCK_BYTES);
    }

    @Override
    public void close() {}
  }

  private static final class Image extends CardStore {
    private final RandomAccessFile file;
    private final long blocks;

    Image(RandomAccessFile file) throws IOException {
      this.file = file;
      this.blocks = file.length() / BLOCK_BYTES;
    }

    @Override
    long blocks() {
      return blocks;
    }

    @Override
    void read(long block, byte[] into) throws IOException {
      file.seek(block * BLOCK_BYTES);
      file.readFully(into, 0, BLOCK_BYTES);
    }

    @Override
    void write(long block, byte[] from) throws IOException {
      file.seek(block * BLOCK_BYTES);
      file.write(from, 0, BLOCK_BYTES);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
